import ArgumentParser
import FoundationEssentials
import Interchange
import TraceFormat

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// `-i`: the trace that a command reads.
struct TraceOptions: ParsableArguments {
  @Option(name: [.short, .long], help: "The trace; - reads standard input.")
  var input = "oslet.data"

  /// The trace, opened.
  ///
  /// - Throws: `ToolFailure` that names the file.
  func open() throws(ToolFailure) -> TraceReader { try openTrace(input) }
}

/// Opens the trace at `path`, or the one on standard input for `-`; a perf.data or trace.dat file is
/// imported in memory.
func openTrace(_ path: String) throws(ToolFailure) -> TraceReader {
  do throws(TraceError) {
    return path == "-" ? try TraceReader(descriptor: STDIN_FILENO) : try TraceReader(path: path)
  } catch {
    guard error == .notATrace, path != "-",
      let imported = try importedTrace(readInput(path), from: path)
    else { throw ToolFailure(error, in: path) }
    do throws(TraceError) {
      return try TraceReader(bytes: imported)
    } catch {
      throw ToolFailure(error, in: path)
    }
  }
}

/// Another recorder's file as a trace in memory; nil where these bytes are none.
func importedTrace(_ data: Data, from path: String) throws(ToolFailure) -> [UInt8]? {
  guard ForeignTrace.recognizes(data) else { return nil }
  do throws(InterchangeError) {
    let (bytes, account) = try ForeignTrace(bytes: [UInt8](data)).trace()
    if !account.skipped.isEmpty {
      let list = account.skipped.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
      writeError("\(path): left out: \(list.joined(separator: ", "))\n")
    }
    return bytes
  } catch {
    throw ToolFailure(error, from: path, to: "memory")
  }
}
