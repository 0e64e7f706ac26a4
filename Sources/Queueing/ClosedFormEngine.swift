import Measures
public import Workloads

/// The engine `model`: a scenario as a closed queueing network, solved by mean value analysis.
///
/// Exact for one chain of tasks with exponential holds (product form) and for one lock with constant
/// holds and exponential think times (Takacs); approximate elsewhere. Hand-overs cost lines x the mean
/// distance of their users; interrupts, requests of other OSlets and crowding lengthen what the CPUs
/// compute. A function of the scenario alone.
public struct ClosedFormEngine: Sendable {
  /// The engine's name in predictions.
  public static let name = "model"

  /// How far mean value analysis of networks out of product form may be off, relative.
  ///
  /// Source: K. M. Chandy and D. Neuse, "Linearizer", CACM 25(2), 1982: Schweitzer's mean error of
  /// throughput is a few percent, rarely more than ten.
  static let approximation = 0.07

  /// The same where a busy lock is both read and written: how many readers come together is taken in means
  /// (Tests/AgreementTests, PolicyAgreementTests).
  static let readersApproximation = 0.10

  /// The same where a busy lock is reached by crossings, or a message takes 3 % of a turn: which of the
  /// owner's CPUs reads it first has no closed form here (Tests/AgreementTests, PolicyAgreementTests).
  static let crossingApproximation = 0.12

  /// The same where contended waiters of an rwsem, a futex mutex or an rtmutex sleep.
  ///
  /// Who is awake when the lock is passed on has no closed form here; against the replay engine such
  /// cases differ by up to this much (Tests/AgreementTests).
  static let roughApproximation = 0.20

  /// An engine.
  public init() {}

  /// Predicts one scenario.
  ///
  /// - Parameter single: Operations per second on one CPU, the unit of efficiency; nil takes the
  ///   scenario's own tasks undisturbed.
  public func point(_ scenario: Scenario, single: Double? = nil) -> PredictionPoint {
    let network = ScenarioNetwork(scenario)
    let solver = NetworkSolver(network)
    var tally = NetworkTally(solver)
    var exact = solver.isExact && tally.isProductForm
    if let constant = OneConstantLock(network) {
      tally.replaceThroughput(by: constant.solution, of: solver)
      exact = true
    }
    let perSecond = tally.operationsPerNs * 1e9
    let spread = exact ? 0 : tally.approximation
    let cpus = scenario.cpus.count
    let unit = (single ?? tally.undisturbedPerCPU * 1e9) * Double(cpus)
    return PredictionPoint(
      layout: scenario.layout.name, cpus: cpus,
      throughputPerSecond: Interval(
        value: perSecond, low: perSecond * (1 - spread), high: perSecond * (1 + spread)),
      efficiency: unit > 0 ? perSecond / unit : 0, cpuShare: tally.share,
      messagesPerSecond: tally.messagesPerNs * 1e9, crossingShare: tally.crossingShare,
      firstSaturated: tally.firstSaturated, classes: tally.classes,
      groups: zip(scenario.workload.tasks, tally.groups).map { group, perNs in
        GroupPrediction(name: group.name, operationsPerSecond: perNs * 1e9)
      })
  }
}
