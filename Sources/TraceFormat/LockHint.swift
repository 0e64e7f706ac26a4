/// What the recorder could say of a lock when it first saw it, beyond its address.
public enum LockHint: UInt32, Sendable, CaseIterable {
  /// Nothing.
  case unknown = 0
  /// `mmap_lock` of the current address space (`object`: the mm).
  case mmapLock = 1
  /// `siglock` of the current process (`object`: the sighand).
  case sigLock = 2
  /// A run queue's lock (`object`: its CPU).
  case runQueue = 3
  /// A lock inside a slab object (`object`: the object's start, `c`: the cache).
  case slab = 4
  /// A lock inside the per-CPU area (`object`: its CPU).
  case perCPU = 5
  /// A static symbol; the symbol table names it.
  case symbol = 6
  /// A lock of a memory zone or its lru (`object`: the zone or lruvec).
  case zone = 7
}
