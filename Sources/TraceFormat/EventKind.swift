/// What an event says.
///
/// The raw value is the byte in the trace; numbers are never used again.
public enum EventKind: UInt8, Sendable, CaseIterable {
  /// lock:contention_begin: a task starts to wait. `a` lock, `b` its `LockOwner`, `value` LCB_F
  /// flags, `stack`.
  case contentionBegin = 1
  /// lock:contention_end: it waits no more. `a` lock, `value` the return code's bit pattern.
  case contentionEnd = 2
  /// csd:csd_queue_cpu. `a` csd, `b` function, `c` call site, `value` target CPU.
  case csdQueue = 3
  /// csd:csd_function_entry on the target. `a` csd, `b` function.
  case csdFunctionEntry = 4
  /// csd:csd_function_exit on the target. `a` csd, `b` function.
  case csdFunctionExit = 5
  /// ipi:ipi_send_cpu. `a` call site, `b` callback, `value` target CPU.
  case ipiSendCPU = 6
  /// ipi:ipi_send_cpumask, one event per non-zero word of the mask. `a` call site, `b` callback,
  /// `c` 64 mask bits, `value` the word's index, bit 31 set on the first word of one send.
  case ipiSendMask = 7
  /// irq_vectors:call_function_entry. `a` vector, as for the five below.
  case callFunctionEntry = 8
  /// irq_vectors:call_function_exit.
  case callFunctionExit = 9
  /// irq_vectors:call_function_single_entry.
  case callFunctionSingleEntry = 10
  /// irq_vectors:call_function_single_exit.
  case callFunctionSingleExit = 11
  /// irq_vectors:reschedule_entry.
  case rescheduleEntry = 12
  /// irq_vectors:reschedule_exit.
  case rescheduleExit = 13
  /// tlb:tlb_flush other than task switch. `a` pages (all: the bit pattern of -1), `value` reason.
  case tlbFlush = 14
  /// sched:sched_switch; `task` is the one that leaves. `a` next task, `b` its system calls since it
  /// was switched in, `value` its state (0: still runnable).
  case schedSwitch = 15
  /// sched:sched_waking, on the waker's CPU. `a` the task woken, `value` target CPU.
  case schedWaking = 16
  /// sched:sched_wakeup. `a` the task woken, `value` target CPU.
  case schedWakeup = 17
  /// sched:sched_migrate_task. `a` task, `b` origin CPU, `value` destination CPU.
  case schedMigrate = 18
  /// sched:sched_process_fork; `task` is the parent. `a`, `b` the child's name, `c` its process,
  /// `value` the child.
  case fork = 19
  /// sched:sched_process_exec. `a`, `b` the new name, `c` process.
  case exec = 20
  /// sched:sched_process_exit. `a`, `b` the last name (0 where it was not recorded), `c` process.
  case exit = 21
  /// First sight of a lock on a CPU. `a` lock, `b` the object its hint names, `c` a slab cache,
  /// `value` a `LockHint`, `stack`.
  case lockSeen = 22
  /// Events are missing here. `a` lost, `b` suppressed, `value` their kind or 0 for several.
  case gap = 23
  // 24 and 25 are records of the probes that are no events: Probes/record.h.
  /// A trigger of the recorder fired. `a` lock or csd, `b` nanoseconds of the wait or from queueing to
  /// running, `c` the function that ran (0 for a wait), `value` a `TriggerCause`.
  case trigger = 26
  /// The recorder looked at a CPU; `task` is 0, whoever runs there. `a` the system calls there since the
  /// last switch.
  case progress = 27
}
