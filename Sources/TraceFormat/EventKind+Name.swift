extension EventKind {
  /// The tracepoint's own name, as perf and tracefs spell it, without its system.
  public var name: String {
    switch self {
    case .contentionBegin: "contention_begin"
    case .contentionEnd: "contention_end"
    case .csdQueue: "csd_queue_cpu"
    case .csdFunctionEntry: "csd_function_entry"
    case .csdFunctionExit: "csd_function_exit"
    case .ipiSendCPU: "ipi_send_cpu"
    case .ipiSendMask: "ipi_send_cpumask"
    case .callFunctionEntry: "call_function_entry"
    case .callFunctionExit: "call_function_exit"
    case .callFunctionSingleEntry: "call_function_single_entry"
    case .callFunctionSingleExit: "call_function_single_exit"
    case .rescheduleEntry: "reschedule_entry"
    case .rescheduleExit: "reschedule_exit"
    case .tlbFlush: "tlb_flush"
    case .schedSwitch: "sched_switch"
    case .schedWaking: "sched_waking"
    case .schedWakeup: "sched_wakeup"
    case .schedMigrate: "sched_migrate_task"
    case .fork: "sched_process_fork"
    case .exec: "sched_process_exec"
    case .exit: "sched_process_exit"
    case .lockSeen: "lock_seen"
    case .gap: "gap"
    case .trigger: "trigger"
    case .progress: "progress"
    }
  }

  /// The kind of this tracepoint name; nil where there is none.
  public init?(name: String) {
    guard let kind = Self.byName[name] else { return nil }
    self = kind
  }

  private static let byName = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.name, $0) })
}
