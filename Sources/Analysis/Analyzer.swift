import Measures
public import TraceFormat

/// Turns the events of one trace, pushed in time order, into findings.
///
/// Memory grows with the waits (40 bytes each), the locks and the tasks, not with the events. Adding
/// an event looks up its task and its lock and allocates nothing once the tables have grown.
public struct Analyzer: ~Copyable {
  let facts: TraceFacts
  var tasks = TaskLedger()
  var cpus = CPULedger()
  private var company = Company()
  var locks = LockLedger()
  var pairing = WaitPairing()
  var interrupts = InterruptLedger()
  var tlb = TLBLedger()
  var owners = OwnerCoverage()
  var holdings = ProvenHolds()
  /// Times of the first and the last event.
  var first: UInt64 = 0
  var last: UInt64 = 0
  var events: UInt64 = 0
  /// Events by the raw value of their kind.
  var byKind: [UInt64]
  /// Events that name a CPU the machine does not have.
  var malformed: UInt64 = 0
  /// What gap events say is missing.
  var gapLost: UInt64 = 0
  var gapSuppressed: UInt64 = 0
  /// CPU numbers below this are believed.
  private let cpuLimit: Int
  /// The task seen last on each CPU, which is mostly the next one's.
  private var lastTask: [(id: TaskID, handle: Int32)] = []
  /// When something was last heard of each CPU, gaps aside.
  private var lastHeard: [UInt64] = []

  /// An analyzer of the trace that says `facts` of itself.
  public init(facts: TraceFacts) {
    self.facts = facts
    let stated = max(facts.topology.core.count, (facts.topology.online.max() ?? -1) + 1)
    cpuLimit = stated > 0 ? min(stated, 8192) : 4096
    byKind = Array(repeating: 0, count: 256)
  }

  /// Takes the next event; times must not run backwards by more than clocks differ between CPUs.
  ///
  /// O(1) amortised.
  public mutating func add(_ event: Event) {
    let cpu = Int(event.cpu)
    guard cpu < cpuLimit else {
      malformed += 1
      return
    }
    let now = event.time.nanosecondsSinceBoot
    if events == 0 { first = now }
    if now > last { last = now }
    if now < first { first = now }
    events += 1
    byKind[Int(event.kind.rawValue)] += 1
    reach(cpu)
    if event.kind == .gap {
      gap(event)
      return
    }
    if event.kind == .progress {
      progressed(event, now: now)
      return
    }
    lastHeard[cpu] = now
    let task = handle(event.task, cpu: event.cpu, now: now)
    take(event, task: task, now: now)
  }

  private mutating func take(_ event: Event, task: Int32, now: UInt64) {
    switch event.kind {
    case .contentionBegin:
      owners.count(event)
      let owner = event.owner
      pairing.begin(
        event, task: task,
        owner: owner.isKnown ? tasks.handle(owner.task, cpu: event.cpu, now: now) : -1,
        off: tasks.tasks[Int(task)].off, locks: &locks)
      noteOwner(event, now: now)
    case .contentionEnd:
      pairing.end(event, task: task, tasks: tasks, locks: &locks)
    case .schedSwitch: switched(event, from: task, now: now)
    case .schedWaking, .schedWakeup: woken(event, by: task, now: now)
    case .schedMigrate: break
    case .csdQueue:
      guard let target = target(event) else { return }
      interrupts.queue(event, task: task, target: target)
    case .csdFunctionEntry: interrupts.enter(event)
    case .csdFunctionExit: interrupts.leave(event)
    case .ipiSendCPU:
      guard let target = target(event) else { return }
      interrupts.sendOne(event, target: target)
    case .ipiSendMask: interrupts.sendMask(event, limit: cpuLimit)
    case .callFunctionEntry, .callFunctionSingleEntry, .rescheduleEntry:
      interrupts.interrupt(event)
    case .callFunctionExit, .callFunctionSingleExit, .rescheduleExit:
      interrupts.interruptReturn(event)
    case .tlbFlush: tlb.add(event)
    case .fork:
      tasks.fork(event, parent: task)
      // The child's id may have been another task's: no CPU may remember that one.
      for cpu in lastTask.indices where lastTask[cpu].id.rawValue == Int32(bitPattern: event.value)
      {
        lastTask[cpu].handle = -1
      }
    case .exec: tasks.name(task, event)
    case .exit:
      tasks.exits(task, now: now)
      pairing.exited(task: task, locks: &locks)
    case .lockSeen: locks.hint(event)
    case .gap, .trigger, .progress: break
    }
  }

  private mutating func switched(_ event: Event, from task: Int32, now: UInt64) {
    let cpu = Int(event.cpu)
    let idle = event.task == .idle
    let span = cpus.switched(cpu, now: now, start: first, idle: idle)
    tasks.run(task, span, now: now)
    if let stint = company.leaves(cpu, now: now, systemCalls: event.b), !idle {
      tasks.keepPace(task, stint)
    }
    let next = Int32(exactly: event.a).flatMap {
      $0 >= 0 ? handle(TaskID($0), cpu: event.cpu, now: now) : nil
    }
    if !idle {
      pairing.switchedOut(task: task, locks: &locks)
      let sleeps = event.value != 0 && !pairing.isWaiting(task: task)
      tasks.leaves(task, now: now, systemCalls: event.b, sleeps: sleeps)
    }
    guard let next else { return }
    cpus.runs(cpu, task: next)
    guard event.a > 0 else { return }
    tasks.enters(next, now: now, afterTask: !idle)
    company.enters(cpu, now: now, calls: tasks.callsOfEndedStints(next))
  }

  /// Parts the stint of whoever runs on a CPU at a moment in which its system calls are known.
  private mutating func progressed(_ event: Event, now: UInt64) {
    let cpu = Int(event.cpu)
    let task = cpus.cpus[cpu].current
    if let stint = company.progressed(cpu, now: now, systemCalls: event.a), task >= 0 {
      tasks.keepPace(task, stint)
    }
  }

  /// Ends the run segments that the end of the trace cuts.
  ///
  /// A CPU that never switched ran one task throughout: the one its events name.
  mutating func closeSegments() {
    guard byKind[Int(EventKind.schedSwitch.rawValue)] > 0 else { return }
    for cpu in cpus.cpus.indices {
      let known = cpus.cpus[cpu].current
      let task = known >= 0 ? known : lastTask[cpu].handle
      guard task >= 0 else { continue }
      let idle = tasks.tasks[Int(task)].id == 0
      let span = cpus.close(cpu, now: last, start: first, idle: idle)
      tasks.run(task, span, now: last)
    }
  }

  private mutating func woken(_ event: Event, by task: Int32, now: UInt64) {
    guard let id = Int32(exactly: event.a), id > 0 else { return }
    let woken = tasks.handle(TaskID(id), cpu: event.cpu, now: now)
    if tasks.tasks[Int(woken)].woken == 0 {
      pairing.woken(task: woken, by: task, now: now, tasks: tasks, locks: locks)
    }
    tasks.wake(woken, by: task, now: now, counts: event.kind == .schedWaking)
  }

  private mutating func gap(_ event: Event) {
    gapLost &+= event.a
    gapSuppressed &+= event.b
    let kind = UInt8(exactly: event.value).flatMap(EventKind.init(rawValue:))
    switch kind {
    case .contentionBegin, .contentionEnd: broken(event)
    case .schedSwitch: forgetSwitches(event)
    case nil:
      broken(event)
      forgetSwitches(event)
      interrupts.forget(Int(event.cpu))
    default: interrupts.forget(Int(event.cpu))
    }
  }

  private mutating func broken(_ gap: Event) {
    locks.distrust(since: lastHeard[Int(gap.cpu)])
    pairing.broken(cpu: gap.cpu, locks: &locks)
  }

  private mutating func forgetSwitches(_ gap: Event) {
    cpus.forget(Int(gap.cpu), now: gap.time.nanosecondsSinceBoot)
    company.forget(Int(gap.cpu), now: gap.time.nanosecondsSinceBoot)
    tasks.forget()
  }

  private mutating func target(_ event: Event) -> Int? {
    guard event.value < UInt32(cpuLimit) else {
      malformed += 1
      return nil
    }
    reach(Int(event.value))
    return Int(event.value)
  }

  private mutating func reach(_ cpu: Int) {
    guard cpu >= cpus.cpus.count else { return }
    cpus.reach(cpu)
    company.reach(cpu)
    interrupts.reach(cpu)
    while lastTask.count <= cpu { lastTask.append((TaskID(-1), -1)) }
    while lastHeard.count <= cpu { lastHeard.append(first) }
  }

  private mutating func handle(_ id: TaskID, cpu: UInt16, now: UInt64) -> Int32 {
    let index = Int(cpu)
    if lastTask[index].id == id, lastTask[index].handle >= 0 { return lastTask[index].handle }
    let handle = tasks.handle(id, cpu: cpu, now: now)
    lastTask[index] = (id, handle)
    return handle
  }
}
