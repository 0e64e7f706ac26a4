import Analysis
import FoundationEssentials
import TraceFormat
import Workloads

/// One prediction from its options to its points, with all that a report says of how it came about.
struct PredictionRun {
  /// The trace behind it; nil for a hand-written workload.
  let study: TraceStudy?
  let workload: Workload
  let machine: ScaledMachine
  var layouts: [Layout]
  let options: PredictionOptions

  /// Reads the inputs; `fallback` gives the layouts where none were named.
  init(
    _ options: PredictionOptions, fallback: (Workload) -> [String] = { _ in ["one"] }
  ) throws(ToolFailure) {
    self.options = options
    if let path = options.workload {
      study = nil
      let data = try readInput(path)
      do throws(WorkloadError) {
        workload = try Workload(json: data)
      } catch {
        throw ToolFailure(error, in: path)
      }
    } else {
      let path = options.input ?? "oslet.data"
      let study = try TraceStudy(path: path)
      workload = try study.workload(
        named: path, recordedOn: try options.grid.machine.recorded(on: study.facts.topology))
      self.study = study
    }
    machine = try options.grid.machine.machine(
      atLeast: max(options.grid.cpus.counts.last ?? 1, workload.recordedCPUs),
      recordedOn: study?.facts.topology)
    let asked =
      options.grid.layouts.isEmpty
      ? fallback(workload).compactMap(LayoutArgument.init) : options.grid.layouts
    var layouts: [Layout] = []
    for argument in asked { layouts.append(try argument.layout()) }
    self.layouts = layouts
  }

  /// The largest size asked for.
  var size: Int { options.grid.cpus.counts.last ?? 1 }

  /// The sizes asked for up to `most`, ascending.
  func sizes(upTo most: Int) -> [Int] { options.grid.cpus.counts.filter { $0 <= most } }

  /// Whether a layout cuts `cpus` CPUs into several images.
  func hasSeveralImages(_ layout: Layout, cpus: Int) -> Bool {
    let scenario = try? Scenario(
      workload: workload, machine: machine.machine, layout: layout, cpus: cpus,
      load: options.grid.load)
    return (scenario?.oslets.count ?? 1) > 1
  }

  /// Where the numbers come from, for error messages.
  private var source: String { options.workload ?? options.input ?? "oslet.data" }

  /// The prediction by one engine, at the sizes asked for or at `cpus`.
  ///
  /// - Throws: `ToolFailure` (usage) for a layout that the machine or the workload cannot take.
  func prediction(
    by engine: Engine, cpus: [Int]? = nil
  ) async throws(ToolFailure) -> Prediction {
    let grid = options.grid
    do throws(WorkloadError) {
      return try await engine.prediction(
        of: workload, on: machine.machine, layouts: layouts, cpus: cpus ?? grid.cpus.counts,
        load: grid.load, seed: grid.seed, threads: grid.threads)
    } catch {
      throw ToolFailure("\(source): \(error.description)", status: .usage)
    }
  }

  /// Every layout at the largest size, expanded.
  func scenarios() throws(ToolFailure) -> [Scenario] {
    var scenarios: [Scenario] = []
    for layout in layouts {
      do throws(WorkloadError) {
        scenarios.append(
          try Scenario(
            workload: workload, machine: machine.machine, layout: layout,
            cpus: size, load: options.grid.load))
      } catch {
        throw ToolFailure("layout \(layout.name): \(error.description)", status: .usage)
      }
    }
    return scenarios
  }
}
