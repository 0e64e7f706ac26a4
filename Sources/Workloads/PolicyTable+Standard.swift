extension PolicyTable {
  /// The group of classes that no rule knows by name: private at best, owned by one OSlet at worst.
  public static let unknown = "unknown"

  /// The table that ships.
  ///
  /// Sources: McKenney's minutes of the OSlet design session (LKML 2002-06-24, Message-ID
  /// OFE468962D.E4F46C96-ON88256BE2.00755AF2@boulder.ibm.com) for what crosses and what cannot;
  /// McVoy (LKML 2001-12-04 and 2001-12-06) for a shared page cache and private everything else;
  /// Miller (LKML 2001-12-05) for name lookup, which stays shared.
  public static let standard = PolicyTable([
    Rule(
      words: ["mount_lock", "namespace_sem", "fs_context"], .replicated, group: "fs",
      reason: "mount tables are read on every lookup and rarely written"),
    Rule(
      words: ["rtnl", "fib_", "neigh", "route"], .replicated, group: "net",
      reason: "routes and neighbours are read per packet and rarely written"),
    Rule(
      words: [
        "rename_lock", "dentry", "dcache", "d_lock", "lockref", "inode", "i_rwsem", "i_lock",
        "i_mutex", "i_mmap", "sb_lock", "s_umount", "super_block", "s_inode", "s_vfs_rename",
        // Callers in fs/namei.c, fs/dcache.c, fs/inode.c, fs/readdir.c, fs/namespace.c: a lock that
        // only they take belongs to a name or an inode.
        "lock_rename", "do_renameat", "do_unlinkat", "do_rmdir", "do_mkdirat", "filename_create",
        "open_last_lookups", "path_openat", "lookup_", "walk_component", "vfs_", "iterate_dir",
        "d_alloc", "d_lookup", "d_invalidate", "d_delete", "d_move", "d_walk", "dput", "dget",
        "iput", "iget", "evict", "new_inode", "simple_", "dcache_",
      ], .owned, group: "fs",
      reason: "one name space over all OSlets: names and inodes live with the file system's owner"),
    Rule(
      words: [
        "jbd2", "start_this_handle", "ext4", "xfs", "btrfs", "f2fs", "tmpfs", "shmem", "ovl_",
        "overlay", "writeback", "wb_",
      ], .owned, group: "fs", reason: "a file system has one owner; others ask it"),
    Rule(
      words: ["page_cache", "i_pages", "xa_lock"], .hardwareShared, group: "fs",
      reason: "files sit in one global page cache that every OSlet maps"),
    Rule(
      words: ["blk", "request_queue", "queue_lock", "elevator", "nvme", "scsi"], .owned,
      group: "block", reason: "a device belongs to one OSlet; others use a proxy"),
    Rule(
      words: ["inet_hash", "inet_bind", "ephemeral", "udp_table", "port"], .owned, group: "net",
      reason: "the port space is one for the machine"),
    Rule(
      words: ["sk_lock", "sock", "slock", "qdisc", "netdev", "napi", "skb", "tcp", "nf_"],
      .private, group: "net", reason: "a network stack per OSlet; a socket stays where it is"),
    Rule(
      words: ["tasklist_lock", "pidmap", "pid_", "ptmx", "tty"], .owned, group: "proc",
      reason: "process ids, groups and terminals are one space"),
    Rule(
      words: [
        "rq", "runqueue", "raw_spin_rq", "try_to_wake_up", "cfs_", "rt_b", "dl_b", "cpuset",
        "load_balance", "wake_q",
      ],
      .private, group: "sched", reason: "an OSlet schedules its own CPUs"),
    Rule(
      words: [
        "zone", "lru", "folio_", "pcp", "free_pcppages", "free_pcp", "rmqueue", "release_pages",
        "list_lock", "kmem_cache", "slab", "vmap", "swap",
        "shrinker", "memcg", "page_alloc",
      ], .private, group: "mm", reason: "an OSlet allocates from its own memory"),
    Rule(
      words: ["mmap_lock", "page_table", "ptl", "pte_", "anon_vma", "vma"], .private, group: "mm",
      reason: "an address space lives in one OSlet"),
    Rule(
      words: ["futex"], .private, group: "futex",
      reason: "a process lives in one OSlet, so its waiters meet in that OSlet's buckets"),
    Rule(
      words: ["timer", "hrtimer", "clockevents", "rcu", "srcu", "workqueue", "pool_lock"],
      .private, group: "core", reason: "kernel-internal: every kernel has its own"),
    Rule(scope: .filesystem, .owned, group: "fs", reason: "a file system has one owner"),
    Rule(scope: .device, .owned, group: "dev", reason: "a device belongs to one OSlet"),
    Rule(scope: .cpu, .private, reason: "a CPU belongs to one OSlet"),
    Rule(scope: .task, .private, reason: "a task runs in one OSlet"),
    Rule(scope: .process, .private, reason: "a process lives in one OSlet"),
    Rule(scope: .cgroup, .private, reason: "a cgroup is kept per OSlet, without a common total"),
    Rule(
      scope: .image, .private, group: unknown,
      reason: "not known: taken as kernel-internal, the best case; owned:unknown is the worst"),
  ])
}
