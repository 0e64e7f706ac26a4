import ArgumentParser
import FoundationEssentials
import TraceFormat

/// `oslet import`: perf.data, trace.dat, or a trace's text form, as a trace.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Turns perf.data, trace.dat or a trace's text form into a trace.",
    discussion: """
      Of perf.data (perf record) and trace.dat (trace-cmd record) it takes the tracepoints that \
      `oslet record` records. The text form is \
      described in docs/trace-format.md; `oslet export --to text` writes it.
      """)

  @Argument(help: "The file; - reads text from standard input.")
  var foreign: String

  @Option(name: [.short, .long], help: "The trace to write.")
  var output: String

  func run() throws {
    let data = try readInput(foreign)
    if let bytes = try importedTrace(data, from: foreign) {
      return try deliver(Data(bytes), to: output)
    }
    let bytes: [UInt8]
    do throws(TraceError) {
      bytes = try RecordedTrace(text: String(decoding: data, as: UTF8.self)).bytes()
    } catch {
      throw ToolFailure(error, in: foreign)
    }
    try deliver(Data(bytes), to: output)
  }
}
