import TraceFormat

/// What each CPU did with its time, from the task switches: nanoseconds by CPU number.
///
/// Sums wrap: times come from a file that may be damaged, and a wrong number there must not trap.
struct CPULedger: Sendable {
  /// One CPU.
  struct CPU: Sendable {
    var busy: UInt64 = 0
    var idle: UInt64 = 0
    var switches: UInt64 = 0
    /// The task that runs, a handle; -1 while unknown.
    var current: Int32 = -1
    /// When the task that runs got it; 0: before the recording.
    var since: UInt64 = 0
  }

  /// By CPU number.
  private(set) var cpus: [CPU] = []

  /// Makes room for `cpu`.
  mutating func reach(_ cpu: Int) {
    while cpus.count <= cpu { cpus.append(CPU()) }
  }

  /// Ends the run segment of a CPU and returns its length; the first starts with the trace.
  mutating func switched(_ cpu: Int, now: UInt64, start: UInt64, idle: Bool) -> UInt64 {
    cpus[cpu].switches += 1
    return close(cpu, now: now, start: start, idle: idle)
  }

  /// Ends the run segment of a CPU without a switch: the trace ends.
  mutating func close(_ cpu: Int, now: UInt64, start: UInt64, idle: Bool) -> UInt64 {
    let since = cpus[cpu].since == 0 ? start : cpus[cpu].since
    let span = now >= since ? now - since : 0
    if idle { cpus[cpu].idle &+= span } else { cpus[cpu].busy &+= span }
    cpus[cpu].since = now
    return span
  }

  /// Says which task runs on a CPU from now on.
  mutating func runs(_ cpu: Int, task: Int32) { cpus[cpu].current = task }

  /// Forgets what runs on a CPU whose switches are missing.
  mutating func forget(_ cpu: Int, now: UInt64) {
    cpus[cpu].since = now
    cpus[cpu].current = -1
  }
}
