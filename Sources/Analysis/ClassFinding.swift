public import Workloads

/// One lock class: its waits, and the demand they speak of.
public struct ClassFinding: Hashable, Sendable, Encodable {
  /// Its name, unique in the findings.
  public var name: String
  /// Its kind, with the mode of most contentions where it has readers: `rwsem:W`.
  public var kind: String
  /// Who shares one instance.
  public var scope: Scope
  /// Instances on which a wait was seen.
  public var instances: Int
  /// Instances of one scope among which acquisitions spread, as inferred.
  public var instancesPerScope: Int
  /// Traced contentions with both ends.
  public var contentions: UInt64
  /// Those of readers.
  public var readerContentions: UInt64
  /// Those of the recorder's own tasks.
  public internal(set) var recorderContentions: UInt64 = 0
  /// Traced contentions a second, orphans and loss made up for.
  public var contentionsPerSecond: Double
  /// How long they were.
  public var wait: WaitTimes
  /// The total by twentieths of the recording, a wait where it ended, nanoseconds: what tells a
  /// steady load from one burst, and one recording from another.
  public internal(set) var waitNsBySlice = Array(repeating: 0.0, count: slices)
  /// Equal parts of the recording that `waitNsBySlice` counts.
  public static let slices = 20
  /// How much of the total was spent spinning, nanoseconds.
  public var spinNs: Double
  /// Share of all wait time.
  public var share: Double
  /// How long owners owned it.
  public var hold: Hold
  /// Mean time from a customer's release to its next acquisition, nanoseconds; 0 where unknown.
  public var thinkNs: Double
  /// CPUs (tasks, where waiters sleep) that share one scope's instances.
  public var customers: Double
  /// Acquisitions a second, uncontended ones included, as inferred.
  public var acquisitionsPerSecond: Double
  /// Which waiters the kernel traces.
  public var regime: Regime
  /// Mean wait of a traced contention that hold and think time predict; the check.
  ///
  /// Nil where the hold was itself inferred from waits.
  public var predictedWaitNs: Double?
  /// Waits by caller, the most wait first; `[no stack]` where none was sampled.
  public var callers: [Caller]

  /// The holds of a class.
  public struct Hold: Hashable, Sendable, Encodable {
    /// Mean, nanoseconds, hand-over included; 0 where unknown.
    public var mean: Double
    /// `backlog`: from hand-overs while somebody queued.
    ///
    /// `none`: no direct evidence, see `method`.
    public var source: String
    /// `backlog`, `residual` (from the shape of the waits), `wait` (the mean wait) or `none`.
    public var method: String
    /// Spans it rests on.
    public var samples: Int
    /// Median of the distribution, nanoseconds.
    public var p50: Double
    /// Variance over squared mean.
    public var squaredVariation: Double

    enum CodingKeys: String, CodingKey {
      case mean, source, method, samples, p50
      case squaredVariation = "squared_variation"
    }
  }

  /// A caller's share of a class.
  public struct Caller: Hashable, Sendable, Encodable {
    /// The function.
    public var symbol: String
    /// Its contentions.
    public var contentions: UInt64
    /// Their wait, nanoseconds.
    public var waitNsTotal: Double

    enum CodingKeys: String, CodingKey {
      case symbol, contentions
      case waitNsTotal = "wait_ns_total"
    }
  }

  enum CodingKeys: String, CodingKey {
    case name, kind, scope, instances, contentions, share, customers, regime, callers
    case instancesPerScope = "instances_per_scope"
    case readerContentions = "reader_contentions"
    case recorderContentions = "recorder_contentions"
    case contentionsPerSecond = "contentions_per_s"
    case wait = "wait_ns"
    case waitNsBySlice = "wait_ns_by_slice"
    case spinNs = "spin_ns_total"
    case hold = "hold_ns"
    case thinkNs = "think_ns"
    case acquisitionsPerSecond = "acquisitions_per_s"
    case predictedWaitNs = "predicted_wait_ns_mean"
  }
}
