/// The kernel mutex: spins while the owner runs, else sleeps; a starved sleeper is handed the lock.
///
/// An arriving task takes a free lock whoever sleeps for it. While the owner is on a CPU, waiters spin
/// in an MCS queue (the OSQ), and the first takes the lock when it is freed. A release also wakes the
/// first sleeper; one that finds the lock taken again asks for hand-off and spins as first waiter, and
/// then the next release gives it the lock. When the owner leaves its CPU all spinners go to sleep.
/// Source: kernel/locking/mutex.c, Linux 6.12 (`__mutex_lock_common`, `mutex_optimistic_spin`,
/// `__mutex_unlock_slowpath`; hand-off since 4.10).
extension Engine {
  mutating func acquireMutex(_ lock: Int32, by task: Int32) -> Bool {
    if locks[Int(lock)].holder < 0 {
      own(lock, by: task)
      // With somebody on the wait list the fast path is closed (MUTEX_FLAG_WAITERS): the tracepoints
      // show this one too, without a wait.
      if locks[Int(lock)].secondHead >= 0 {
        countTraced(0, of: Int(locks[Int(lock)].lockClass))
      }
      countUncontended(lock)
      return true
    }
    beginWait(lock, by: task)
    if maySpin(lock, task) {
      joinSpinners(lock, task)
    } else {
      sleepOn(lock, task)
    }
    return false
  }

  mutating func releaseMutex(_ lock: Int32, by task: Int32) {
    let l = Int(lock)
    if locks[l].handOff, locks[l].secondHead >= 0 {
      let next = firstSleeper(lock)
      locks[l].handOff = false
      locks[l].waking = false
      tasks[Int(next)].retry = false
      own(lock, by: next)
      countWaited(lock, by: next)
      rouse(next, by: task)
      return
    }
    let next = firstSpinner(lock)
    if next >= 0 {
      own(lock, by: next)
      countWaited(lock, by: next)
      resume(next)
    } else {
      setFree(lock)
    }
    wakeFirstSleeper(lock, by: task)
  }

  /// Wakes the first sleeper to ask again, unless it is already on its way.
  mutating func wakeFirstSleeper(_ lock: Int32, by task: Int32) {
    let l = Int(lock)
    let sleeper = locks[l].secondHead
    guard sleeper >= 0, !locks[l].waking else { return }
    locks[l].waking = true
    tasks[Int(sleeper)].retry = true
    rouse(sleeper, by: task)
  }

  mutating func retryMutex(_ lock: Int32, by task: Int32) -> Bool {
    let l = Int(lock)
    if locks[l].holder < 0 {
      _ = firstSleeper(lock)
      locks[l].handOff = false
      locks[l].waking = false
      own(lock, by: task)
      countWaited(lock, by: task)
      return true
    }
    locks[l].handOff = true
    if maySpin(lock, task) {
      spin(task)
    } else {
      locks[l].waking = false
      giveUpCPU(task)
    }
    return false
  }
}
