/// A user-space mutex that sleeps in a futex bucket: free of system calls until somebody waits.
///
/// Whoever finds it taken marks it and sleeps; a release of a marked one frees it and wakes one
/// sleeper, which competes with whoever arrives meanwhile and sleeps again, last, when it loses. A
/// marked release and every sleep pay a system call. The bucket's own spinlock is not modelled.
/// Sources: U. Drepper, "Futexes are tricky", 2011, mutex2; kernel/futex/waitwake.c, Linux 6.12.
extension Engine {
  mutating func acquireFutex(_ lock: Int32, by task: Int32) -> Bool {
    if locks[Int(lock)].holder < 0 {
      own(lock, by: task)
      countUncontended(lock)
      return true
    }
    beginWait(lock, by: task)
    tasks[Int(task)].carry += costs.systemCall
    sleepOn(lock, task)
    return false
  }

  mutating func releaseFutex(_ lock: Int32, by task: Int32) {
    setFree(lock)
    let sleeper = firstSleeper(lock)
    guard sleeper >= 0 else { return }
    tasks[Int(sleeper)].retry = true
    tasks[Int(task)].carry += costs.systemCall
    rouse(sleeper, by: task)
  }

  mutating func retryFutex(_ lock: Int32, by task: Int32) -> Bool {
    if locks[Int(lock)].holder < 0 {
      own(lock, by: task)
      countWaited(lock, by: task)
      return true
    }
    sleepOn(lock, task)
    return false
  }
}
