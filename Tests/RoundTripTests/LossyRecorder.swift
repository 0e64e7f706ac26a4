import Measures
import TraceFormat

/// Loses events as a log that overflows does: in bursts on one CPU, each followed by one gap event a kind
/// and summed up in the loss records.
enum LossyRecorder {
  /// Mean events of a burst.
  private static let burst = 20.0

  /// `events` without about `share` of them.
  static func record(
    _ events: [Event], losing share: Double, seed: UInt64
  ) -> (events: [Event], losses: [LossRecord]) {
    guard share > 0 else { return (events, []) }
    var random = SeededGenerator(seed: seed, stream: 99)
    var kept: [Event] = []
    var losses: [LossRecord] = []
    for cpu in Set(events.map(\.cpu)).sorted() {
      var missing: [EventKind: LossRecord] = [:]
      func close(at event: Event) {
        for kind in EventKind.allCases {
          guard let record = missing.removeValue(forKey: kind) else { continue }
          kept.append(
            Event(
              time: event.time, cpu: cpu, task: .idle, kind: .gap, a: record.lost,
              value: UInt32(kind.rawValue)))
          losses.append(record)
        }
      }
      var left = 0
      for event in events where event.cpu == cpu {
        if left == 0, random.unit() < share / burst {
          left = 1 + random.index(below: 2 * Int(burst))
        }
        if left > 0 {
          left -= 1
          var record =
            missing[event.kind]
            ?? LossRecord(
              cpu: cpu, kind: event.kind, lost: 0, suppressed: 0, first: event.time,
              last: event.time)
          record.lost += 1
          record.last = event.time
          missing[event.kind] = record
          continue
        }
        close(at: event)
        kept.append(event)
      }
    }
    return (kept, losses)
  }
}
