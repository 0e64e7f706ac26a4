import Measures

/// The points of a workload at every size under every layout, whatever engine makes them.
public struct PredictionSweep: Hashable, Sendable {
  /// By layout in the order asked for, then by CPUs ascending.
  public var points: [PredictionPoint] = []
  /// Per layout that has one, the size after which throughput falls.
  public var cliff: [Prediction.Cliff] = []

  /// Asks `point` for every scenario, with the throughput of one CPU under the layout `one`, the unit of
  /// efficiency.
  ///
  /// Sizes given twice are asked for once; the first scenario asked for, with a unit of nil, is the one
  /// CPU itself.
  ///
  /// - Parameter isNoisy: Whether each point errs on its own, as one that was sampled does; the errors
  ///   of a model are alike at neighbouring sizes.
  /// - Throws: `WorkloadError` from the expansion of a layout: too few CPUs, an unknown class.
  public init(
    _ workload: Workload, on machine: Machine, layouts: [Layout], cpus: [Int], load: LoadRule,
    isNoisy: Bool, point: (Scenario, _ single: Double?) async -> PredictionPoint
  ) async throws(WorkloadError) {
    func scenario(_ layout: Layout, _ size: Int) throws(WorkloadError) -> Scenario {
      try Scenario(workload: workload, machine: machine, layout: layout, cpus: size, load: load)
    }
    let single = await point(try scenario(.one, 1), nil).throughputPerSecond.value
    let sizes = Set(cpus).sorted()
    for layout in layouts {
      var curve: [PredictionPoint] = []
      for size in sizes { curve.append(await point(try scenario(layout, size), single)) }
      if let cpus = Self.cliff(of: curve, isNoisy: isNoisy) {
        cliff.append(Prediction.Cliff(layout: layout.name, cpus: cpus))
      }
      points += curve
    }
  }

  /// The size after which throughput falls: the first whose throughput, and interval if points are
  /// noisy, lies above that of the next size; nil for a curve, by CPUs ascending, that never falls.
  static func cliff(of curve: [PredictionPoint], isNoisy: Bool) -> Int? {
    let fall = zip(curve, curve.dropFirst()).first { point, next in
      let (here, there) = (point.throughputPerSecond, next.throughputPerSecond)
      return isNoisy ? there.high < here.low : there.value < here.value
    }
    return fall?.0.cpus
  }
}
