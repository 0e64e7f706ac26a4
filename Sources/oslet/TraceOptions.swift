import ArgumentParser
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

/// Opens the trace at `path`, or the one on standard input for `-`; a perf.data file is imported in
/// memory.
func openTrace(_ path: String) throws(ToolFailure) -> TraceReader {
  do throws(TraceError) {
    return path == "-" ? try TraceReader(descriptor: STDIN_FILENO) : try TraceReader(path: path)
  } catch {
    guard error == .notATrace, path != "-", let imported = try importedTrace(path) else {
      throw ToolFailure(error, in: path)
    }
    do throws(TraceError) {
      return try TraceReader(bytes: imported)
    } catch {
      throw ToolFailure(error, in: path)
    }
  }
}

/// The perf.data file at `path` as a trace in memory; nil for any other file.
func importedTrace(_ path: String) throws(ToolFailure) -> [UInt8]? {
  let bytes = [UInt8](try readInput(path))
  guard PerfDataImport.recognizes(bytes) else { return nil }
  do throws(InterchangeError) {
    return try PerfDataImport(bytes: bytes).bytes()
  } catch {
    throw ToolFailure(error, from: path, to: "memory")
  }
}
