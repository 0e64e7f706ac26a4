import Measures
import Workloads

/// What going to sleep and being woken costs, in nanoseconds; a machine file's constants go first.
///
/// Defaults as the replay engine takes them: a wake-up costs the waker the send of an IPI and 300 ns, an
/// idle CPU needs 2 us to leave C1 (drivers/idle/intel_idle.c, skx_cstates, Linux 6.12), a null system
/// call 100 ns, and a full RCU grace period 10 ms (Documentation/RCU/whatisRCU.rst).
struct SleepCosts {
  /// The waker's own time.
  var wake: Double
  /// From the wake-up to the first instruction.
  var idleExit: Double
  /// A null system call.
  var systemCall: Double
  /// One switch of address space, half of a door.
  var addressSpaceSwitch: Double
  /// A grace period, which every writer of a percpu-rwsem waits for.
  var gracePeriod: Double
  /// How long the home of a line is busy with one of several requests; nil: as long as the transfer.
  var lineService: Double?

  /// The costs on `machine`.
  init(_ machine: Machine) {
    let known = machine.constants
    wake = known["wake_ns"] ?? known["futex_wake_ns"] ?? machine.interrupt.send.value + 300
    idleExit = known["idle_exit_ns"] ?? 2_000
    systemCall = known["system_call_ns"] ?? 100
    addressSpaceSwitch = known["address_space_switch_ns"] ?? 2 * systemCall
    gracePeriod = known["grace_period_ns"] ?? 10_000_000
    lineService = known["line_service_ns"]
  }
}
