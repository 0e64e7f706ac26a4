import ArgumentParser
import Reporting
import Workloads

/// `oslet predict`: from a workload, a machine and layouts to throughput at every size.
struct PredictCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predicts throughput, waits and messages at other sizes and under other layouts.",
    discussion: """
      Prints the back-test first: the recorded image replayed at the recorded size, against what was \
      measured. Exits with 5 when it, or the loss, is beyond its threshold, unless --force.
      """)

  @OptionGroup var options: PredictionOptions

  @Flag(help: "Print the document oslet.prediction/1.")
  var json = false

  func run() async throws {
    let run = try PredictionRun(options)
    run.study?.warn()
    let prediction = try await run.prediction(by: options.grid.engine)
    let report = Report(try ReportInput(run, prediction: prediction))
    if json {
      writeOutput(try encodeDocument(prediction))
    } else {
      let shown: Set = ["back-test", "throughput"]
      var document = report.document
      document.sections = document.sections.filter { shown.contains($0.id) }
      writeOutput(TextRenderer().text(of: document))
    }
    for objection in report.objections { writeError("oslet: warning: \(objection)\n") }
    if report.isWithheld { throw ExitStatus.incompleteData }
  }
}
