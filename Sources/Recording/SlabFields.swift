/// The locks inside the objects of each slab cache, by the kernel's type information.
///
/// A cache is called after the type of its objects, with one of a few endings (KMEM_CACHE in
/// include/linux/slab.h calls it after the type itself). Caches of like objects are merged into one
/// that keeps the first one's name (`slab_mergeable`, mm/slab_common.c), so what lies at an offset is
/// looked for in the types of all that were merged, and named where one alone has a lock there.
struct SlabFields: Sendable {
  /// By cache: its locks, ascending by offset.
  private var locks: [String: [Lock]] = [:]

  /// A lock in an object.
  private struct Lock: Hashable, Sendable {
    var offset: UInt64
    /// The type and the way to the lock in it: `inode.i_rwsem`.
    var name: String
  }

  /// No fields.
  init() {}

  /// The fields of all caches that the kernel lists, each with those it is merged with.
  ///
  /// - Parameter groups: names of caches that are one.
  init(_ types: borrowing KernelTypes, groups: [[String]] = SlabFields.merged()) {
    let structures = types.structures(Set(groups.joined().flatMap(Self.typeNames)))
    for group in groups {
      var found: [Lock] = []
      for cache in group {
        guard let type = Self.typeNames(cache).first(where: { structures[$0] != nil }),
          let id = structures[type]
        else { continue }
        found += types.locks(inStructure: id).map {
          Lock(offset: UInt64($0.offset), name: "\(type).\($0.path)")
        }
      }
      found.sort { ($0.offset, $0.name) < ($1.offset, $1.name) }
      for cache in group where !found.isEmpty { locks[cache] = found }
    }
  }

  /// The field at an offset in a cache's objects; nil where none or several are known.
  func name(cache: String, offset: UInt64) -> String? {
    guard let matching = locks[cache]?.filter({ $0.offset == offset }), matching.count == 1 else {
      return nil
    }
    return matching[0].name
  }

  /// What the objects of a cache may be called, the likeliest first.
  static func typeNames(_ cache: String) -> [String] {
    if let known = unusual[cache] { return [known] }
    var names = [cache]
    for ending in ["_cache", "_cachep"] where cache.hasSuffix(ending) {
      let stem = cache.dropLast(ending.count)
      names += ["\(stem)_info", "\(stem)_struct", String(stem)]
    }
    return names + ["\(cache.lowercased())_sock"]
  }

  /// Caches called otherwise (kmem_cache_create calls of Linux 6.18; protocols by their `slab` size in
  /// net/).
  private static let unusual = [
    "bdev_cache": "bdev_inode", "filp": "file", "sock_inode_cache": "socket_alloc",
    "net_namespace": "net", "mnt_cache": "mount", "eventpoll_epi": "epitem",
    "eventpoll_pwq": "eppoll_entry", "TCPv6": "tcp6_sock", "UDPv6": "udp6_sock",
    "RAWv6": "raw6_sock", "UNIX-STREAM": "unix_sock", "AF_VSOCK": "vsock_sock",
    "posix_timers_cache": "k_itimer", "uid_cache": "user_struct", "key_jar": "key",
    "radix_tree_node": "xa_node", "blkdev_ioc": "io_context", "numa_policy": "mempolicy",
    "btrfs_extent_buffer": "extent_buffer", "ext4_groupinfo_4k": "ext4_group_info",
    "xfs_ili": "xfs_inode_log_item", "file_lock_ctx": "file_lock_context",
    "jbd2_journal_head": "journal_head", "jbd2_transaction_s": "transaction_s",
  ]

  /// The caches of this kernel, those together that are one: /sys/kernel/slab has a link to the same
  /// folder for each of them.
  static func merged(_ folder: String = "/sys/kernel/slab") -> [[String]] {
    var groups: [String: [String]] = [:]
    for name in KernelFile.names(in: folder) where !name.hasPrefix(":") {
      groups[KernelFile.link("\(folder)/\(name)") ?? name, default: []].append(name)
    }
    return groups.values.map { $0.sorted() }.sorted { $0[0] < $1[0] }
  }
}
