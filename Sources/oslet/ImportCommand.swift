import ArgumentParser
import FoundationEssentials
import TraceFormat

/// `oslet import`: a perf.data file, or a trace's text form, as a trace.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Turns a perf.data file or a trace's text form into a trace.",
    discussion: """
      Of a perf.data file it takes the tracepoints that `oslet record` records. The text form is \
      described in docs/trace-format.md; `oslet export --to text` writes it.
      """)

  @Argument(help: "The perf.data file or the text; - reads text from standard input.")
  var foreign: String

  @Option(name: [.short, .long], help: "The trace to write.")
  var output: String

  func run() throws {
    if foreign != "-", let bytes = try importedTrace(foreign) {
      return try deliver(Data(bytes), to: output)
    }
    let text = String(decoding: try readInput(foreign), as: UTF8.self)
    let bytes: [UInt8]
    do throws(TraceError) {
      bytes = try RecordedTrace(text: text).bytes()
    } catch {
      throw ToolFailure(error, in: foreign)
    }
    try deliver(Data(bytes), to: output)
  }
}
