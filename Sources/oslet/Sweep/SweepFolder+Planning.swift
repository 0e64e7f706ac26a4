import FoundationEssentials
import Reporting
import Workloads

extension SweepFolder {
  /// Begins the sweep of `sources`, or goes on with it: each is turned into a workload and a machine of
  /// the largest size, and every layout into its long form.
  ///
  /// - Throws: `ToolFailure` for a source, machine or layout that cannot be read, and for another sweep in
  ///   the folder.
  init(planning sources: [String], _ grid: GridOptions, in path: String) throws(ToolFailure) {
    var inputs: [String: Data] = [:]
    var layouts: [SweepPlan.LayoutFile] = []
    for (number, argument) in grid.layouts.enumerated() {
      let layout = try argument.layout()
      let file = "inputs/layout-\(number).yaml"
      layouts.append(SweepPlan.LayoutFile(name: layout.name, file: file))
      inputs[file] = Data(layout.yaml.utf8)
    }
    if layouts.isEmpty {
      layouts = [SweepPlan.LayoutFile(name: Layout.one.name, file: "inputs/layout-0.yaml")]
      inputs["inputs/layout-0.yaml"] = Data(Layout.one.yaml.utf8)
    }
    guard Set(layouts.map(\.name)).count == layouts.count else {
      throw ToolFailure("two layouts have one name", status: .usage)
    }
    var planned: [SweepPlan.Source] = []
    for (number, source) in sources.enumerated() {
      var options = PredictionOptions()
      let isWorkload = source.hasSuffix(".json")
      options.input = isWorkload ? nil : source
      options.workload = isWorkload ? source : nil
      options.grid = grid
      options.force = false
      let run = try PredictionRun(options)
      run.study?.warn()
      let empty = Prediction(
        seed: grid.seed, load: grid.load, engine: grid.engine.rawValue, backtest: nil, points: [],
        cliff: [])
      let row = SweepPlan.Source(
        name: source, workload: "inputs/workload-\(number).json",
        machine: "inputs/machine-\(number).json",
        objections: Report(try ReportInput(run, prediction: empty)).objections)
      inputs[row.workload] = try encoded(run.workload)
      inputs[row.machine] = try encoded(run.machine.machine)
      planned.append(row)
    }
    try self.init(
      beginning: SweepPlan(
        engine: grid.engine, load: grid.load, seed: grid.seed, sources: planned, layouts: layouts,
        cpus: grid.cpus.counts),
      inputs: inputs, in: path)
  }
}
