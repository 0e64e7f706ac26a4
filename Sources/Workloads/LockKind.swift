/// How a lock decides who is next and what a waiter does meanwhile.
///
/// The raw value is the word used in files and reports; `mode` tells readers from writers where the
/// kind has both.
public enum LockKind: String, Sendable, CaseIterable {
  /// The kernel's queued spinlock: a pending bit, then an MCS queue (Linux 4.2, Long 2015).
  case spinlock
  /// FIFO by ticket: every waiter spins on one line (Linux 2.6.25 to 4.1).
  case ticket
  /// Test-and-set: no order (the fallback of virtual machines without paravirt locks).
  case tas
  /// An MCS queue without a pending bit (Mellor-Crummey and Scott 1991).
  case mcs
  /// The compact NUMA-aware queued spinlock (Dice and Kogan, EuroSys 2019; LKML v2..v15).
  case cna
  /// The queued reader-writer spinlock.
  case rwlock
  /// A mutex: optimistic spinning behind an OSQ, then sleep; FIFO hand-off to a starved waiter.
  case mutex
  /// A reader-writer semaphore with writer spinning and hand-off.
  case rwsem
  /// A reader-writer semaphore whose readers touch their own CPU's counter alone.
  case percpuRwsem = "percpu-rwsem"
  /// A mutex with priority inheritance; what a spinlock is on PREEMPT_RT.
  case rtmutex
  /// A user-space mutex that sleeps in a futex bucket.
  case futex
  /// No lock: a line that every step modifies atomically.
  case counter
  /// A read side without cost (RCU, seqcount readers).
  case rcu

  /// Whether a waiter spins on its CPU for as long as it waits.
  public var spins: Bool {
    switch self {
    case .spinlock, .ticket, .tas, .mcs, .cna, .rwlock, .counter: true
    case .mutex, .rwsem, .percpuRwsem, .rtmutex, .futex, .rcu: false
    }
  }

  /// Whether several readers may own it together.
  public var hasReaders: Bool {
    switch self {
    case .rwlock, .rwsem, .percpuRwsem: true
    default: false
    }
  }
}

/// How an acquisition owns a lock that has readers.
public enum LockMode: String, Sendable, Codable {
  /// Together with other readers.
  case read
  /// Alone.
  case write
}
