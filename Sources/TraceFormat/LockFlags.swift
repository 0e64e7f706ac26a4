/// The flags of lock:contention_begin.
///
/// Source: include/trace/events/lock.h, LCB_F_* (Linux 5.19); LCB_F_MUTEX by "locking/mutex:
/// Make contention tracepoints more consistent wrt adaptive spinning".
public struct LockFlags: OptionSet, Hashable, Sendable {
  /// The bits.
  public var rawValue: UInt32

  /// The flags of these bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// LCB_F_SPIN: the waiter spins.
  public static let spin = LockFlags(rawValue: 1 << 0)
  /// LCB_F_READ: a reader.
  public static let read = LockFlags(rawValue: 1 << 1)
  /// LCB_F_WRITE: a writer.
  public static let write = LockFlags(rawValue: 1 << 2)
  /// LCB_F_RT: an rtmutex.
  public static let realTime = LockFlags(rawValue: 1 << 3)
  /// LCB_F_PERCPU: a percpu-rwsem.
  public static let perCPU = LockFlags(rawValue: 1 << 4)
  /// LCB_F_MUTEX: a mutex.
  public static let mutex = LockFlags(rawValue: 1 << 5)

  /// The kernel's names, bit by bit.
  static let names = ["SPIN", "READ", "WRITE", "RT", "PERCPU", "MUTEX"]
}
