import Measures
import TraceFormat
import Workloads

@testable import Replay

/// Plays a known workload and writes down what a recorder would have seen of it, and the truth.
///
/// The engine is advanced one event at a time and its tasks and CPUs are looked at in between, so that
/// the engine itself pays nothing for being watched. What the kernel does not trace is not written: the
/// first waiter of a native queued spinlock, the optimistic spin of an rwsem's writers, whoever finds a
/// lock free. Sources of the rules: docs/capture.md.
struct TracedReplay: ~Copyable {
  /// What really happened to one class.
  struct ClassTruth: Sendable {
    var acquisitions = 0.0
    /// Those of readers.
    var reads = 0.0
    /// Nanoseconds owned and waited for, by all tasks.
    var held = 0.0
    var waited = 0.0
    /// Nanoseconds in which owners moved on: readers, and all others.
    var readersMoved = 0.0
    var moved = 0.0
    /// Contentions that the trace holds.
    var traced = 0
    /// Who ever takes it: tasks where waiters sleep, CPUs where they spin.
    var users = 0
    /// Mean time an owner moves on, alone and as a reader, nanoseconds.
    var hold: Double { moved / max(1, acquisitions - reads) }
    var readerHold: Double { readersMoved / max(1, reads) }
    /// Mean time from a release to the next request of the same user, nanoseconds.
    func think(_ duration: Double) -> Double {
      (Double(users) * duration - held - waited) / max(1, acquisitions)
    }
  }

  /// Classes owned or asked for, and which of them as a reader.
  private struct Owned {
    var classes: [Int32] = []
    var isRead: [Bool] = []
  }

  /// What the watcher last saw of a task.
  private struct Seen {
    var pc: Int32
    var phase: TaskState.Phase
    var since = 0.0
    var isWaiting = false
    /// Whether its wait has begun in the trace, and whether it sleeps there.
    var isTraced = false
    var sleeps = false
    /// When its wait began in the trace.
    var began = 0.0
    /// Whether it just stopped sleeping.
    var isAwakened = false
    /// Operations since it was last switched in.
    var operations = 0.0
  }

  private var engine: Engine
  private let scenario: Scenario
  private let labels: [LockLabel]
  /// The first instance of each class.
  private let firstInstance: [Int32]
  /// Classes owned before each instruction, the one asked for last at the end.
  private let owned: [Owned]
  private var seen: [Seen] = []
  private var current: [Int32]
  private var nextTick: [Double]
  private var sighted: Set<[Int32]> = []
  private var begins = 0
  /// Who gave a lock back in the present event.
  private var releasers: [Int32: Int] = [:]
  /// The reader that last entered each lock, which is whom a semaphore's owner word names.
  private var lastReader: [Int32: Int] = [:]
  private(set) var events: [Event] = []
  private(set) var truth: [ClassTruth]

  /// Nanoseconds between two short visits of a kernel worker to a CPU.
  private static let tick = 4e6
  /// Nanoseconds from the first to the last tracepoint of a mutex that is found free: 120 on a guest of
  /// an AMD EPYC, Linux 6.18.
  private static let mutexPath = 120.0

  init(
    _ scenario: Scenario, labels: [LockLabel], spinlocks: RandomWorkload.Spinlocks, seed: UInt64
  ) {
    self.scenario = scenario
    self.labels = labels
    engine = Engine(
      scenario, seed: seed, replication: 0,
      tracepoints: Tracepoints(showFirstSpinner: spinlocks != .native))
    owned = Self.owned(engine.program.code)
    var first = Array(repeating: Int32.max, count: scenario.classCount)
    for (index, instance) in scenario.instances.enumerated() {
      first[Int(instance.lockClass)] = min(first[Int(instance.lockClass)], Int32(index))
    }
    firstInstance = first
    truth = Array(repeating: ClassTruth(), count: scenario.classCount)
    current = scenario.cpus.map { _ in -1 }
    nextTick = scenario.cpus.indices.map {
      Self.tick * Double($0 + 1) / Double(scenario.cpus.count)
    }
    for index in scenario.tasks.indices {
      seen.append(Seen(pc: engine.tasks[index].pc, phase: engine.tasks[index].phase))
    }
    for (lockClass, lock) in scenario.workload.classes.enumerated() {
      let users = scenario.tasks.filter {
        scenario.workload.tasks[Int($0.group)].loop.flatMap(Self.classes).contains(lock.name)
      }
      truth[lockClass].users = lock.kind.spins ? Set(users.map(\.cpu)).count : users.count
    }
  }

  /// Simulated time so far, nanoseconds.
  var now: Double { engine.now }
  /// Operations so far.
  var operations: Double { engine.operations }

  /// Plays until the moment `end`, or `limit` events.
  mutating func play(until end: Double, events limit: Int) {
    while engine.events < limit, now < end {
      engine.advance(by: 1)
      for task in seen.indices { look(at: task) }
      for task in seen.indices { wakeUp(task) }
      releasers.removeAll(keepingCapacity: true)
      for cpu in current.indices { look(onCPU: cpu) }
    }
    for task in seen.indices { settle(task) }
  }

  // MARK: what a task did

  private mutating func look(at task: Int) {
    let state = engine.tasks[task]
    if state.pc != seen[task].pc || state.phase != seen[task].phase { settle(task) }
    if state.pc != seen[task].pc {
      if seen[task].isWaiting { endWait(task) }
      walk(task, to: state.pc)
      seen[task].pc = state.pc
    }
    if seen[task].isWaiting { watchWait(task, state) }
    if state.phase == .ready || state.phase == .running {
      seen[task].isAwakened = seen[task].phase == .blocked || seen[task].phase == .asleep
    }
    seen[task].phase = state.phase
  }

  /// Writes who woke the task: whoever gave its lock back, or a timer.
  private mutating func wakeUp(_ task: Int) {
    guard seen[task].isAwakened else { return }
    seen[task].isAwakened = false
    let state = engine.tasks[task]
    let waker = releasers[state.lock]
    emit(
      .schedWaking, cpu: Int(waker.map { engine.tasks[$0].cpu } ?? state.home),
      tid: waker.map { Self.tid($0) } ?? 0, a: UInt64(Self.tid(task)), value: UInt32(state.home))
  }

  /// Adds the time since the last change to what the task owned and waited for.
  private mutating func settle(_ task: Int) {
    let span = engine.now - seen[task].since
    seen[task].since = engine.now
    let stack = owned[Int(seen[task].pc)]
    for (depth, lockClass) in stack.classes.enumerated() {
      if seen[task].isWaiting, depth == stack.classes.count - 1 {
        truth[Int(lockClass)].waited += span
      } else {
        truth[Int(lockClass)].held += span
        guard seen[task].phase == .running, !seen[task].isWaiting else { continue }
        if stack.isRead[depth] {
          truth[Int(lockClass)].readersMoved += span
        } else {
          truth[Int(lockClass)].moved += span
        }
      }
    }
  }

  /// Follows the task through its instructions up to `end`; one that stands right behind an acquisition
  /// waits for it.
  private mutating func walk(_ task: Int, to end: Int32) {
    var pc = seen[task].pc
    while pc != end {
      let instruction = engine.program.code[Int(pc)]
      pc += 1
      switch instruction.opcode {
      case .jump: pc = instruction.a
      case .operation: seen[task].operations += engine.program.amounts[Int(instruction.a)]
      case .release:
        releasers[engine.slots[task * engine.program.depth + Int(instruction.slot)].lock] = task
      case .enter:
        truth[Int(instruction.a)].acquisitions += 1
        if !instruction.write {
          truth[Int(instruction.a)].reads += 1
          lastReader[engine.slots[task * engine.program.depth + Int(instruction.slot)].lock] = task
        }
        if pc == end { beginWait(task) } else { passed(task, Int(instruction.slot)) }
      default: break
      }
    }
  }

  private mutating func beginWait(_ task: Int) {
    seen[task].isWaiting = true
    seen[task].isTraced = false
    seen[task].sleeps = false
    let state = engine.tasks[task]
    let lock = engine.locks[Int(state.lock)]
    let mode: LockFlags = state.write ? .write : .read
    switch lock.kind {
    case .rwlock: begin(task, [.spin, mode])
    case .mutex: begin(task, [.spin, .mutex])
    case .rtmutex: begin(task, .realTime)
    case .rwsem, .percpuRwsem: break
    default: if state.traced { begin(task, .spin) }
    }
  }

  /// Begins the parts of a wait that begin later: sleep after spin, spin after sleep.
  private mutating func watchWait(_ task: Int, _ state: TaskState) {
    let sleeps = state.phase == .blocked
    let lock = engine.locks[Int(state.lock)]
    let mode: LockFlags = state.write ? .write : .read
    switch lock.kind {
    case .mutex where sleeps && !seen[task].sleeps: begin(task, .mutex)
    case .mutex where state.phase == .spinning && seen[task].sleeps: begin(task, [.spin, .mutex])
    case .rwsem where sleeps && !seen[task].isTraced: begin(task, mode)
    // A writer is traced behind another writer alone: commit f3e3620f1a97, Linux 6.9.
    case .percpuRwsem
    where sleeps && !seen[task].isTraced && (!state.write || lock.holder != Int32(task)):
      begin(task, [.perCPU, mode])
    default: break
    }
    if sleeps { seen[task].sleeps = true }
    if state.phase == .spinning { seen[task].sleeps = false }
  }

  private mutating func begin(_ task: Int, _ flags: LockFlags) {
    if !seen[task].isTraced { seen[task].began = engine.now }
    seen[task].isTraced = true
    let state = engine.tasks[task]
    let lock = state.lock
    let lockClass = Int(engine.locks[Int(lock)].lockClass)
    let label = labels[lockClass]
    let index = Int(lock - firstInstance[lockClass])
    begins += 1
    if sighted.insert([state.cpu, lock]).inserted {
      let (hint, object, cache) = label.sighting(index)
      emit(
        .lockSeen, cpu: Int(state.cpu), tid: Self.tid(task), a: label.address(index), b: object,
        c: cache, value: hint.rawValue, stack: label.stack.id)
    }
    emit(
      .contentionBegin, cpu: Int(state.cpu), tid: Self.tid(task), a: label.address(index),
      owner: owner(of: lock, besides: task),
      value: flags.rawValue, stack: begins % 16 == 0 ? label.stack.id : .none)
  }

  /// Who has a lock, as far as its kind says (Probes/owner.h).
  private func owner(of lock: Int32, besides task: Int) -> LockOwner {
    let state = engine.locks[Int(lock)]
    switch state.kind {
    case .mutex, .rtmutex, .rwsem: break
    default: return LockOwner(task: .idle)
    }
    if state.holder >= 0, state.holder != Int32(task) {
      return LockOwner(task: TaskID(Self.tid(state.holder)))
    }
    guard state.kind == .rwsem, state.readers > 0, let reader = lastReader[lock] else {
      return LockOwner(task: .idle)
    }
    return LockOwner(task: TaskID(Self.tid(reader)), reads: true)
  }

  private mutating func endWait(_ task: Int) {
    seen[task].isWaiting = false
    // From one tracepoint to the other it takes a mutex some time, even when it spins for less.
    let isMutex = engine.locks[Int(engine.tasks[task].lock)].kind == .mutex
    let missing = isMutex ? max(0, seen[task].began + Self.mutexPath - engine.now) : 0
    guard seen[task].isTraced else { return }
    let state = engine.tasks[task]
    let lockClass = Int(owned[Int(seen[task].pc)].classes.last ?? 0)
    truth[lockClass].traced += 1
    emit(
      .contentionEnd, cpu: Int(state.cpu), tid: Self.tid(task),
      a: labels[lockClass].address(Int(state.lock - firstInstance[lockClass])), after: missing)
  }

  /// A mutex found free while others sleep for it passes the tracepoints: its fast path is closed.
  private mutating func passed(_ task: Int, _ slot: Int) {
    let lock = engine.slots[task * engine.program.depth + slot].lock
    let state = engine.locks[Int(lock)]
    guard state.kind == .mutex, state.secondHead >= 0 else { return }
    let lockClass = Int(state.lockClass)
    truth[lockClass].traced += 1
    let address = labels[lockClass].address(Int(lock - firstInstance[lockClass]))
    let cpu = Int(engine.tasks[task].cpu)
    emit(
      .contentionBegin, cpu: cpu, tid: Self.tid(task), a: address,
      value: LockFlags([.spin, .mutex]).rawValue)
    emit(.contentionEnd, cpu: cpu, tid: Self.tid(task), a: address, after: Self.mutexPath)
  }

  // MARK: what a CPU did

  private mutating func look(onCPU cpu: Int) {
    let task = engine.cpus[cpu].current
    if task != current[cpu] {
      let left = current[cpu]
      let runnable = left >= 0 && engine.tasks[Int(left)].phase == .ready
      switched(cpu, from: left, to: Self.tid(task), state: left < 0 || runnable ? 0 : 1)
      current[cpu] = task
    }
    guard engine.now >= nextTick[cpu], task >= 0, engine.tasks[Int(task)].phase == .running,
      engine.tasks[Int(task)].spinDepth == 0
    else { return }
    nextTick[cpu] = engine.now + Self.tick
    switched(cpu, from: task, to: Self.worker(cpu), state: 0)
    emit(.schedSwitch, cpu: cpu, tid: Self.worker(cpu), a: UInt64(Self.tid(task)), value: 1)
  }

  private mutating func switched(_ cpu: Int, from task: Int32, to next: Int32, state: UInt32) {
    var calls = 0.0
    if task >= 0 {
      calls = seen[Int(task)].operations
      seen[Int(task)].operations = 0
    }
    emit(
      .schedSwitch, cpu: cpu, tid: Self.tid(task), a: UInt64(next), b: UInt64(calls), value: state)
  }

  private mutating func emit(
    _ kind: EventKind, cpu: Int, tid: Int32, a: UInt64, b: UInt64 = 0, c: UInt64 = 0,
    owner: LockOwner? = nil, value: UInt32 = 0, stack: StackID = .none, after: Double = 0
  ) {
    var event = Event(
      time: TraceTime(nanosecondsSinceBoot: 1_000_000_000 + UInt64(engine.now + after)),
      cpu: UInt16(cpu), task: TaskID(tid), kind: kind, a: a, b: b, c: c, value: value,
      stack: stack)
    if let owner { event.owner = owner }
    events.append(event)
  }

  // MARK: names

  /// The thread id of a task; 0 for none.
  private static func tid(_ task: Int32) -> Int32 { task < 0 ? 0 : 1_000 + task }
  private static func tid(_ task: Int) -> Int32 { 1_000 + Int32(task) }
  private static func worker(_ cpu: Int) -> Int32 { 100 + Int32(cpu) }

  /// The tasks as a recorder lists them at the start.
  var taskRecords: [TaskRecord] {
    let processes = Dictionary(
      scenario.tasks.enumerated().map { ($1.process, 1_000 + Int32($0)) },
      uniquingKeysWith: { min($0, $1) })
    return scenario.tasks.enumerated().map { index, task in
      TaskRecord(
        task: TaskID(Self.tid(index)), process: TaskID(processes[task.process] ?? 0),
        name: scenario.workload.tasks[Int(task.group)].name, cgroup: "/load")
    }
      + scenario.cpus.indices.map {
        TaskRecord(
          task: TaskID(Self.worker($0)), process: TaskID(Self.worker($0)), name: "kworker/\($0)",
          cgroup: "/")
      }
  }

  private static func classes(_ step: Step) -> [String] {
    guard case .acquire(let acquisition) = step else { return [] }
    return [acquisition.lockClass] + acquisition.nested.flatMap(classes)
  }

  /// For every instruction the classes owned or asked for when it is next.
  private static func owned(_ code: [Program.Instruction]) -> [Owned] {
    var stack = Owned()
    return code.map { instruction in
      let before = stack
      switch instruction.opcode {
      case .enter:
        stack.classes.append(instruction.a)
        stack.isRead.append(!instruction.write)
      case .release:
        stack.classes.removeLast()
        stack.isRead.removeLast()
      default: break
      }
      return before
    }
  }
}
