/// The mutex with priority inheritance: whoever finds it taken sleeps, and a release hands it to the
/// first sleeper.
///
/// All tasks have one priority here, so the order is FIFO, and none may steal the lock from the
/// sleeper that was woken for it. The adaptive spin of PREEMPT_RT's spinlocks (Linux 5.16) is not
/// modelled. Source: kernel/locking/rtmutex.c, Linux 6.12 (`try_to_take_rt_mutex`,
/// `mark_wakeup_next_waiter`).
extension Engine {
  mutating func acquireRTMutex(_ lock: Int32, by task: Int32) -> Bool {
    if locks[Int(lock)].holder < 0 {
      own(lock, by: task)
      countUncontended(lock)
      return true
    }
    beginWait(lock, by: task)
    sleepOn(lock, task)
    return false
  }

  mutating func releaseRTMutex(_ lock: Int32, by task: Int32) {
    let next = firstSleeper(lock)
    guard next >= 0 else {
      setFree(lock)
      return
    }
    own(lock, by: next)
    countWaited(lock, by: next)
    rouse(next, by: task)
  }
}
