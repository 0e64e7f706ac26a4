import Measures
public import Workloads

extension ClosedFormEngine {
  /// Solves a workload at every size under every layout.
  ///
  /// Efficiency is against the same workload on one CPU under the layout `one`. Points come by layout
  /// in the order given, then by size ascending. There is no back-test: what a recording measured is
  /// held against the replay.
  ///
  /// - Throws: `WorkloadError` from the expansion of a layout: too few CPUs, an unknown class.
  public func sweep(
    _ workload: Workload, on machine: Machine, layouts: [Layout], cpus: [Int], load: LoadRule,
    seed: UInt64
  ) throws(WorkloadError) -> Prediction {
    func scenario(_ layout: Layout, _ size: Int) throws(WorkloadError) -> Scenario {
      try Scenario(workload: workload, machine: machine, layout: layout, cpus: size, load: load)
    }
    let single = point(try scenario(.one, 1)).throughputPerSecond.value
    var points: [PredictionPoint] = []
    var cliffs: [Prediction.Cliff] = []
    for layout in layouts {
      var curve: [PredictionPoint] = []
      for size in Set(cpus).sorted() {
        curve.append(point(try scenario(layout, size), single: single))
      }
      let fall = zip(curve, curve.dropFirst()).first { here, next in
        next.throughputPerSecond.value < here.throughputPerSecond.value
      }
      if let (peak, _) = fall {
        cliffs.append(Prediction.Cliff(layout: layout.name, cpus: peak.cpus))
      }
      points += curve
    }
    return Prediction(
      seed: seed, load: load, engine: Self.name, backtest: nil, points: points, cliff: cliffs)
  }
}
