import Measures
import TraceFormat

/// The tasks a trace speaks of, by handle, and what each did with its time.
///
/// A task id that is forked again after its exit is another task.
struct TaskLedger: Sendable {
  /// One task.
  ///
  /// Times in nanoseconds.
  struct Task: Sendable {
    /// Its thread id; 0 for an idle task.
    var id: Int32
    /// The CPU whose idle task it is, or -1.
    var idleOf: Int32 = -1
    /// Its process, or -1 while unknown.
    var process: Int32 = -1
    /// Its parent's handle, or -1.
    var parent: Int32 = -1
    /// Its name as fork and exec gave it, 16 bytes; zero while unknown.
    var nameLow: UInt64 = 0
    var nameHigh: UInt64 = 0
    /// When it was first and last seen.
    var born: UInt64
    var lastSeen: UInt64
    /// CPU time.
    var ran: UInt64 = 0
    /// Time without a CPU since it was first seen, asleep or waiting for one.
    var off: UInt64 = 0
    /// Time asleep for its own reasons, lock waits left out.
    var slept: UInt64 = 0
    var sleeps: UInt32 = 0
    /// Time it was ready to run and another task had the CPU, and how often that ended.
    var queued: UInt64 = 0
    var dispatches: UInt32 = 0
    /// How often it got a CPU that another task left.
    var takeovers: UInt32 = 0
    var systemCalls: UInt64 = 0
    /// Whether it was seen to leave a CPU.
    var hasLeft = false
    /// Its system calls for its CPU time, alone and beside others.
    var pace = Pace()
    /// When it was switched out, and whether it gave the CPU up itself; 0: it runs.
    var out: UInt64 = 0
    var outAsleep = false
    /// The epoch of `out`.
    var outEpoch: UInt32 = 0
    /// When it was woken since it was switched out; 0: not.
    var woken: UInt64 = 0
    /// Whether it was forked in the recording.
    var forked = false
    /// When it exited; 0: not in the recording.
    var exited: UInt64 = 0

    /// Time without a CPU up to `now`, which may be a while back.
    func off(at now: UInt64) -> UInt64 { off &+ (out > 0 && now > out ? now - out : 0) }

    /// The share of a recording from `first` to `last` that it lived: one that was not forked in it
    /// was there before, one that did not exit stayed.
    func alive(from first: UInt64, to last: UInt64) -> Double {
      let start = forked ? born : first
      let end = exited > 0 ? exited : last
      return end > start && last > first ? Double(end - start) / Double(last - first) : 0
    }
  }

  private var ids = HandleTable(capacity: 1024)
  private var handles: [Int32] = []
  /// Goes up wherever task switches are missing: no sleep that spans one is believed.
  private var epoch: UInt32 = 0
  /// The tasks, in order of first sight.
  private(set) var tasks: [Task] = []
  /// Who woke whom.
  private(set) var wakes = PairTally()
  /// Of these, those that ended a sleep of the woken task's own will.
  private(set) var signals = PairTally()

  /// The handle of the task with this id, new at first sight; every CPU has its own idle task.
  ///
  /// O(1).
  mutating func handle(_ id: TaskID, cpu: UInt16, now: UInt64) -> Int32 {
    let key = id == .idle ? 1 << 32 | UInt64(cpu) : UInt64(UInt32(bitPattern: id.rawValue))
    let slot = Int(ids.insert(key))
    if slot == handles.count {
      handles.append(Int32(truncatingIfNeeded: tasks.count))
      tasks.append(
        Task(id: id.rawValue, idleOf: id == .idle ? Int32(cpu) : -1, born: now, lastSeen: now))
    }
    return handles[slot]
  }

  /// The handle of a task that was seen before; nil for another and for idle tasks.
  func known(_ id: TaskID) -> Int32? {
    guard id != .idle else { return nil }
    return ids.find(UInt64(UInt32(bitPattern: id.rawValue))).map { handles[Int($0)] }
  }

  /// Takes a fork.
  mutating func fork(_ event: Event, parent: Int32) {
    let now = event.time.nanosecondsSinceBoot
    let id = Int32(bitPattern: event.value)
    guard id > 0 else { return }
    var child = handle(TaskID(id), cpu: event.cpu, now: now)
    if tasks[Int(child)].lastSeen < now {
      // The id was used before: this is another task.
      child = Int32(truncatingIfNeeded: tasks.count)
      tasks.append(Task(id: id, born: now, lastSeen: now))
      if let slot = ids.find(UInt64(UInt32(bitPattern: id))) { handles[Int(slot)] = child }
    }
    tasks[Int(child)].parent = parent
    tasks[Int(child)].forked = true
    name(child, event)
  }

  /// Takes a name and a process: fork's child, or exec.
  mutating func name(_ task: Int32, _ event: Event) {
    tasks[Int(task)].nameLow = event.a
    tasks[Int(task)].nameHigh = event.b
    if let process = Int32(exactly: event.c), process > 0 { tasks[Int(task)].process = process }
  }

  /// Adds CPU time.
  mutating func run(_ task: Int32, _ span: UInt64, now: UInt64) {
    tasks[Int(task)].ran &+= span
    tasks[Int(task)].lastSeen = now
  }

  /// Says that `task` leaves its CPU; `sleeps` when of its own will and not for a lock.
  mutating func leaves(_ task: Int32, now: UInt64, systemCalls: UInt64, sleeps: Bool) {
    tasks[Int(task)].systemCalls &+= systemCalls
    tasks[Int(task)].hasLeft = true
    tasks[Int(task)].out = now
    tasks[Int(task)].outAsleep = sleeps
    tasks[Int(task)].outEpoch = epoch
    tasks[Int(task)].woken = 0
    tasks[Int(task)].lastSeen = now
  }

  /// The system calls that a task made in stints on a CPU that ended; nil where none did.
  func callsOfEndedStints(_ task: Int32) -> UInt64? {
    let task = tasks[Int(task)]
    return task.hasLeft ? task.systemCalls : nil
  }

  /// Adds a stint of `task` on a CPU.
  mutating func keepPace(_ task: Int32, _ stint: Company.Stint) {
    tasks[Int(task)].pace.add(stint)
  }

  /// Says that `task` gets a CPU, which another task left or which idled.
  mutating func enters(_ task: Int32, now: UInt64, afterTask: Bool) {
    let was = tasks[Int(task)]
    if afterTask { tasks[Int(task)].takeovers += 1 }
    if was.outAsleep, was.out > 0, was.outEpoch == epoch {
      let until = was.woken > 0 ? was.woken : now
      if until >= was.out {
        tasks[Int(task)].slept &+= until - was.out
        tasks[Int(task)].sleeps += 1
      }
    }
    let ready = was.woken > 0 ? was.woken : was.outAsleep ? 0 : was.out
    if ready > 0, now > ready, was.outEpoch == epoch {
      tasks[Int(task)].queued &+= now - ready
      tasks[Int(task)].dispatches += 1
    }
    if was.out > 0, was.outEpoch == epoch, now >= was.out {
      tasks[Int(task)].off &+= now - was.out
    }
    tasks[Int(task)].out = 0
    tasks[Int(task)].outAsleep = false
    tasks[Int(task)].lastSeen = now
  }

  /// Says that `waker` woke `woken`; sched_waking counts as an edge, sched_wakeup repeats it.
  mutating func wake(_ woken: Int32, by waker: Int32, now: UInt64, counts: Bool) {
    if counts {
      wakes.add(waker, woken)
      if tasks[Int(woken)].outAsleep, tasks[Int(woken)].woken == 0 { signals.add(waker, woken) }
    }
    if tasks[Int(woken)].woken == 0 {
      tasks[Int(woken)].woken = now
    }
  }

  /// Says that task switches are missing here.
  mutating func forget() { epoch &+= 1 }

  /// Says that `task` exits; it is switched out for good a little later.
  mutating func exits(_ task: Int32, now: UInt64) { tasks[Int(task)].exited = now }

}
