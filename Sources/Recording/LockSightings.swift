import Measures
import TraceFormat

/// The first sights of locks, kept beyond the events themselves: of at least the last 32,768 locks
/// seen for the first time, and at most twice as many.
struct LockSightings {
  private var young: [UInt64: Event] = [:]
  private var old: [UInt64: Event] = [:]
  private static let most = 32_768

  /// Keeps a sight; one that knows what the lock belongs to is not replaced by one that does not.
  mutating func note(_ event: Event) {
    let known = young[event.a] ?? old[event.a]
    if let known, event.value == LockHint.unknown.rawValue, known.value != event.value { return }
    young[event.a] = event
    if young.count >= Self.most {
      old = young
      young = [:]
    }
  }

  /// The sights from before `start`, set to that time: one list for each CPU, ascending, by lock.
  func before(_ start: UInt64) -> [[Event]] {
    let time = TraceTime(nanosecondsSinceBoot: start)
    var byCPU: [UInt16: [Event]] = [:]
    for event in old.merging(young, uniquingKeysWith: { $1 }).values where event.time < time {
      var event = event
      event.time = time
      byCPU[event.cpu, default: []].append(event)
    }
    return byCPU.sorted { $0.key < $1.key }.map { $0.value.sorted { $0.a < $1.a } }
  }
}
