import Measures
import Workloads

/// What the scheduler and the system-call path cost, in nanoseconds: from the machine file where it
/// has the constant, else a default with its source.
struct KernelCosts {
  /// One switch from one task to another (`context_switch_ns`).
  ///
  /// Default: lat_ctx of lmbench between two small tasks on server x86 of the 2010s, 1-2 us (L. McVoy
  /// and C. Staelin, USENIX 1996, describe the measurement; C. Li, C. Ding, K. Shen, "Quantifying the
  /// cost of context switch", 2007, find 3.8 us on a 2 GHz Xeon, most of it since gone).
  var contextSwitch: Double
  /// The waker's time to wake one task (`wake_ns`, else `futex_wake_ns`): try_to_wake_up and the
  /// reschedule interrupt.
  ///
  /// Default: the send cost of an IPI and 300 ns.
  var wake: Double
  /// From a wake-up until an idle CPU runs the task's first instruction (`idle_exit_ns`).
  ///
  /// Default: 2 us, the C1 exit latency of drivers/idle/intel_idle.c (skx_cstates, Linux 6.12).
  var idleExit: Double
  /// A null system call (`system_call_ns`).
  ///
  /// Default: 100 ns, between 120 cycles without and 520 cycles with page-table isolation (K. Garloff,
  /// KPTI/IBRS/Retpoline microbenchmarks, 2018).
  var systemCall: Double
  /// How long a task runs while others wait for its CPU (`slice_ns`).
  ///
  /// Default: 3 ms, `sysctl_sched_base_slice` of 0.75 ms times 1 + log2(8) (kernel/sched/fair.c,
  /// Linux 6.6).
  var slice: Double
  /// How much more CPU time than a woken task the running one must have had to be preempted for it
  /// (`wakeup_granularity_ns`).
  ///
  /// Default: a quarter of the slice, the ratio of the unscaled base slice to the scaled one.
  var wakeupGranularity: Double
  /// One switch of address space and stack without a system call, paid both ways by a door
  /// (`address_space_switch_ns`).
  ///
  /// Default: two null system calls.
  var addressSpaceSwitch: Double
  /// A full RCU grace period (`grace_period_ns`).
  ///
  /// Default: 10 ms; "grace periods extend for multiple milliseconds" (Documentation/RCU/whatisRCU.rst).
  var gracePeriod: Double
  /// The time the home of a line is busy with one of several simultaneous requests
  /// (`line_service_ns`); nil: the transfer's own latency.
  var lineService: Double?
  /// After this long on one socket a NUMA-aware lock serves the other (`cna_threshold_ns`).
  ///
  /// Default: 1 ms, `numa_spinlock_threshold_ns` (A. Kogan, "Add NUMA-awareness to qspinlock", LKML
  /// v15, 2021).
  var cnaThreshold: Double

  /// The costs on `machine`.
  init(_ machine: Machine) {
    let known = machine.constants
    let interrupt = machine.interrupt
    contextSwitch = known["context_switch_ns"] ?? 1_500
    wake = known["wake_ns"] ?? known["futex_wake_ns"] ?? interrupt.send.value + 300
    idleExit = known["idle_exit_ns"] ?? 2_000
    systemCall = known["system_call_ns"] ?? 100
    slice = known["slice_ns"] ?? 3_000_000
    wakeupGranularity = known["wakeup_granularity_ns"] ?? slice / 4
    addressSpaceSwitch = known["address_space_switch_ns"] ?? 2 * systemCall
    gracePeriod = known["grace_period_ns"] ?? 10_000_000
    lineService = known["line_service_ns"]
    cnaThreshold = known["cna_threshold_ns"] ?? 1_000_000
  }
}
