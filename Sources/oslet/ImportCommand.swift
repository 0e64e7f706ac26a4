import ArgumentParser
import FoundationEssentials
import TraceFormat

/// `oslet import`: a trace's text form back into a trace.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Turns the text form of a trace into a trace.",
    discussion: "The text form is described in docs/trace-format.md; `oslet export` writes it.")

  @Argument(help: "The text; - reads standard input.")
  var foreign: String

  @Option(name: [.short, .long], help: "The trace to write.")
  var output: String

  func run() throws {
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
