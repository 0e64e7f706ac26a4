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
  /// The request of a task that waits for a CPU of an image with one CPU (`base_slice_ns`).
  ///
  /// Default: 0.7 ms, `sysctl_sched_base_slice` before it is scaled (kernel/sched/fair.c, Linux 6.15,
  /// Z. Zhou, "sched: Reduce the default slice to avoid tasks getting an extra tick"; 0.75 ms before).
  var baseSlice: Double
  /// The same whatever the image's size (`slice_ns`); nil: scaled.
  var fixedSlice: Double?
  /// The period of the tick, at which slices end (`tick_ns`); 0 ends them on time.
  ///
  /// Default: 4 ms, HZ=250 (kernel/Kconfig.hz, Linux 6.12).
  var tick: Double
  /// A waiting task is not pulled to another CPU so soon after it ran (`migration_cost_ns`).
  ///
  /// Default: 0.5 ms, `sysctl_sched_migration_cost` (kernel/sched/fair.c, Linux 6.12).
  var migration: Double
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
    baseSlice = known["base_slice_ns"] ?? 700_000
    fixedSlice = known["slice_ns"]
    tick = known["tick_ns"] ?? 4_000_000
    migration = known["migration_cost_ns"] ?? 500_000
    addressSpaceSwitch = known["address_space_switch_ns"] ?? 2 * systemCall
    gracePeriod = known["grace_period_ns"] ?? 10_000_000
    lineService = known["line_service_ns"]
    cnaThreshold = known["cna_threshold_ns"] ?? 1_000_000
  }

  /// The request of a task in an image of `cpus` CPUs: the base slice times 1 + log2 of up to eight
  /// CPUs (`get_update_sysctl_factor`, kernel/sched/fair.c, Linux 6.12).
  func slice(cpus: Int) -> Double {
    let doublings = Int.bitWidth - 1 - max(1, min(cpus, 8)).leadingZeroBitCount
    return fixedSlice ?? baseSlice * Double(1 + doublings)
  }
}
