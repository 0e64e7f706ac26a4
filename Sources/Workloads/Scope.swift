/// Who shares one instance of a lock class.
public enum Scope: String, Sendable, Codable, CaseIterable, Comparable {
  /// One instance a CPU (run queues, per-CPU lists).
  case cpu
  /// One instance a task.
  case task
  /// One instance an address space (mmap_lock, file table).
  case process
  /// One instance a cgroup.
  case cgroup
  /// One instance a mounted file system.
  case filesystem
  /// One instance a device.
  case device
  /// One instance for the whole kernel.
  case image

  private var breadth: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// Narrower before wider.
  public static func < (a: Scope, b: Scope) -> Bool { a.breadth < b.breadth }
}
