import TraceFormat

/// What each CPU did with its time, from the task switches: nanoseconds by CPU number.
struct CPULedger: Sendable {
  /// One CPU.
  struct CPU: Sendable {
    var busy: UInt64 = 0
    var idle: UInt64 = 0
    var switches: UInt64 = 0
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
    let since = cpus[cpu].since == 0 ? start : cpus[cpu].since
    let span = now >= since ? now - since : 0
    if idle { cpus[cpu].idle += span } else { cpus[cpu].busy += span }
    cpus[cpu].switches += 1
    cpus[cpu].since = now
    return span
  }

  /// Forgets what runs on a CPU whose switches are missing.
  mutating func forget(_ cpu: Int, now: UInt64) { cpus[cpu].since = now }
}
