import Measures
public import Workloads

/// Plays workloads on machines under layouts, event by event.
///
/// A function of its inputs: the same scenario, seed and precision give the same bytes on any number of
/// threads, because replications are independent, numbered, and merged in that order.
public struct Replayer: Sendable {
  /// The seed; replication k draws from its stream k.
  public var seed: UInt64
  /// When to stop.
  public var precision: Precision
  /// Replications that run at the same time, at least 1.
  public var threads: Int

  /// A replayer; see the properties.
  public init(seed: UInt64 = 1, precision: Precision = Precision(), threads: Int = 2) {
    self.seed = seed
    self.precision = precision
    self.threads = max(1, threads)
  }

  /// Plays one scenario.
  ///
  /// - Parameter single: Operations per second on one CPU, the unit of efficiency; nil leaves
  ///   `efficiency` zero.
  public func point(_ scenario: Scenario, single: Double? = nil) async -> PredictionPoint {
    let outcomes = await replications(of: scenario)
    return Self.merge(outcomes, of: scenario, single: single, confidence: precision.confidence)
  }

  /// Runs rounds of replications until the interval is narrow enough or the budget spent.
  func replications(
    of scenario: Scenario, tracepoints: Tracepoints = Tracepoints()
  ) async -> [Outcome] {
    var outcomes: [Outcome] = []
    let budget = precision.budget(cpus: scenario.cpus.count)
    var events = 0
    while true {
      let round = await self.round(scenario, first: outcomes.count, budget, tracepoints)
      outcomes += round
      events += round.reduce(0) { $0 + $1.events }
      let interval = Statistics(outcomes.map(\.throughput))
        .interval(confidence: precision.confidence)
      let half = interval.high - interval.value
      let isNarrow = half <= precision.relativeHalfWidth * interval.value
      let isExhausted =
        events + events / outcomes.count * precision.replications
        > precision.maximumEvents
      if isNarrow || isExhausted { return outcomes }
    }
  }

  private func round(
    _ scenario: Scenario, first: Int, _ budget: (warmUp: Int, measured: Int),
    _ tracepoints: Tracepoints
  ) async -> [Outcome] {
    let seed = seed
    let count = precision.replications
    return await withTaskGroup(of: (Int, Outcome).self) { group in
      func add(_ k: Int) {
        group.addTask {
          let outcome = Engine.play(
            scenario, seed: seed, replication: first + k, events: budget,
            tracepoints: tracepoints)
          return (k, outcome)
        }
      }
      var started = min(threads, count)
      for k in 0..<started { add(k) }
      var outcomes: [Outcome?] = Array(repeating: nil, count: count)
      while let (k, outcome) = await group.next() {
        outcomes[k] = outcome
        if started < count {
          add(started)
          started += 1
        }
      }
      return outcomes.compactMap(\.self)
    }
  }
}
