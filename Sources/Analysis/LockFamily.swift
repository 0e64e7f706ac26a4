public import TraceFormat
public import Workloads

/// What kind of lock a contention is on: readers and writers of one lock are of one family.
public enum LockFamily: UInt8, Sendable, CaseIterable {
  /// raw_spinlock_t, spinlock_t (not on PREEMPT_RT).
  case spinlock
  /// rwlock_t.
  case rwlock
  /// struct mutex, ww_mutex.
  case mutex
  /// struct rw_semaphore.
  case rwsem
  /// struct percpu_rw_semaphore.
  case percpuRwsem
  /// struct rt_mutex; spinlock_t and mutex on PREEMPT_RT.
  case rtmutex
  /// rwlock_t and rw_semaphore on PREEMPT_RT.
  case rwlockRT
  /// struct semaphore: contention_begin without any flag.
  case semaphore

  /// The family that lock:contention_begin's flags name.
  ///
  /// Source: lock_type_table in tools/perf/builtin-lock.c and the callers of
  /// trace_contention_begin in kernel/locking (Linux 6.18).
  @inlinable
  public init(_ flags: LockFlags) {
    if flags.contains(.mutex) {
      self = .mutex
    } else if flags.contains(.perCPU) {
      self = .percpuRwsem
    } else if flags.contains(.realTime) {
      self = flags.isDisjoint(with: [.read, .write]) ? .rtmutex : .rwlockRT
    } else if flags.contains(.spin) {
      self = flags.isDisjoint(with: [.read, .write]) ? .spinlock : .rwlock
    } else {
      self = flags.isDisjoint(with: [.read, .write]) ? .semaphore : .rwsem
    }
  }

  /// The family as reports and workloads spell it.
  public var name: String {
    switch self {
    case .spinlock: "spinlock"
    case .rwlock: "rwlock"
    case .mutex: "mutex"
    case .rwsem: "rwsem"
    case .percpuRwsem: "percpu-rwsem"
    case .rtmutex: "rtmutex"
    case .rwlockRT: "rwlock-rt"
    case .semaphore: "semaphore"
    }
  }

  /// The family with the mode, where it has one: `rwsem:W`.
  public func name(_ mode: LockMode) -> String {
    switch self {
    case .rwlock, .rwsem, .percpuRwsem, .rwlockRT: name + (mode == .read ? ":R" : ":W")
    default: name
    }
  }

  /// The kind that replays it: a semaphore sleeps in FIFO order as a mutex does, and a reader-writer
  /// lock of PREEMPT_RT is a semaphore that lends its priority.
  public var kind: LockKind {
    switch self {
    case .spinlock: .spinlock
    case .rwlock: .rwlock
    case .mutex, .semaphore: .mutex
    case .rwsem, .rwlockRT: .rwsem
    case .percpuRwsem: .percpuRwsem
    case .rtmutex: .rtmutex
    }
  }

  /// Whether a waiter spins for the whole of its wait.
  @inlinable public var spins: Bool { self == .spinlock || self == .rwlock }
}
