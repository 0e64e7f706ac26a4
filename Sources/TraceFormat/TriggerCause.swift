/// What a trigger of the recorder looks at.
public enum TriggerCause: UInt32, Sendable, CaseIterable {
  /// A wait for a lock, from contention_begin to contention_end.
  case wait = 1
  /// A function queued for another CPU, from csd_queue_cpu to csd_function_entry.
  case ipi = 2

  /// The cause's name in text, exports and on the command line.
  public var name: String {
    switch self {
    case .wait: "wait"
    case .ipi: "ipi"
    }
  }
}
