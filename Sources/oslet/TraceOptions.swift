import ArgumentParser
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

/// Opens the trace at `path`, or the one on standard input for `-`.
func openTrace(_ path: String) throws(ToolFailure) -> TraceReader {
  do throws(TraceError) {
    return path == "-" ? try TraceReader(descriptor: STDIN_FILENO) : try TraceReader(path: path)
  } catch {
    throw ToolFailure(error, in: path)
  }
}
