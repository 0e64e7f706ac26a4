import Foundation
import Measures
import TraceFormat

/// Tasks that take mutexes one inside the other or one after the other, simulated event by event with
/// nothing of the analyzer's: what a kernel would trace of them.
///
/// Every task has a CPU of its own and spins; who waits is served in order.
struct SimulatedTasks: Sendable {
  /// What a task does, over and over.
  enum Action: Sendable {
    /// Computes for an exponential time of this mean, nanoseconds.
    case compute(Double)
    /// Sleeps for an exponential time of this mean, in this share of times.
    case sleep(Double, share: Double)
    case lock(Int)
    case unlock(Int)
  }

  /// One list a task.
  var tasks: [[Action]]
  /// LCB_F flags.
  var flags: LockFlags = [.spin, .mutex]
  /// Whether a begin names the owner.
  var namesOwners = true
  var locks = 2
  /// From a wake-up until the task has a CPU.
  var wakeNs = 1.0

  /// Plays until `contentions` waits have ended.
  func run(contentions: Int, seed: UInt64) -> RecordedTrace {
    var generator = SeededGenerator(seed: seed)
    var events: [Event] = []
    var now = 0.0
    var owner = Array(repeating: -1, count: locks)
    var queue = Array(repeating: [Int](), count: locks)
    var next = tasks.map { _ in 0 }
    var ready: [(time: Double, task: Int)] = tasks.indices.map { (Double($0), $0) }
    var ended = 0
    var isAsleep = tasks.map { _ in false }
    // Awake, and without a CPU yet.
    var isReady = isAsleep
    func emit(_ kind: EventKind, _ task: Int, _ lock: Int) {
      var event = Event(
        time: TraceTime(nanosecondsSinceBoot: 1_000_000_000 + UInt64(now)), cpu: UInt16(task),
        task: TaskID(Int32(100 + task)), kind: kind, a: 0x1000 + UInt64(lock) * 64,
        value: kind == .contentionBegin ? flags.rawValue : 0)
      if kind == .contentionBegin, namesOwners {
        event.owner = LockOwner(task: TaskID(Int32(100 + owner[lock])))
      }
      events.append(event)
    }
    /// A task goes to sleep or gets a CPU.
    func switched(_ task: Int, out: Bool) {
      events.append(
        Event(
          time: TraceTime(nanosecondsSinceBoot: 1_000_000_000 + UInt64(now)), cpu: UInt16(task),
          task: TaskID(Int32(out ? 100 + task : 10 + task)), kind: .schedSwitch,
          a: UInt64(out ? 10 + task : 100 + task), value: 1))
    }
    func woken(_ task: Int) {
      events.append(
        Event(
          time: TraceTime(nanosecondsSinceBoot: 1_000_000_000 + UInt64(now)), cpu: UInt16(task),
          task: TaskID(Int32(10 + task)), kind: .schedWaking, a: UInt64(100 + task),
          value: UInt32(task)))
    }
    while ended < contentions {
      let first = ready.indices.min { ready[$0].time < ready[$1].time } ?? 0
      let (time, task) = ready.remove(at: first)
      now = time
      if isAsleep[task] {
        isAsleep[task] = false
        isReady[task] = true
        woken(task)
        ready.append((now + wakeNs, task))
        continue
      }
      if isReady[task] {
        isReady[task] = false
        switched(task, out: false)
        ready.append((now + 1, task))
        continue
      }
      let action = tasks[task][next[task]]
      next[task] = (next[task] + 1) % tasks[task].count
      // Every action takes a nanosecond, so that no two events of a task are at one time.
      switch action {
      case .compute(let mean):
        ready.append((now + 1 - mean * log(1 - generator.unit()), task))
      case .sleep(let mean, let share):
        guard generator.unit() < share else {
          ready.append((now + 1, task))
          break
        }
        isAsleep[task] = true
        switched(task, out: true)
        ready.append((now - mean * log(1 - generator.unit()), task))
      case .lock(let lock) where owner[lock] < 0:
        owner[lock] = task
        ready.append((now + 1, task))
      case .lock(let lock):
        emit(.contentionBegin, task, lock)
        queue[lock].append(task)
      case .unlock(let lock):
        owner[lock] = -1
        ready.append((now + 1, task))
        guard !queue[lock].isEmpty else { break }
        owner[lock] = queue[lock].removeFirst()
        emit(.contentionEnd, owner[lock], lock)
        ended += 1
        ready.append((now + 1, owner[lock]))
      }
    }
    return RecordedTrace(
      facts: .unknown, events: events,
      symbols: (0..<locks).map {
        SymbolRecord(
          address: 0x1000 + UInt64($0) * 64, size: 64, type: UInt8(ascii: "d"), name: "lock\($0)")
      })
  }
}
