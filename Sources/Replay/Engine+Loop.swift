extension Engine {
  /// Advances by `budget` events, or until nothing is left to happen.
  ///
  /// An event is the end of a computing step, of a wait with a known end, or of a message's way.
  mutating func advance(by budget: Int) {
    let limit = events + budget
    settle()
    while events < limit, let event = queue.next() {
      events += 1
      now = event.time
      let cpuCount = Int32(cpus.count)
      if event.handle < cpuCount {
        cpuEvent(event.handle, event.sequence)
      } else {
        taskEvent(event.handle - cpuCount, event.sequence)
      }
      settle()
    }
  }

  /// Lets every task that was granted something at this instant go on.
  @inline(__always)
  mutating func settle() {
    while runnableNext < runnable.count {
      let task = runnable[runnableNext]
      runnableNext += 1
      goOn(task)
    }
    if runnableNext > 0 {
      runnable.removeAll(keepingCapacity: true)
      runnableNext = 0
    }
  }

  /// Forgets what was counted so far, as a warm-up.
  mutating func startMeasuring() {
    for cpu in cpus.indices { account(Int32(cpu)) }
    for lock in locks.indices {
      locks[lock].busy = 0
      if locks[lock].busySince >= 0 { locks[lock].busySince = now }
    }
    totals = .init(repeating: 0)
    for i in counters.indices { counters[i] = ClassCounters() }
    for i in served.indices { served[i] = 0 }
    for group in operationsOfGroup.indices { operationsOfGroup[group] = 0 }
    messages = 0
    measuredSince = now
  }

  /// The end of what a CPU does.
  @inline(__always)
  private mutating func cpuEvent(_ cpu: Int32, _ sequence: UInt32) {
    let c = Int(cpu)
    guard cpus[c].armed == sequence else { return }
    if cpus[c].stolen > 0, cpus[c].mode == .segment || cpus[c].server >= 0 {
      payStolen(cpu)
      return
    }
    let server = cpus[c].server
    if server >= 0 {
      interpret(server)
      return
    }
    let task = cpus[c].current
    if cpus[c].isPolling {
      stopPolling(on: cpu)
      return
    }
    if cpus[c].mode == .spin {
      sliceOverWhileSpinning(task)
      return
    }
    if ringed > 0, let request = takeFromRing(of: cpus[c].oslet) {
      cpus[c].mode = .granted
      serve(request, on: cpu)
      return
    }
    if cpus[c].runHead >= 0, cpus[c].sliceEnd <= now, tasks[Int(task)].spinDepth == 0 {
      preempt(task)
      return
    }
    interpret(task)
  }

  /// The end of a task's sleep or of its message's way.
  private mutating func taskEvent(_ task: Int32, _ sequence: UInt32) {
    let t = Int(task)
    guard tasks[t].armed == sequence else { return }
    tasks[t].armed = 0
    switch tasks[t].phase {
    case .asleep:
      forgetSleeper(task)
      makeReady(task, by: -1, after: costs.idleExit)
    case .blocked: gracePeriodOver(task)
    default: messageArrived(task)
    }
  }

  /// Lets one task go on after a grant, a reply, or a turn of its server's queue.
  private mutating func goOn(_ task: Int32) {
    let t = Int(task)
    let cpu = tasks[t].cpu
    let c = Int(cpu)
    if tasks[t].serving {
      if cpus[c].server == task {
        interpret(task)
      } else {
        serve(task, on: cpu)
      }
    } else if cpus[c].server >= 0 {
      cpus[c].mode = .granted
    } else {
      interpret(task)
    }
  }
}
