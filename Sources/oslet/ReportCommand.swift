import ArgumentParser
import FoundationEssentials
import Reporting
import Workloads

/// `oslet report`: everything above in one document for a mailing list, a browser or a script.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes the report: claim, ceiling, back-test, classes, layouts, losses, trust.",
    discussion: """
      Without --layout it compares one image with OSlets of 4 and 16 CPUs, OSlets cut along the \
      last-level caches, and the conventional fixes for the class that waits most. Give --format and -o \
      again for several forms of one prediction, each -o the file of the --format in its place. \
      Exits with 5 when the conclusion is withheld.
      """)

  @OptionGroup var options: PredictionOptions

  @Option(help: "text (72 columns of ASCII; the default), html (one file) or json.")
  var format: [Format] = []

  @Option(name: [.short, .long], help: "The file to write; standard output by default.")
  var output: [String] = []

  /// The forms by name.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, html, json
  }

  func validate() throws {
    let forms = max(1, format.count)
    guard output.count == forms || output.isEmpty && forms == 1 else {
      throw ValidationError("\(forms) of --format want \(forms) of -o, got \(output.count)")
    }
  }

  func run() async throws {
    let run = try PredictionRun(options, fallback: Self.comparison)
    run.study?.warn()
    let prediction = try await run.prediction(by: options.grid.engine)
    var input = try ReportInput(run, prediction: prediction)
    // The closed form takes a quarter of a minute for a thousand OSlets of many classes: sizes up to 256.
    let sizes = run.sizes(upTo: 256)
    input.crossCheck = try await run.prediction(
      by: options.grid.engine == .replay ? .model : .replay, cpus: sizes.isEmpty ? nil : sizes)
    input.breakEvens = try ReportInput.breakEvens(run, prediction: prediction)
    let report = Report(input)
    for (place, format) in (format.isEmpty ? [.text] : format).enumerated() {
      let file = output.isEmpty ? nil : output[place]
      switch format {
      case .text: try deliver(Data(report.text().utf8), to: file)
      case .html: try deliver(Data(report.html().utf8), to: file)
      case .json: try deliver(try report.json(), to: file)
      }
    }
    if report.isWithheld { throw ExitStatus.incompleteData }
  }

  /// The layouts a reviewer asks for first: one image, small OSlets, OSlets along the topology, and
  /// the conventional fixes for the class with the most recorded wait.
  private static func comparison(_ workload: Workload) -> [String] {
    let worst = workload.measured?.waits.max {
      $0.waitNsMean * $0.contentionsPerSecond < $1.waitNsMean * $1.contentionsPerSecond
    }?.name
    let name = worst ?? workload.classes.first?.name
    let sharded = name.map { ["one+shard:\($0)=16"] } ?? []
    return ["one", "4x", "16x", "by=l3", "one+numa-handover"] + sharded
  }
}
