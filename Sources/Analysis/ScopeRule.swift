import TraceFormat
import Workloads

/// Who shares one instance of a class.
///
/// First what the lock is: a static variable or a zone belongs to the image, a run queue or a per-CPU
/// variable to a CPU, `mmap_lock`, `siglock` and their like to a process. Else who was seen waiting: where nearly
/// every contention is on an instance that one process alone waited for, and the class has several
/// such instances, one of each process or several of one, it is the process's. Everything else is
/// taken to be the image's, which never flatters a partition.
enum ScopeRule {
  /// Share of contentions on single-process instances above which a class is a process's.
  static let single = 0.95

  /// The scope of a class.
  ///
  /// - Parameters:
  ///   - privateShare: share of its contentions on instances that one process alone waited for.
  ///   - instances: its instances that anyone waited for.
  ///   - processes: the processes that waited for any of them.
  static func scope(
    _ role: LockNaming.Role, privateShare: Double, instances: Int, processes: Int
  ) -> Scope {
    switch role.origin {
    case .hint(.runQueue), .hint(.perCPU): return .cpu
    case .hint(.mmapLock), .hint(.sigLock), .hint(.pageTableLock), .hint(.filesLock),
      .hint(.credGuard):
      return .process
    case .hint(.taskPI): return .task
    case .hint(.zone), .variable: return .image
    default: break
    }
    if isOfFileSystem(role.name) { return .filesystem }
    if isOfCgroup(role.name) { return .cgroup }
    if privateShare >= single, instances >= 2, processes >= 1 { return .process }
    return .image
  }

  /// Whether nothing but its waiters says who shares a class.
  static func isOpen(_ role: LockNaming.Role) -> Bool {
    switch role.origin {
    case .caller, .none, .hint(.slab): true
    case .role: !isOfFileSystem(role.name)
    case .hint, .variable: false
    }
  }

  /// Locks of one memory cgroup, by their callers (mm/memcontrol.c, Linux 6.18).
  private static func isOfCgroup(_ name: String) -> Bool { name.contains(" via mem_cgroup_") }

  /// Locks of one super block: its own, as `LockRole` names them, and by their only takers those of
  /// ext4's journal (fs/jbd2).
  private static func isOfFileSystem(_ name: String) -> Bool {
    name.hasPrefix("super_block.") || name.contains(" via jbd2_")
      || name.contains(" via start_this_handle")
  }
}
