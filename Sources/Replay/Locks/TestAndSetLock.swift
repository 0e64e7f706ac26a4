import Measures

/// The test-and-set spinlock: no order, and every waiter tries again after every release.
///
/// All k waiters re-read the line as with a ticket lock (c k / 2 until the winner's request is served),
/// then the losers' atomics still take the line once each, which delays the next release by another
/// c k / 2 on average. Sources: T. E. Anderson, "The performance of spin lock alternatives for
/// shared-memory multiprocessors", IEEE TPDS 1(1), 1990, section 3; the Linux form is `virt_spin_lock`,
/// arch/x86/include/asm/qspinlock.h, Linux 6.12.
extension Engine {
  mutating func releaseTestAndSet(_ lock: Int32, by task: Int32) {
    tasks[Int(task)].spinDepth -= 1
    let l = Int(lock)
    let waiting = Int(locks[l].spinners)
    guard waiting > 0 else {
      setFree(lock)
      return
    }
    var previous: Int32 = -1
    var next = locks[l].head
    for _ in 0..<random.index(below: waiting) {
      previous = next
      next = tasks[Int(next)].lockNext
    }
    removeSpinner(lock, next, after: previous)
    own(lock, by: next, extra: requestTime(lock, next) * Double(waiting - 1))
    countWaited(lock, by: next)
    resume(next)
  }
}
