public import Measures
public import Workloads

extension Replayer {
  /// Throughput of `workload` with what its recording leaves open at its best and at its worst, around
  /// `point`; nil where nothing is left open.
  ///
  /// Two short replays: the bounds are far wider than their noise, which `point` already has.
  ///
  /// - Throws: `WorkloadError` from the expansion of the layout.
  public func bounds(
    of workload: Workload, around point: PredictionPoint, on machine: Machine, layout: Layout,
    load: LoadRule
  ) async throws(WorkloadError) -> Interval? {
    guard workload.isUncertain else { return nil }
    var bounds = point.throughputPerSecond
    var short = self
    short.precision.relativeHalfWidth = 1
    short.precision.replications = 2
    for bound in WorkloadBound.allCases {
      let scenario = try Scenario(
        workload: workload.at(bound), machine: machine, layout: layout, cpus: point.cpus,
        load: load)
      let outcomes = await short.replications(of: scenario)
      let throughput = Statistics(outcomes.map(\.throughput)).mean
      bounds.low = min(bounds.low, throughput)
      bounds.high = max(bounds.high, throughput)
    }
    return bounds
  }
}
