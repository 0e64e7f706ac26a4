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
  /// A lock inside a slab object (`c`: the cache, whose name is in the symbol table as type `k`).
  case slab = 4
  /// A lock inside the per-CPU area (`object`: its CPU).
  case perCPU = 5
  /// Static data of the kernel; the symbol table names it where the kernel has data symbols.
  case symbol = 6
  /// A lock of a memory zone or its lru (`object`: the zone or lruvec).
  case zone = 7
  /// `page_table_lock` of the current address space (`object`: the mm).
  case pageTableLock = 8
  /// `file_lock` of the current task's open files (`object`: the files_struct).
  case filesLock = 9
  /// `pi_lock` of the current task (`object`: the task_struct).
  case taskPI = 10
  /// `cred_guard_mutex` of the current process (`object`: the signal_struct).
  case credGuard = 11
}
