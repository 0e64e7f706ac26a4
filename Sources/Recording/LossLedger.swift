import CBPF
import Measures
import TraceFormat

/// Turns the counters of what one CPU missed, which only grow, into records of what it missed
/// between two looks at them.
struct LossLedger: Sendable {
  private let cpu: Int
  private var lost = [UInt64](repeating: 0, count: Int(OSLET_KINDS.rawValue))
  private var suppressed = [UInt64](repeating: 0, count: Int(OSLET_KINDS.rawValue))
  private var looked: UInt64 = 0
  private var fresh: [LossRecord] = []

  /// The ledger of a CPU that has missed nothing yet.
  init(cpu: Int) { self.cpu = cpu }

  /// Looks at the counters.
  ///
  /// Returns an event that marks the gap, at the time of its end; nil where nothing was missed
  /// since the last look.
  mutating func update(_ logs: borrowing LogMap) -> Event? {
    let now = MonotonicClock.now()
    var gap = Event(
      time: .zero, cpu: UInt16(truncatingIfNeeded: cpu), task: .idle, kind: .gap)
    for kind in EventKind.allCases where kind != .gap {
      let index = Int(kind.rawValue)
      let missed = logs.missed(cpu, kind: kind.rawValue)
      guard missed.lost != lost[index] || missed.suppressed != suppressed[index] else { continue }
      // The counters carry the first time ever; after that, not before the last look.
      let isFirst = lost[index] + suppressed[index] == 0
      let record = LossRecord(
        cpu: gap.cpu, kind: kind, lost: missed.lost &- lost[index],
        suppressed: missed.suppressed &- suppressed[index],
        first: TraceTime(nanosecondsSinceBoot: isFirst ? missed.first_ns : looked),
        last: TraceTime(nanosecondsSinceBoot: max(missed.last_ns, looked)))
      lost[index] = missed.lost
      suppressed[index] = missed.suppressed
      fresh.append(record)
      gap.a += record.lost
      gap.b += record.suppressed
      gap.value =
        gap.value == 0 && gap.a + gap.b == record.lost + record.suppressed
        ? UInt32(kind.rawValue) : 0
      gap.time = max(gap.time, record.last)
    }
    looked = now
    return gap.a + gap.b == 0 ? nil : gap
  }

  /// The records not taken yet.
  mutating func take() -> [LossRecord] {
    defer { fresh.removeAll(keepingCapacity: true) }
    return fresh
  }
}
