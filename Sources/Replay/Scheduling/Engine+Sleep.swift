extension Engine {
  /// Takes `task` off its CPU for `span`; one that another OSlet serves just lets time pass there.
  mutating func fallAsleep(_ task: Int32, _ span: Double) {
    let t = Int(task)
    if tasks[t].serving {
      startSegment(task, span)
      return
    }
    startAsleep(task, span + tasks[t].carry)
    tasks[t].carry = 0
    leaveCPU(task)
  }

  /// Lets `task`, which is on no CPU, sleep for `span`.
  mutating func startAsleep(_ task: Int32, _ span: Double) {
    let t = Int(task)
    tasks[t].phase = .asleep
    tasks[t].armed = queue.insert(at: now + span, handle: Int32(cpus.count) + task)
    if program.wakes {
      let list = sleeperList(ofGroup: Int(tasks[t].group), by: task)
      let tail = sleepers[list].tail
      tasks[t].lockPrevious = tail
      tasks[t].lockNext = -1
      if tail >= 0 { tasks[Int(tail)].lockNext = task } else { sleepers[list].head = task }
      sleepers[list].tail = task
    }
  }

  /// Ends the sleep of the task of a group that has slept longest in the waker's OSlet, if one does.
  mutating func wakeSleeper(ofGroup group: Int, by waker: Int32) {
    let sleeper = sleepers[sleeperList(ofGroup: group, by: waker)].head
    guard sleeper >= 0 else { return }
    forgetSleeper(sleeper)
    wake(sleeper, by: waker)
  }

  /// Makes a task ready that slept; the waker pays for it.
  mutating func wake(_ task: Int32, by waker: Int32) {
    tasks[Int(task)].armed = 0
    tasks[Int(waker)].carry += costs.wake
    makeReady(task, by: waker, after: costs.idleExit)
  }

  /// Takes a task off the list of those that may be woken.
  mutating func forgetSleeper(_ task: Int32) {
    guard program.wakes else { return }
    let t = Int(task)
    let list = sleeperList(ofGroup: Int(tasks[t].group), by: task)
    let (previous, next) = (tasks[t].lockPrevious, tasks[t].lockNext)
    if previous >= 0 { tasks[Int(previous)].lockNext = next } else { sleepers[list].head = next }
    if next >= 0 {
      tasks[Int(next)].lockPrevious = previous
    } else {
      sleepers[list].tail = previous
    }
    tasks[t].lockNext = -1
    tasks[t].lockPrevious = -1
  }

  private func sleeperList(ofGroup group: Int, by task: Int32) -> Int {
    group * oslets.count + Int(cpus[Int(tasks[Int(task)].cpu)].oslet)
  }
}
