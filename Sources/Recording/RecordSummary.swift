public import Measures
public import TraceFormat

/// Why a recording ended.
public enum RecordingEnd: Hashable, Sendable {
  /// The time asked for was over.
  case duration
  /// The command ended.
  case command
  /// A trigger fired.
  case trigger
  /// This signal came.
  case signal(Int32)
}

/// How far a recording is.
public struct RecordProgress: Sendable {
  /// Time since it started.
  public var elapsed: Nanoseconds
  /// Events written.
  public var events: UInt64
  /// Bytes written.
  public var bytes: UInt64
  /// Events that found no room.
  public var lost: UInt64
  /// Events left out by the guard.
  public var suppressed: UInt64
  /// The fullest log when it was last drained, 0...1.
  public var fullestLog: Double
}

/// What a recording came to.
public struct RecordSummary: Sendable {
  /// The trace file, or `-`.
  public var output: String
  /// Why it ended.
  public var end: RecordingEnd
  /// How the command ended; nil without one.
  public var child: ChildStatus?
  /// Time from the first to the last moment recorded.
  public var duration: Nanoseconds
  /// Events written, by kind; kinds without events are left out.
  public var eventsByKind: [EventKind: UInt64]
  /// Bytes of the trace.
  public var bytes: UInt64
  /// What was missed, per CPU and kind; only where something was.
  ///
  /// The last ones are runs that the kernel's own guard left out, booked under the lowest CPU since
  /// the kernel does not say which.
  public var losses: [LossRecord]
  /// What recording cost.
  public var cost: RecorderCost
  /// Stacks that were due and that the budget did not allow.
  public var stacksRefused: UInt64
  /// With `RecordOptions.checksItself`: events by bare counters on the same tracepoints, to which
  /// events, lost and suppressed of that kind add up.
  ///
  /// Empty otherwise.
  public var counted: [EventKind: UInt64]

  /// Events counted in the kernel in place of being written, by kind: all of a profile, and those of
  /// a trace under overload.
  public var aggregatedByKind: [EventKind: UInt64] = [:]
  /// Events counted in place of being written.
  public var aggregated: UInt64 { aggregatedByKind.values.reduce(0, +) }
  /// Events written.
  public var events: UInt64 { eventsByKind.values.reduce(0, +) }
  /// Events that found no room.
  public var lost: UInt64 { losses.reduce(0) { $0 + $1.lost } }
  /// Events left out by the guard.
  public var suppressed: UInt64 { losses.reduce(0) { $0 + $1.suppressed } }
  /// The share of events that is missing, 0...1.
  public var missingShare: Double {
    let missing = Double(lost + suppressed)
    return missing == 0 ? 0 : missing / (missing + Double(events + aggregated))
  }
}
