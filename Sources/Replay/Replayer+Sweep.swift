public import Workloads

extension Replayer {
  /// Plays a workload at every size under every layout, and its back-test.
  ///
  /// - Throws: `WorkloadError` from the expansion of a layout: too few CPUs, an unknown class.
  public func sweep(
    _ workload: Workload, on machine: Machine, layouts: [Layout], cpus: [Int], load: LoadRule
  ) async throws(WorkloadError) -> Prediction {
    var sweep = try await PredictionSweep(
      workload, on: machine, layouts: layouts, cpus: cpus, load: load, isNoisy: true
    ) { await point($0, single: $1) }
    for index in sweep.points.indices {
      let point = sweep.points[index]
      guard let layout = layouts.first(where: { $0.name == point.layout }) else { continue }
      sweep.points[index].throughputBounds = try await bounds(
        of: workload, around: point, on: machine, layout: layout, load: load)
    }
    return Prediction(
      seed: seed, load: load, engine: "replay",
      backtest: try await backtest(workload, on: machine), points: sweep.points,
      cliff: sweep.cliff)
  }
}
