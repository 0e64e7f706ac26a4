import Workloads

/// The kernel's queued spinlock, and the MCS lock it grew from.
///
/// FIFO. The first waiter spins on the lock word (the pending bit), every later one on its own node in
/// an MCS queue, so a release moves the lines once, to the next owner, however many wait. Only waiters
/// behind the pending one pass the contention tracepoints. Sources: kernel/locking/qspinlock.c, Linux
/// 6.12 (`queued_spin_lock_slowpath`; W. Long and P. Zijlstra, Linux 4.2); J. Mellor-Crummey and M.
/// Scott, "Algorithms for scalable synchronization", ACM TOCS 9(1), 1991.
extension Engine {
  @inline(__always)
  mutating func acquireQueued(_ lock: Int32, by task: Int32) -> Bool {
    let l = Int(lock)
    tasks[Int(task)].spinDepth += 1
    if locks[l].holder < 0 {
      own(lock, by: task)
      countUncontended(lock)
      return true
    }
    beginWait(
      lock, by: task,
      traced: locks[l].spinners > 0 || tracepoints.showFirstSpinner || locks[l].kind != .spinlock)
    joinSpinners(lock, task)
    return false
  }

  @inline(__always)
  mutating func releaseQueued(_ lock: Int32, by task: Int32) {
    tasks[Int(task)].spinDepth -= 1
    let next = firstSpinner(lock)
    guard next >= 0 else {
      setFree(lock)
      return
    }
    own(lock, by: next)
    countWaited(lock, by: next)
    resume(next)
  }
}
