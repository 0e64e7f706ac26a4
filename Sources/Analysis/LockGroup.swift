/// Which part of the kernel a lock class belongs to, as layouts name them (`4x+fs:2x16`).
enum LockGroup {
  /// Words of class names and callers, by group; the first that matches decides.
  ///
  /// The words are prefixes and infixes of the kernel's own function names (Linux 6.18: fs/, net/, mm/,
  /// kernel/sched, block/, kernel/futex).
  private static let words: [(group: String, words: [String])] = [
    ("futex", ["futex"]),
    (
      "mm",
      [
        "mmap_lock", "zone", "lru", "page_fault", "handle_mm", "unmap", "vma", "mmap", "rmqueue",
        "free_pcp", "folio", "anon_vma", "swap", "munmap", "madvise", "mprotect",
      ]
    ),
    (
      "net",
      ["tcp", "udp", "sock", "skb", "net_", "inet", "dev_queue", "napi", "unix_", "sk_"]
    ),
    ("block", ["blk_", "bio_", "nvme", "scsi", "elv_", "dd_"]),
    ("sched", ["rq lock", "sched", "ttwu", "wake_up", "siglock", "tasklist", "pid", "exit_"]),
    (
      "fs",
      [
        "dentry", "inode", "rename", "d_alloc", "dput", "lockref", "path", "lookup", "open",
        "ext4", "xfs", "btrfs", "jbd2", "shmem", "tmpfs", "vfs", "file", "fd", "fs", "super",
        "mount", "iput", "iget", "unlink", "create", "mkdir", "d_", "readdir", "iterate_dir",
        "pipe",
      ]
    ),
  ]

  /// The group of a class by its name, or nil.
  static func group(_ name: String) -> String? {
    let lower = name.lowercased()
    return words.first { $0.words.contains { lower.contains($0) } }?.group
  }
}
