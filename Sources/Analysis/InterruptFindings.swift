/// Who interrupted whom and at what cost.
public struct InterruptFindings: Hashable, Sendable, Encodable {
  /// Requests: function calls queued, and reschedule IPIs; the sum of `matrix`.
  public var sent: UInt64
  /// Function calls and reschedules seen by their targets.
  public var received: UInt64
  /// Requests by sender (row) and target.
  public var matrix: [[UInt64]]
  /// From queueing a function call to its first instruction on the target.
  public var latency: Latency
  /// By function, the most frequent first.
  public var byFunction: [Function]
  /// IPIs that left for a target's interrupt controller (a call queued behind another sends none).
  public var raised: UInt64
  /// Of them, to the sending CPU itself (irq_work).
  public var toSelf: UInt64
  /// Reschedule IPIs among `sent`.
  public var reschedules: UInt64
  /// Requests or handlers whose other half is missing.
  public var unjoined: UInt64
  /// Time targets spent in IPI interrupts, nanoseconds.
  public var handlerNs: Double
  /// Time senders waited for completion, nanoseconds: an estimate, see docs/inference.md.
  public var senderWaitNs: Double
  /// Interrupts by target CPU.
  public var byTarget: [Target]

  /// Send to handler latency, nanoseconds.
  public struct Latency: Hashable, Sendable, Encodable {
    /// Median.
    public var p50: Double
    /// 99th percentile.
    public var p99: Double
    /// Mean.
    public var mean: Double
  }

  /// One function that targets were asked to run.
  public struct Function: Hashable, Sendable, Encodable {
    /// Its name.
    public var function: String
    /// Times queued; times run where queueing was not seen.
    public var count: UInt64
    /// Time spent running it, nanoseconds.
    public var handlerNsTotal: Double
    /// Median latency from queueing, nanoseconds.
    public var latencyNsP50: Double
    /// Mean time from the first request of a call to the end of its last handler, nanoseconds.
    public var completionNsMean: Double
    /// Whether its sender is known to wait for it.
    public var waitedFor: Bool
    /// Times queued by the recorder's own tasks.
    public var byRecorder: UInt64 = 0

    enum CodingKeys: String, CodingKey {
      case function, count
      case handlerNsTotal = "handler_ns_total"
      case latencyNsP50 = "latency_ns_p50"
      case completionNsMean = "completion_ns_mean"
      case waitedFor = "waited_for"
      case byRecorder = "by_recorder"
    }
  }

  /// Says how often the recorder's own tasks queued each function.
  mutating func label(_ own: [String: UInt64]) {
    for index in byFunction.indices {
      byFunction[index].byRecorder = own[byFunction[index].function] ?? 0
    }
  }

  /// What one CPU was interrupted by.
  public struct Target: Hashable, Sendable, Encodable {
    /// The CPU.
    public var cpu: Int
    /// Call-function interrupts (CAL of /proc/interrupts).
    public var callFunction: UInt64
    /// Reschedule interrupts (RES).
    public var reschedule: UInt64
    /// Function calls queued for it.
    public var queued: UInt64

    enum CodingKeys: String, CodingKey {
      case cpu, reschedule, queued
      case callFunction = "call_function"
    }
  }

  enum CodingKeys: String, CodingKey {
    case sent, received, matrix, raised, reschedules, unjoined
    case latency = "latency_ns"
    case byFunction = "by_function"
    case toSelf = "to_self"
    case handlerNs = "handler_ns"
    case senderWaitNs = "sender_wait_ns"
    case byTarget = "by_target"
  }
}

/// TLB flushes other than those of task switches.
public struct FlushFindings: Hashable, Sendable, Encodable {
  /// How many.
  public var flushes: UInt64
  /// By the kernel's reason: `remote_shootdown`.
  public var byReason: [String: UInt64]
  /// Pages of the flushes that name them, by reason.
  public var pagesByReason: [String: UInt64]
  /// Flushes of everything, by reason.
  public var fullByReason: [String: UInt64]

  enum CodingKeys: String, CodingKey {
    case flushes
    case byReason = "by_reason"
    case pagesByReason = "pages_by_reason"
    case fullByReason = "full_by_reason"
  }
}
