/// Which functions are the lock itself or the recorder, and so not the caller.
///
/// perf skips what lies in __sched_text and __lock_text (machine__is_lock_function,
/// tools/perf/util/machine.c, Linux 6.18); a trace's symbol table need not hold those marks, so the
/// same functions are known here by name.
enum LockFunction {
  private static let prefixes = [
    "native_queued_", "__pv_queued_", "pv_queued_", "queued_", "__raw_callee_save___pv_",
    "virt_spin_lock", "_raw_spin_", "__raw_spin_", "_raw_read_", "_raw_write_", "__raw_read_",
    "__raw_write_", "do_raw_", "__mutex_", "mutex_", "ww_mutex_", "__ww_mutex_", "_mutex_",
    "rwsem_", "__down_read", "__down_write", "down_read", "down_write", "__down", "__percpu_rwsem_",
    "percpu_rwsem_", "percpu_down_", "__percpu_down_", "rt_mutex_", "__rt_mutex_", "rtlock_",
    "rt_spin_", "rt_read_", "rt_write_", "rwbase_", "__rt_", "osq_", "__lockfunc", "lock_acquire",
    "trace_contention_", "__traceiter_", "__bpf_trace_", "bpf_", "__bpf_", "trace_call_bpf",
    "__schedule_raw_spin", "rqspinlock_", "resilient_", "schedule_preempt_disabled",
  ]
  private static let exact: Set<String> = [
    "down", "down_interruptible", "down_killable", "down_trylock", "down_timeout", "schedule",
    "__schedule", "schedule_timeout", "io_schedule", "down_common", "__down_common",
  ]

  /// Whether `name` (with or without its module) is part of a lock's own code.
  static func contains(_ name: String) -> Bool {
    let bare = name.prefix { $0 != " " && $0 != "." }
    if bare.hasPrefix("bpf_prog_") { return true }
    return exact.contains(String(bare)) || prefixes.contains { bare.hasPrefix($0) }
  }
}
