public import Analysis
public import ArgumentParser
import FoundationEssentials
import Reporting
import TraceFormat
import Workloads

/// `oslet analyze`: from a trace to findings and a workload.
struct AnalyzeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Says where a recording waited, for whom, and what its IPIs cost.")

  @OptionGroup var trace: TraceOptions

  @Option(
    help:
      "What one row stands for: \(FindingsView.allCases.map(\.rawValue).joined(separator: ", ")).")
  var by: FindingsView = .lockClass

  @Option(name: [.customShort("n"), .long], help: "Rows of the text form.")
  var rows = 20

  @Flag(help: "Print the document oslet.analysis/1.")
  var json = false

  @Flag(help: "Print every row as CSV.")
  var csv = false

  @Option(help: "Write the inferred workload to this file.")
  var workloadOut: String?

  @OptionGroup var machine: MachineOptions

  func validate() throws {
    if json && csv { throw ValidationError("--json and --csv exclude each other") }
    if rows < 1 { throw ValidationError("-n wants at least one row") }
  }

  func run() throws {
    let study = try TraceStudy(path: trace.input)
    study.warn()
    if let workloadOut {
      let recorded = try machine.recorded(on: study.facts.topology)
      let workload = try study.workload(named: trace.input, recordedOn: recorded)
      try deliver(try encodeDocument(workload), to: workloadOut)
      if workloadOut == "-" { return }
    }
    if json {
      writeOutput(try encodeDocument(study.findings))
    } else if csv {
      writeOutput(study.findings.csv(by))
    } else {
      let document = Document(of: study.findings, by: by, rows: rows, named: trace.input)
      writeOutput(TextRenderer(width: 100).text(of: document))
    }
  }
}

extension FindingsView: ExpressibleByArgument {}
