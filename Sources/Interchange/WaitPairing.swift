import Measures
import TraceFormat

/// Pairs contention_begin with contention_end, for exports that show waits as spans.
///
/// A task's open waits are a stack, since an interrupt may wait inside a wait; the idle tasks, which
/// share thread id 0, are told apart by CPU. A second begin of the same lock replaces the first's
/// flags but not its start: a mutex begins once to spin and once to sleep (kernel/locking/mutex.c,
/// 5.19). What has no partner is counted in `orphans`. Deeper questions are Analysis'.
struct WaitPairing {
  /// A wait that ended.
  struct Wait {
    /// The event that began it.
    var begin: Event
    /// The event that ended it.
    var end: Event

    var duration: Nanoseconds { end.time - begin.time }
  }

  private var open: [Int64: [Event]] = [:]
  /// Begins and ends without a partner, so far.
  private(set) var orphans = 0

  /// Begins still open, all tasks.
  var openCount: Int { open.values.reduce(0) { $0 + $1.count } }

  private static func owner(_ event: Event) -> Int64 {
    event.task == .idle ? -1 - Int64(event.cpu) : Int64(UInt32(bitPattern: event.task.rawValue))
  }

  /// The wait that this event ends; nil where it ends none.
  mutating func add(_ event: Event) -> Wait? {
    switch event.kind {
    case .contentionBegin:
      Self.begin(event, in: &open[Self.owner(event), default: []])
      return nil
    case .contentionEnd:
      return Self.end(event, in: &open[Self.owner(event), default: []], &orphans)
    default: return nil
    }
  }

  private static func begin(_ event: Event, in waits: inout [Event]) {
    guard let again = waits.lastIndex(where: { $0.a == event.a }) else {
      waits.append(event)
      return
    }
    waits[again].value = event.value
    if event.stack != .none { waits[again].stack = event.stack }
  }

  private static func end(
    _ event: Event, in waits: inout [Event], _ orphans: inout Int
  ) -> Wait? {
    guard let place = waits.lastIndex(where: { $0.a == event.a }) else {
      orphans += 1
      return nil
    }
    let begin = waits[place]
    // Waits inside it whose end is missing end with it.
    orphans += waits.count - place - 1
    waits.removeSubrange(place...)
    return Wait(begin: begin, end: event)
  }
}
