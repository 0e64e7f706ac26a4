import Measures
public import Workloads

extension Replayer {
  /// How many times as long as a point a back-test is played: waits of milliseconds behind an owner that
  /// lost its CPU are few, and most of what is waited.
  private static let backtestLength = 10

  /// Replays the recorded image at the recorded size against what was measured; nil for a workload
  /// that carries no measurement.
  ///
  /// The measured wait is per traced contention, so the replayed one is taken over those acquisitions
  /// alone that the tracepoints show: with the native queued spinlock not the first waiter, which
  /// spins on the pending bit and returns before contention_begin (kernel/locking/qspinlock.c, Linux
  /// 6.12). Acquisitions without wait count on neither side, and none is shorter than the way between
  /// its tracepoints was.
  ///
  /// - Throws: `WorkloadError` when the machine has fewer CPUs than the recording.
  public func backtest(
    _ workload: Workload, on machine: Machine
  ) async throws(WorkloadError) -> Backtest? {
    guard let measured = workload.measured else { return nil }
    let scenario = try Scenario(
      workload: workload, machine: machine, layout: .one, cpus: workload.recordedCPUs, load: .fixed)
    let tracepoints = Tracepoints(
      showFirstSpinner: measured.firstSpinnerTraced,
      shortestWaits: scenario.workload.classes.map { lock in
        measured.waits.first { $0.name == lock.name }?.shortestWaitNs ?? 0
      })
    var long = self
    long.precision.events *= Self.backtestLength
    long.precision.maximumEvents *= Self.backtestLength
    let outcomes = await long.replications(of: scenario, tracepoints: tracepoints)
    let throughput = Statistics(outcomes.map(\.throughput)).mean
    var errors: [Backtest.ClassError] = []
    var measuredWait = 0.0
    var predictedWait = 0.0
    for wait in measured.waits {
      measuredWait += wait.waitNsMean * wait.contentionsPerSecond
      guard let index = scenario.workload.classes.firstIndex(where: { $0.name == wait.name }) else {
        continue
      }
      // Total over total: a replication with more contentions weighs more.
      let perSecond = outcomes.reduce(0) { $0 + $1.classes[index].tracedPerSecond }
      let waited = outcomes.reduce(0) {
        $0 + $1.classes[index].tracedWait * $1.classes[index].tracedPerSecond
      }
      predictedWait += waited / Double(outcomes.count)
      errors.append(
        Backtest.ClassError(
          name: wait.name, measuredNs: wait.waitNsMean,
          predictedNs: perSecond > 0 ? waited / perSecond : 0))
    }
    return Backtest(
      cpus: workload.recordedCPUs,
      throughputRelativeError: Self.relativeError(throughput, measured.throughputPerSecond),
      waitRelativeError: Self.relativeError(predictedWait, measuredWait), classes: errors)
  }

  /// (predicted - measured) / measured; zero where nothing was measured.
  private static func relativeError(_ predicted: Double, _ measured: Double) -> Double {
    measured > 0 ? (predicted - measured) / measured : 0
  }
}
