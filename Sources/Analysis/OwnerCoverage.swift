import TraceFormat

/// How often a wait's begin told who had the lock.
///
/// Only locks that may sleep keep their owner. One that nobody owned at that moment was between two
/// owners: given back while tasks wait on its list, which closes the fast path.
public struct OwnerCoverage: Hashable, Sendable, Encodable {
  /// Begins of waits for mutexes, reader-writer semaphores and rtmutexes.
  public private(set) var begins: UInt64 = 0
  /// Those that named an owner.
  public private(set) var known: UInt64 = 0
  /// Of these, owners that were one of the readers.
  public private(set) var readers: UInt64 = 0

  enum CodingKeys: String, CodingKey { case begins, known, readers }

  /// Counts a contention_begin.
  mutating func count(_ event: Event) {
    switch LockFamily(LockFlags(rawValue: event.value)) {
    case .mutex, .rwsem, .rtmutex: break
    case .spinlock, .rwlock, .percpuRwsem, .rwlockRT, .semaphore: return
    }
    begins += 1
    guard event.owner.isKnown else { return }
    known += 1
    if event.owner.reads { readers += 1 }
  }
}
