import ArgumentParser
import FoundationEssentials
import Reporting
import Workloads

/// `oslet sweep`: many traces x layouts x sizes, here or on Slurm.
struct SweepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Predicts many traces under many layouts at many sizes, here or on Slurm.",
    discussion: """
      Every trace (or workload file, *.json), layout and size is a cell of its own in the folder -o: what \
      was played is kept, and the same command goes on where it was cut short. The folder holds all that \
      its cells are made of. In the end it has sweep.json, per trace what `predict --json` prints, and \
      sweep.csv, a line a cell. With --slurm nothing is played: DIR/submit.sh submits a job array and a \
      merge. Exits with 5 when cells are missing, or a back-test or loss is beyond its threshold.
      """)

  @Argument(help: "Traces or workload files; none goes on with the sweep in the folder.")
  var sources: [String] = []

  @Option(name: [.short, .long], help: "The folder of the sweep.")
  var output = "oslet.sweep"

  @OptionGroup var grid: GridOptions

  @Flag(help: "Write DIR/submit.sh for Slurm in place of playing.")
  var slurm = false

  @Option(help: "Tasks of the Slurm array, at most.")
  var tasks = 200

  @Option(help: "Play the cells of task K of N alone: what a task of the array does.")
  var task: TaskShare?

  @Flag(help: "Put together what was played, and play nothing.")
  var merge = false

  func validate() throws {
    guard [slurm, task != nil, merge].count(where: { $0 }) <= 1 else {
      throw ValidationError("--slurm, --task and --merge exclude each other")
    }
    if tasks < 1 { throw ValidationError("--tasks wants at least 1") }
    if !sources.isEmpty, task != nil || merge {
      throw ValidationError("--task and --merge take the sweep in the folder, and no traces")
    }
  }

  func run() async throws {
    let folder =
      sources.isEmpty
      ? try SweepFolder(opening: output)
      : try SweepFolder(planning: sources, grid, in: output)
    if slurm {
      let script = SlurmScript(folder, atMost: tasks)
      try deliver(Data(script.text.utf8), to: output + "/submit.sh")
      writeOutput("\(folder.plan.count) cells in \(script.tasks) tasks: bash \(output)/submit.sh\n")
      return
    }
    if let task {
      try await play(folder.plan.cells(task: task.number, of: task.count), of: folder)
      return
    }
    if !merge { try await play(Array(0..<folder.plan.count), of: folder) }
    try finish(folder)
  }

  private func play(_ cells: [Int], of folder: SweepFolder) async throws(ToolFailure) {
    for (place, number) in cells.enumerated() {
      _ = try await folder.play(number, threads: grid.threads)
      if errorIsTerminal { writeError("\r\(place + 1) of \(cells.count) cells") }
    }
    if errorIsTerminal, !cells.isEmpty { writeError("\n") }
  }

  /// Puts the cells together, prints what they say of each source, and leaves `sweep.json` and
  /// `sweep.csv`.
  private func finish(_ folder: SweepFolder) throws {
    let results = (0..<folder.plan.count).map { folder.result(of: $0) }
    let missing = results.count { $0 == nil }
    guard missing == 0 else {
      throw ToolFailure(
        "\(output): \(missing) of \(results.count) cells are missing; `oslet sweep -o \(output)` plays them",
        status: .incompleteData)
    }
    var table = SweepTable(sources: [])
    var objections: [String] = []
    for (number, source) in folder.plan.sources.enumerated() {
      let parts = results[folder.plan.cells(of: number)].compactMap { $0 }
      guard let prediction = Prediction(joining: parts) else { continue }
      table.sources.append(SweepTable.Row(source: source.name, prediction: prediction))
      var input = ReportInput(title: source.name)
      input.prediction = prediction
      let report = Report(input)
      objections += (source.objections + report.objections).map { "\(source.name): \($0)" }
      var document = report.document
      document.title = source.name
      document.sections = document.sections.filter { $0.id == "throughput" }
      writeOutput(TextRenderer().text(of: document) + "\n")
    }
    try deliver(try encoded(table), to: output + "/sweep.json")
    try deliver(Data(table.csv.utf8), to: output + "/sweep.csv")
    for objection in objections { writeError("oslet: warning: \(objection)\n") }
    if !objections.isEmpty { throw ExitStatus.incompleteData }
  }
}

/// A part of a sweep as the command line spells it: `3/200`, the fourth of 200.
struct TaskShare: ExpressibleByArgument {
  let number: Int
  let count: Int

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int(parts[0]), let count = Int(parts[1]), count > 0,
      (0..<count).contains(number)
    else { return nil }
    (self.number, self.count) = (number, count)
  }
}
