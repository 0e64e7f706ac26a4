import TraceFormat

/// One program of Probes/: its tracepoint, what it records, and what is lost without it.
struct Probe: Sendable {
  /// The program's name in the object.
  var program: String
  /// The tracepoint, as BTF names it after `btf_trace_`.
  var tracepoint: String
  /// The group that turns it on.
  var group: EventGroup
  /// The kinds it records; empty for a program that only counts.
  var kinds: [EventKind]
  /// The first kernel with the tracepoint.
  var since: String
  /// What a trace without it cannot tell.
  var without: String

  private init(
    _ tracepoint: String, _ group: EventGroup, _ kinds: [EventKind], since: String, without: String
  ) {
    self.program = tracepoint
    self.tracepoint = tracepoint
    self.group = group
    self.kinds = kinds
    self.since = since
    self.without = without
  }

  /// Every program, in the order in which they are attached: names and switches first, so that
  /// tasks are known before their waits.
  ///
  /// First kernels: capture-facts in docs/capture.md.
  static let all: [Probe] = [
    Probe(
      "sched_process_fork", .task, [.fork], since: "2.6.28",
      without: "tasks started while recording have no name"),
    Probe(
      "sched_process_exec", .task, [.exec], since: "3.4", without: "commands keep their old name"),
    Probe(
      "sched_process_exit", .task, [.exit], since: "2.6.28",
      without: "a thread id used twice is one task"),
    Probe(
      "sys_enter", .syscall, [], since: "2.6.33", without: "progress is not counted"),
    Probe(
      "sched_switch", .switch, [.schedSwitch], since: "2.6.28",
      without: "run time and idle time are unknown"),
    Probe(
      "sched_waking", .waking, [.schedWaking], since: "4.3", without: "who wakes whom is unknown"),
    Probe(
      "sched_wakeup", .wakeup, [.schedWakeup], since: "2.6.28",
      without: "wake-up latency is unknown"),
    Probe(
      "sched_wakeup_new", .wakeup, [.schedWakeup], since: "2.6.28",
      without: "first wake-ups of new tasks are not seen"),
    Probe(
      "sched_migrate_task", .migrate, [.schedMigrate], since: "2.6.28",
      without: "moves between CPUs show only at the next switch"),
    Probe(
      "csd_queue_cpu", .csd, [.csdQueue], since: "6.5",
      without: "the sender and target matrix is bounded, not exact"),
    Probe(
      "csd_function_entry", .csd, [.csdFunctionEntry], since: "6.5",
      without: "the latency from send to handler is unknown"),
    Probe(
      "csd_function_exit", .csd, [.csdFunctionExit], since: "6.5",
      without: "handler time by function is unknown"),
    Probe(
      "ipi_send_cpu", .ipi, [.ipiSendCPU], since: "6.4",
      without: "senders of interrupts to one CPU are unknown"),
    Probe(
      "ipi_send_cpumask", .ipi, [.ipiSendMask], since: "6.4",
      without: "senders of interrupts to several CPUs are unknown"),
    Probe(
      "call_function_entry", .irq, [.callFunctionEntry], since: "2.6.31 (x86)", without: received),
    Probe(
      "call_function_exit", .irq, [.callFunctionExit], since: "2.6.31 (x86)", without: received),
    Probe(
      "call_function_single_entry", .irq, [.callFunctionSingleEntry], since: "2.6.31 (x86)",
      without: received),
    Probe(
      "call_function_single_exit", .irq, [.callFunctionSingleExit], since: "2.6.31 (x86)",
      without: received),
    Probe(
      "reschedule_entry", .irq, [.rescheduleEntry], since: "2.6.31 (x86)", without: received),
    Probe("reschedule_exit", .irq, [.rescheduleExit], since: "2.6.31 (x86)", without: received),
    Probe(
      "tlb_flush", .tlb, [.tlbFlush], since: "3.16 (x86)", without: "TLB flushes are not seen"),
    Probe(
      "contention_begin", .lock, [.contentionBegin, .lockSeen], since: "5.19",
      without: "lock waits are not recorded"),
    Probe(
      "contention_end", .lock, [.contentionEnd], since: "5.19",
      without: "the length of lock waits is unknown"),
  ]

  private static let received = "received interrupts are not seen on this side"
}
