import TraceFormat

/// Which waiters of a lock family a kernel traces.
public enum Regime: String, Sendable, Codable {
  /// Every acquisition that finds the lock held: paravirt spinlocks, mutexes, rtmutexes.
  case everyWaiter = "every waiter"
  /// Only who finds it held and somebody waiting: native queued locks, whose first waiter spins on
  /// the pending bit and returns before contention_begin (queued_spin_lock_slowpath, Linux 5.19).
  case notFirstWaiter = "all but the first waiter"
  /// Only who queues; a writer that gets an rwsem by optimistic spinning is not traced
  /// (rwsem_down_write_slowpath, Linux 5.19). Rates are lower bounds.
  case onlyQueued = "only queued waiters"
  /// Nobody: the test-and-set fallback of virtual machines (virt_spin_lock).
  case nobody = "no waiter"

  /// The regime of `family` in a trace with these facts: what the recorder says, else what the kernel
  /// configuration implies.
  init(_ family: LockFamily, facts: TraceFacts) {
    // On PREEMPT_RT only raw spinlocks still spin and carry the flag.
    let raw = family == .spinlock ? facts.regimes["raw spinlock"] : nil
    let said = (raw ?? facts.regimes[family.name])?.lowercased() ?? ""
    if said.contains("first") {
      self = .notFirstWaiter
    } else if said.hasPrefix("no waiter") || said.contains("none") {
      self = .nobody
    } else if said.contains("every") {
      self = .everyWaiter
    } else {
      switch family {
      case .spinlock:
        let paravirt =
          facts.kernel.hypervisor != nil
          && facts.kernel.config["CONFIG_PARAVIRT_SPINLOCKS"] == "y"
        self = paravirt ? .everyWaiter : .notFirstWaiter
      case .rwsem, .percpuRwsem: self = .onlyQueued
      case .rwlock, .mutex, .rtmutex, .rwlockRT, .semaphore: self = .everyWaiter
      }
    }
  }
}
