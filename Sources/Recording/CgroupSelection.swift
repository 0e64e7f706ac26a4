import CBPF
import Glibc

/// The control groups that `record -G` names, as the probes look for them.
enum CgroupSelection {
  /// The ids of these groups of the unified hierarchy and of all below them.
  ///
  /// A name is a path below the hierarchy's root, with or without a slash before it; the id of a
  /// group is the inode number of its folder (`kernfs_node.id`, Linux 5.5).
  static func ids(_ names: [String]) throws(RecordError) -> [UInt64] {
    guard !names.isEmpty else { return [] }
    guard let root = unifiedRoot() else {
      throw .badOption("-G", reason: "the unified cgroup hierarchy is not mounted")
    }
    var ids: Set<UInt64> = []
    for name in names {
      let path = root + "/" + name.drop { $0 == "/" }
      guard !name.split(separator: "/").contains(".."), collect(path, into: &ids) else {
        throw .badOption("-G", reason: "no cgroup \"\(name)\" below \(root)")
      }
    }
    return ids.sorted()
  }

  /// Where the hierarchy is mounted.
  static func unifiedRoot(mounts: String? = KernelFile.text("/proc/self/mounts")) -> String? {
    for line in (mounts ?? "").split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count > 2, words[2] == "cgroup2" { return String(words[1]) }
    }
    return nil
  }

  private static func collect(_ path: String, into ids: inout Set<UInt64>) -> Bool {
    var status = stat()
    guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return false }
    ids.insert(UInt64(status.st_ino))
    for name in KernelFile.names(in: path) { _ = collect(path + "/" + name, into: &ids) }
    return true
  }
}
