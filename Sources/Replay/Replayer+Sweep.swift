import Measures
public import Workloads

extension Replayer {
  /// Plays a workload at every size under every layout.
  ///
  /// Efficiency is against the same workload on one CPU under the layout `one`. Points come by layout
  /// in the order given, then by size ascending; sizes given twice are played once.
  ///
  /// - Throws: `WorkloadError` from the expansion of a layout: too few CPUs, an unknown class.
  public func sweep(
    _ workload: Workload, on machine: Machine, layouts: [Layout], cpus: [Int], load: LoadRule
  ) async throws(WorkloadError) -> Prediction {
    let sizes = Set(cpus).sorted()
    let single = try await throughputOfOne(workload, on: machine, load: load)
    var points: [PredictionPoint] = []
    var cliffs: [Prediction.Cliff] = []
    for layout in layouts {
      var curve: [PredictionPoint] = []
      for size in sizes {
        let scenario = try Scenario(
          workload: workload, machine: machine, layout: layout, cpus: size, load: load)
        curve.append(await point(scenario, single: single))
      }
      if let cpus = Self.cliff(of: curve) {
        cliffs.append(Prediction.Cliff(layout: layout.name, cpus: cpus))
      }
      points += curve
    }
    return Prediction(
      seed: seed, load: load, engine: "replay",
      backtest: try await backtest(workload, on: machine), points: points, cliff: cliffs)
  }

  /// Operations per second of `workload` on one CPU: the unit of efficiency.
  public func throughputOfOne(
    _ workload: Workload, on machine: Machine, load: LoadRule
  ) async throws(WorkloadError) -> Double {
    let scenario = try Scenario(
      workload: workload, machine: machine, layout: .one, cpus: 1, load: load)
    return await point(scenario).throughputPerSecond.value
  }

  /// The size after which throughput falls: the first whose interval lies above that of the next size;
  /// nil for a curve that never falls beyond its noise.
  static func cliff(of curve: [PredictionPoint]) -> Int? {
    for (point, next) in zip(curve, curve.dropFirst())
    where next.throughputPerSecond.high < point.throughputPerSecond.low {
      return point.cpus
    }
    return nil
  }
}
