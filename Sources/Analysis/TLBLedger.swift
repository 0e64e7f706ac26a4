import TraceFormat

/// TLB flushes by reason.
struct TLBLedger: Sendable {
  /// One reason's flushes.
  struct Reason: Sendable {
    var flushes: UInt64 = 0
    /// Pages of the flushes that name them.
    var pages: UInt64 = 0
    /// Flushes of everything.
    var full: UInt64 = 0
  }

  /// By number; the last takes what is beyond the known ones.
  private(set) var reasons = Array(repeating: Reason(), count: Self.names.count + 1)

  /// The reasons' names.
  ///
  /// Source: enum tlb_flush_reason, include/linux/mm_types.h (Linux 6.18).
  static let names = [
    "task_switch", "remote_shootdown", "local_shootdown", "local_mm_shootdown", "remote_send_ipi",
    "remote_wrong_cpu",
  ]

  /// Takes tlb_flush.
  mutating func add(_ event: Event) {
    let index = min(Int(event.value), Self.names.count)
    reasons[index].flushes += 1
    if event.a == UInt64.max {
      reasons[index].full += 1
    } else {
      reasons[index].pages &+= event.a
    }
  }
}
