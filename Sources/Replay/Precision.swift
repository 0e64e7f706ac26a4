/// When a replay has run long enough.
public struct Precision: Hashable, Sendable {
  /// Replications are added until the half-width of the throughput's interval is at most this share
  /// of it.
  public var relativeHalfWidth: Double
  /// Confidence of the interval, 0...1.
  public var confidence: Double
  /// Independent replications a round: at least 2, and the fewest that are run.
  public var replications: Int
  /// Events a replication plays at least, a quarter of them as warm-up.
  public var events: Int
  /// Events a replication plays at least for each CPU, so that a large machine forgets its start.
  public var eventsPerCPU: Int
  /// No further round once this many events were played.
  public var maximumEvents: Int

  /// A replication plays at most this many times its budget for the sake of settling.
  static let longest = 32

  /// A precision; the defaults give a point of some hundred CPUs in well under a second.
  public init(
    relativeHalfWidth: Double = 0.01, confidence: Double = 0.9, replications: Int = 4,
    events: Int = 100_000, eventsPerCPU: Int = 400, maximumEvents: Int = 4_000_000
  ) {
    self.relativeHalfWidth = relativeHalfWidth
    self.confidence = confidence
    self.replications = max(2, replications)
    self.events = max(100, events)
    self.eventsPerCPU = max(0, eventsPerCPU)
    self.maximumEvents = maximumEvents
  }

  /// Events one replication on `cpus` CPUs plays.
  func budget(cpus: Int) -> (warmUp: Int, measured: Int) {
    let all = max(events, eventsPerCPU * cpus)
    return (all / 4, all - all / 4)
  }
}
