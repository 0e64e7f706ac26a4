/// Functions whose sender waits until every target has run them.
///
/// The wait argument of smp_call_function is not traced. Source: the callers of
/// on_each_cpu_cond_mask, smp_call_function_many and smp_call_function_single with wait = 1 in
/// arch/x86/mm/tlb.c, kernel/sched/membarrier.c, kernel/events/core.c and arch/x86/lib (Linux 6.18).
enum WaitedFunction {
  private static let names: Set<String> = [
    "flush_tlb_func", "do_flush_tlb_all", "do_kernel_range_flush", "ipi_mb", "ipi_sync_core",
    "ipi_rseq", "ipi_sync_rq_state", "do_sync_core", "remote_function", "__perf_event_read",
    "__rdmsr_on_cpu", "__wrmsr_on_cpu", "mtrr_rendezvous_handler", "ipi_flush_tlb_page",
    "ipi_flush_tlb_range", "ipi_flush_tlb_mm",
  ]

  /// Whether the sender of `name` is known to wait.
  static func contains(_ name: String) -> Bool {
    names.contains(String(name.prefix { $0 != " " && $0 != "." }))
  }
}
