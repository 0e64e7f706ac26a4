import Workloads

extension Engine {
  /// Puts `task` at the end of the lock's sleepers and takes it off its CPU; a task that another
  /// OSlet serves occupies nothing there anyway.
  mutating func sleepOn(_ lock: Int32, _ task: Int32) {
    joinSleepers(lock, task)
    giveUpCPU(task)
  }

  /// Puts `task` at the end of the lock's sleepers, from when on tracepoints show it.
  mutating func joinSleepers(_ lock: Int32, _ task: Int32) {
    let l = Int(lock)
    tasks[Int(task)].lockNext = -1
    if !tasks[Int(task)].traced {
      tasks[Int(task)].traced = true
      tasks[Int(task)].tracedSince = now
    }
    if locks[l].secondTail >= 0 {
      tasks[Int(locks[l].secondTail)].lockNext = task
    } else {
      locks[l].secondHead = task
    }
    locks[l].secondTail = task
  }

  /// Takes a waiting task off its CPU.
  mutating func giveUpCPU(_ task: Int32) {
    let t = Int(task)
    if tasks[t].serving {
      tasks[t].phase = .parked
      if cpus[Int(tasks[t].cpu)].server == task { serverDone(on: tasks[t].cpu) }
      return
    }
    tasks[t].phase = .blocked
    leaveCPU(task)
  }

  /// Takes the first sleeper off the list; -1 when there is none.
  mutating func firstSleeper(_ lock: Int32) -> Int32 {
    let l = Int(lock)
    let task = locks[l].secondHead
    guard task >= 0 else { return -1 }
    locks[l].secondHead = tasks[Int(task)].lockNext
    if locks[l].secondHead < 0 { locks[l].secondTail = -1 }
    return task
  }

  /// Lets a task that owns the lock, or may ask for it again, go on: at once where it spins, else by
  /// a wake-up that `waker` pays for.
  mutating func rouse(_ task: Int32, by waker: Int32) {
    let t = Int(task)
    switch tasks[t].phase {
    case .blocked: wake(task, by: waker)
    case .spinning, .parked: resume(task)
    case .running, .polling, .ready, .asleep, .away: break
    }
  }

  /// Whether a waiter on `lock` should spin: its owner is on a CPU, and nobody else wants the
  /// waiter's own CPU more (`mutex_spin_on_owner`, kernel/locking/mutex.c, Linux 6.12).
  func maySpin(_ lock: Int32, _ task: Int32) -> Bool {
    let holder = locks[Int(lock)].holder
    guard holder >= 0, tasks[Int(holder)].isOnCPU else { return false }
    if tasks[Int(task)].serving { return true }
    let cpu = cpus[Int(tasks[Int(task)].home)]
    return cpu.runHead < 0 || cpu.sliceEnd > now
  }

  /// Sends those that spin on the owner of their lock to sleep when that owner leaves its CPU.
  ///
  /// - Parameter owning: how many nested acquisitions it owns there; nil for all.
  mutating func ownerStopped(_ owner: Int32, owning: Int? = nil) {
    let base = Int(owner) * program.depth
    for depth in 0..<(owning ?? program.depth) {
      let lock = slots[base + depth].lock
      guard lock >= 0, locks[Int(lock)].holder == owner else { continue }
      let kind = locks[Int(lock)].kind
      guard kind == .mutex || kind == .rwsem else { continue }
      stopSpinning(on: lock)
    }
  }

  private mutating func stopSpinning(on lock: Int32) {
    let l = Int(lock)
    let first = locks[l].secondHead
    if first >= 0, tasks[Int(first)].phase == .spinning {
      locks[l].waking = false
      giveUpCPU(first)
    }
    while locks[l].head >= 0 {
      let task = firstSpinner(lock)
      joinSleepers(lock, task)
      if tasks[Int(task)].phase == .spinning { giveUpCPU(task) }
    }
  }

  /// The slice of a task that spins optimistically has ended while others want its CPU.
  mutating func sliceOverWhileSpinning(_ task: Int32) {
    let lock = tasks[Int(task)].lock
    let l = Int(lock)
    let kind = locks[l].kind
    guard kind == .mutex || kind == .rwsem, tasks[Int(task)].phase == .spinning else { return }
    if locks[l].secondHead == task {
      locks[l].waking = false
    } else {
      var previous: Int32 = -1
      var candidate = locks[l].head
      while candidate >= 0, candidate != task {
        previous = candidate
        candidate = tasks[Int(candidate)].lockNext
      }
      // Already granted at this very instant.
      guard candidate == task else { return }
      removeSpinner(lock, task, after: previous)
      joinSleepers(lock, task)
    }
    giveUpCPU(task)
  }
}
