/// Locks without a name of their own that are known by who takes them.
///
/// Static locks have no symbol without CONFIG_KALLSYMS_ALL, and objects of a kmalloc cache no type; but
/// some functions take one lock of a kind and no other. Source: the functions' own text in Linux 6.18,
/// in the file named beside each. perf names some of the same locks by address
/// (tools/perf/util/bpf_skel/lock_contention.bpf.c), which a trace has not.
enum LockRole {
  /// Functions, or what their names start with, that take one lock of a family.
  private struct Rule: Sendable {
    var family: LockFamily
    var name: String
    var callers: [String]
  }

  private static let rules: [Rule] = [
    // kernel/futex/core.c, waitwake.c, requeue.c: futex_hash_bucket.lock.
    Rule(
      family: .spinlock, name: "futex bucket",
      callers: [
        "futex_wake", "futex_wait_setup", "futex_q_lock", "futex_unqueue", "futex_requeue",
        "futex_lock_pi", "futex_unlock_pi",
      ]),
    // mm/memcontrol.c: lruvec.lru_lock.
    Rule(family: .spinlock, name: "lruvec.lru_lock", callers: ["folio_lruvec_lock*"]),
    // mm/page_alloc.c: zone.lock; __rmqueue_pcplist has rmqueue_bulk inside.
    Rule(
      family: .spinlock, name: "zone.lock",
      callers: [
        "rmqueue_bulk", "__rmqueue_pcplist", "rmqueue_buddy", "rmqueue", "free_pcppages_bulk",
        "free_one_page",
      ]),
    // kernel/rcu/tree.c: rcu_node.lock.
    Rule(
      family: .spinlock, name: "rcu_node.lock",
      callers: [
        "rcu_core", "rcu_gp_init", "rcu_gp_cleanup", "force_qs_rnp", "note_gp_changes",
        "rcu_report_qs_rdp",
      ]),
    // kernel/pid.c.
    Rule(family: .spinlock, name: "pidmap_lock", callers: ["alloc_pid", "free_pid"]),
    // fs/inode.c.
    Rule(
      family: .spinlock, name: "inode_hash_lock", callers: ["insert_inode_locked", "iget_locked"]),
    // fs/inode.c: super_block.s_inode_list_lock.
    Rule(
      family: .spinlock, name: "super_block.s_inode_list_lock",
      callers: ["new_inode", "inode_sb_list_add"]),
    // fs/proc/proc_sysctl.c.
    Rule(family: .spinlock, name: "sysctl_lock", callers: ["proc_sys_*"]),
    // kernel/cgroup/cgroup.c.
    Rule(
      family: .spinlock, name: "css_set_lock",
      callers: ["cgroup_can_fork", "cgroup_post_fork", "cgroup_exit", "cgroup_task_dead"]),
    // lib/percpu_counter.c: percpu_counter.lock.
    Rule(family: .spinlock, name: "percpu_counter.lock", callers: ["__percpu_counter_sum"]),
    // kernel/fork.c, exit.c, sys.c.
    Rule(
      family: .rwlock, name: "tasklist_lock",
      callers: ["copy_process", "do_exit", "release_task", "__do_wait", "__do_sys_setpgid"]),
    // fs/namei.c: super_block.s_vfs_rename_mutex; do_renameat2 has lock_rename inside.
    Rule(
      family: .mutex, name: "super_block.s_vfs_rename_mutex",
      callers: ["lock_rename", "lock_rename_child", "do_renameat2"]),
    // fs/pipe.c: pipe_inode_info.mutex.
    Rule(
      family: .mutex, name: "pipe_inode_info.mutex",
      callers: ["anon_pipe_read", "anon_pipe_write", "pipe_read", "pipe_write", "pipe_ioctl"]),
    // fs/namespace.c, fs/super.c: super_block.s_writers.
    Rule(
      family: .percpuRwsem, name: "super_block.s_writers",
      callers: ["mnt_want_write", "mnt_want_write_file", "sb_start_write", "freeze_super"]),
    // kernel/cgroup/cgroup.c, kernel/fork.c: cgroup_threadgroup_rwsem.
    Rule(
      family: .percpuRwsem, name: "cgroup_threadgroup_rwsem",
      callers: ["cgroup_procs_write_start", "cgroup_attach_lock", "copy_process", "do_exit"]),
  ]

  private static let exact: [String: String] = table { !$0.hasSuffix("*") }
  private static let prefixes: [(key: String, name: String)] =
    table { $0.hasSuffix("*") }.map { (String($0.key.dropLast()), $0.value) }
    .sorted { $0.key < $1.key }

  private static func table(_ chosen: (String) -> Bool) -> [String: String] {
    var table: [String: String] = [:]
    for rule in rules {
      for caller in rule.callers where chosen(caller) {
        table["\(rule.family.rawValue) \(caller)"] = rule.name
      }
    }
    return table
  }

  /// The lock of `family` that `caller` takes, where it can be no other.
  static func name(_ family: LockFamily, caller: String) -> String? {
    // The compiler's parts of a function: `d_move.part.0`.
    let key = "\(family.rawValue) \(caller.prefix { $0 != " " && $0 != "." })"
    return exact[key] ?? prefixes.first { key.hasPrefix($0.key) }?.name
  }
}
