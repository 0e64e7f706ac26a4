public import Workloads

extension ClosedFormEngine {
  /// Solves a workload at every size under every layout.
  ///
  /// There is no back-test: what a recording measured is held against the replay.
  ///
  /// - Throws: `WorkloadError` from the expansion of a layout: too few CPUs, an unknown class.
  public func sweep(
    _ workload: Workload, on machine: Machine, layouts: [Layout], cpus: [Int], load: LoadRule,
    seed: UInt64
  ) async throws(WorkloadError) -> Prediction {
    let sweep = try await PredictionSweep(
      workload, on: machine, layouts: layouts, cpus: cpus, load: load, isNoisy: false
    ) { point($0, single: $1) }
    return Prediction(
      seed: seed, load: load, engine: Self.name, backtest: nil, points: sweep.points,
      cliff: sweep.cliff)
  }
}
