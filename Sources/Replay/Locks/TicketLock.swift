/// The ticket spinlock: FIFO, but every waiter spins on the one lock word.
///
/// A release invalidates the line in all k waiters' caches; their re-reads are served one after the
/// other, and the next owner's is on average the k/2-th: the hand-over takes c k / 2 longer, where c is
/// the time one request occupies the line. Source: S. Boyd-Wickizer, M. F. Kaashoek, R. Morris, N.
/// Zeldovich, "Non-scalable locks are dangerous", Linux Symposium 2012, section 4.1. The Linux form is
/// that of 2.6.25 to 4.1 (N. Piggin, "x86: FIFO ticket spinlocks").
extension Engine {
  /// Takes a free lock, or spins; also for test-and-set and CNA, which differ in who is next.
  mutating func acquireSpinning(_ lock: Int32, by task: Int32) -> Bool {
    tasks[Int(task)].spinDepth += 1
    if locks[Int(lock)].holder < 0 {
      own(lock, by: task)
      countUncontended(lock)
      return true
    }
    beginWait(lock, by: task)
    joinSpinners(lock, task)
    return false
  }

  mutating func releaseTicket(_ lock: Int32, by task: Int32) {
    tasks[Int(task)].spinDepth -= 1
    let waiting = Double(locks[Int(lock)].spinners)
    let next = firstSpinner(lock)
    guard next >= 0 else {
      setFree(lock)
      return
    }
    own(lock, by: next, extra: requestTime(lock, next) * (waiting - 1) / 2)
    countWaited(lock, by: next)
    resume(next)
  }

  /// The time one of several simultaneous requests occupies the lock's line; zero for a lock that
  /// moves no lines.
  func requestTime(_ lock: Int32, _ next: Int32) -> Double {
    guard locks[Int(lock)].lines > 0 else { return 0 }
    return costs.lineService ?? travel(from: locks[Int(lock)].lastCPU, to: tasks[Int(next)].cpu)
  }
}
