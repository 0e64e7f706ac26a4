import CBPF
import Measures
import TraceFormat

/// Turns the counters of what one CPU missed, which only grow, into records of what it missed
/// between two looks at them.
struct LossLedger: Sendable {
  private let cpu: Int
  private var lost = [UInt64](repeating: 0, count: Int(OSLET_KINDS.rawValue))
  private var suppressed = [UInt64](repeating: 0, count: Int(OSLET_KINDS.rawValue))
  private var aggregated = [UInt64](repeating: 0, count: Int(OSLET_KINDS.rawValue))
  private var marked = [UInt64](repeating: 0, count: Int(OSLET_KINDS.rawValue))
  private var looked: UInt64 = 0
  /// When counts were taken last.
  private var counted: UInt64 = 0
  private var fresh: [LossRecord] = []

  /// The ledger of a CPU that has missed nothing yet.
  init(cpu: Int) { self.cpu = cpu }

  /// Looks at the counters.
  ///
  /// Returns an event for each kind of which some were missed since the last look, at the time of
  /// the last one and in that order: whoever reads the trace then knows what is whole beside it.
  mutating func update(_ logs: borrowing LogMap) -> [Event] {
    let now = MonotonicClock.now()
    var gaps: [Event] = []
    for kind in EventKind.allCases where kind != .gap {
      let index = Int(kind.rawValue)
      let missed = logs.missed(cpu, kind: kind.rawValue)
      let counted = missed.aggregated &- marked[index]
      let isMissing = missed.lost != lost[index] || missed.suppressed != suppressed[index]
      guard isMissing || counted > 0 else { continue }
      marked[index] = missed.aggregated
      guard isMissing else {
        gaps.append(gap(kind, at: max(missed.aggregated_last_ns, looked), counted: counted))
        continue
      }
      // The counters carry the first time ever; after that, not before the last look.
      let isFirst = lost[index] + suppressed[index] == 0
      let record = LossRecord(
        cpu: UInt16(truncatingIfNeeded: cpu), kind: kind, lost: missed.lost &- lost[index],
        suppressed: missed.suppressed &- suppressed[index],
        first: TraceTime(nanosecondsSinceBoot: isFirst ? missed.first_ns : looked),
        last: TraceTime(nanosecondsSinceBoot: max(missed.last_ns, looked)))
      lost[index] = missed.lost
      suppressed[index] = missed.suppressed
      fresh.append(record)
      gaps.append(
        Event(
          time: record.last, cpu: record.cpu, task: .idle, kind: .gap, a: record.lost,
          b: record.suppressed, c: counted, value: UInt32(kind.rawValue)))
    }
    looked = now
    gaps.sort { ($0.time, $0.value) < ($1.time, $1.value) }
    return gaps
  }

  private func gap(_ kind: EventKind, at time: UInt64, counted: UInt64) -> Event {
    Event(
      time: TraceTime(nanosecondsSinceBoot: time), cpu: UInt16(truncatingIfNeeded: cpu),
      task: .idle, kind: .gap, c: counted, value: UInt32(kind.rawValue))
  }

  /// What was counted in place of being recorded since the last call, a record for each kind.
  mutating func takeCounts(_ logs: borrowing LogMap) -> [AggregateRecord] {
    var records: [AggregateRecord] = []
    for kind in EventKind.allCases where kind != .gap {
      let index = Int(kind.rawValue)
      let missed = logs.missed(cpu, kind: kind.rawValue)
      guard missed.aggregated != aggregated[index] else { continue }
      let first = aggregated[index] == 0 ? missed.aggregated_first_ns : counted
      records.append(
        AggregateRecord(
          cpu: UInt16(truncatingIfNeeded: cpu), kind: kind,
          count: missed.aggregated &- aggregated[index],
          first: TraceTime(nanosecondsSinceBoot: first),
          last: TraceTime(nanosecondsSinceBoot: max(missed.aggregated_last_ns, first))))
      aggregated[index] = missed.aggregated
    }
    counted = MonotonicClock.now()
    return records
  }

  /// The records not taken yet.
  mutating func take() -> [LossRecord] {
    defer { fresh.removeAll(keepingCapacity: true) }
    return fresh
  }
}
