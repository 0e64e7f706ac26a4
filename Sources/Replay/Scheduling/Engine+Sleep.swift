extension Engine {
  /// Takes `task` off its CPU for `span`; one that another OSlet serves just lets time pass there.
  ///
  /// - Parameter owns: whether it has a lock, which it will give back of itself: no wake-up that others
  ///   have for its group ends such a sleep.
  mutating func fallAsleep(_ task: Int32, _ span: Double, owns: Bool) {
    let t = Int(task)
    if tasks[t].serving {
      startSegment(task, span)
      return
    }
    startAsleep(task, span + tasks[t].carry, owns: owns)
    tasks[t].carry = 0
    leaveCPU(task)
  }

  /// How many times its recorded length a sleep lasts at most when somebody is to end it: a sleeper
  /// whose waker has left the scenario must not sleep for ever.
  private static let patience = 20.0

  /// Takes a wake-up that came while nobody of the task's group slept; false if there is none.
  mutating func takeWake(_ task: Int32) -> Bool {
    guard program.wakes, !tasks[Int(task)].serving else { return false }
    let list = sleeperList(ofGroup: Int(tasks[Int(task)].group), by: task)
    guard sleepers[list].kept > 0 else { return false }
    sleepers[list].kept -= 1
    return true
  }

  /// Lets `task`, which is on no CPU, sleep for `span`; until it is woken where others wake its group.
  mutating func startAsleep(_ task: Int32, _ span: Double, owns: Bool = false) {
    let t = Int(task)
    tasks[t].phase = .asleep
    tasks[t].isListed = program.wakes && !owns
    let isWoken = program.isWoken[Int(tasks[t].group)] && !owns
    let span = isWoken ? span * Self.patience : span
    tasks[t].armed = queue.insert(at: now + span, handle: Int32(cpus.count) + task)
    if tasks[t].isListed {
      let list = sleeperList(ofGroup: Int(tasks[t].group), by: task)
      let tail = sleepers[list].tail
      tasks[t].lockPrevious = tail
      tasks[t].lockNext = -1
      if tail >= 0 { tasks[Int(tail)].lockNext = task } else { sleepers[list].head = task }
      sleepers[list].tail = task
    }
  }

  /// Ends the sleep of the task of a group that has slept longest in the waker's OSlet; where none
  /// sleeps, the next that would does not, as with a semaphore or bytes in a pipe.
  ///
  /// At most one wake-up a task of the group is kept. What the waker pays is in its computing.
  mutating func wakeSleeper(ofGroup group: Int, by waker: Int32) {
    let list = sleeperList(ofGroup: group, by: waker)
    let sleeper = sleepers[list].head
    guard sleeper >= 0 else {
      sleepers[list].kept = min(sleepers[list].kept + 1, program.members[group])
      return
    }
    forgetSleeper(sleeper)
    tasks[Int(sleeper)].armed = 0
    makeReady(sleeper, by: waker, after: costs.idleExit)
  }

  /// Makes a task ready that slept; the waker pays for it.
  mutating func wake(_ task: Int32, by waker: Int32) {
    tasks[Int(task)].armed = 0
    tasks[Int(waker)].carry += costs.wake
    makeReady(task, by: waker, after: costs.idleExit)
  }

  /// Takes a task off the list of those that may be woken.
  mutating func forgetSleeper(_ task: Int32) {
    let t = Int(task)
    guard tasks[t].isListed else { return }
    tasks[t].isListed = false
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
