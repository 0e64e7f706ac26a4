/// What a trace shows: the document `oslet.analysis/1`, and what the inference of a workload needs.
///
/// Times are nanoseconds, shares 0...1. Rows are in descending order of total wait.
public struct Findings: Sendable {
  /// Length of the recording, nanoseconds.
  public var durationNs: Double
  /// CPUs of the recorded machine.
  public var cpus: Int
  /// Events read.
  public var events: UInt64
  /// Events read by kind, kinds that occurred.
  public var eventsByKind: [String: UInt64]
  /// What could not be recorded.
  public var lost: LostEvents
  /// What was counted and added up in the kernel instead; nil where nothing was.
  public var aggregated: AggregateFindings?
  /// What could not be paired.
  public var pairing: PairingAccount
  /// How often the begin of a wait told who had the lock.
  public var owners: OwnerCoverage
  /// The most that any layout can win on the recorded machine.
  public var ceiling: Ceiling
  /// Waits by lock class.
  public var classes: [ClassFinding]
  /// Waits by lock instance; the ones of most wait.
  public var locks: [WaitRow]
  /// Waits by caller.
  public var callers: [WaitRow]
  /// Waits by task; the ones of most wait.
  public var tasks: [WaitRow]
  /// Waits by process.
  public var processes: [WaitRow]
  /// Waits by cgroup.
  public var cgroups: [WaitRow]
  /// Waits by CPU.
  public var cpuRows: [WaitRow]
  /// What each CPU did.
  public var cpuTimes: [CPUTime]
  /// Inter-processor interrupts.
  public var ipi: InterruptFindings
  /// TLB flushes.
  public var tlb: FlushFindings
  /// What tasks did, by name.
  public var activity: [Activity]
  /// Who woke whom, by name, the most frequent first.
  public var wakeUps: [WakeUp]
  /// The recorder's own part of all of this.
  public var recorder: RecorderTraffic
  /// What the inference of a workload needs beyond this.
  var evidence: Evidence

  /// Events that were not recorded.
  public struct LostEvents: Hashable, Sendable, Encodable {
    /// Found no room.
    public var events: UInt64
    /// Left out by the recorder's guard.
    public var suppressed: UInt64
    /// By CPU, those with any.
    public var byCPU: [CPULoss]
    /// Events that name a CPU the machine does not have.
    public var malformed: UInt64

    enum CodingKeys: String, CodingKey {
      case events, suppressed, malformed
      case byCPU = "by_cpu"
    }
  }

  /// What one CPU could not record.
  public struct CPULoss: Hashable, Sendable, Encodable {
    /// The CPU.
    public var cpu: Int
    /// Found no room.
    public var events: UInt64
    /// Left out by the recorder's guard.
    public var suppressed: UInt64
  }

  /// What a CPU did with its time.
  public struct CPUTime: Hashable, Sendable, Encodable {
    /// The CPU.
    public var cpu: Int
    /// Running tasks, over the time its switches account for.
    public var busyShare: Double
    /// Task switches a second.
    public var switchesPerSecond: Double

    enum CodingKeys: String, CodingKey {
      case cpu
      case busyShare = "busy_share"
      case switchesPerSecond = "switches_per_s"
    }
  }

  /// The most a layout can win: what contention and communication cost on the recorded machine, over
  /// its CPU time.
  public struct Ceiling: Hashable, Sendable, Encodable {
    /// Spinning for locks, traced waits alone.
    public var lockWaitShare: Double
    /// Spinning of first waiters that the kernel does not trace, as the queues predict it.
    public var untracedLockWaitShare: Double
    /// Moving each lock's own line to its next owner; an estimate, see docs/inference.md.
    public var lineTransferShare: Double
    /// Handling IPIs, and waiting for those that are waited for (an estimate).
    public var ipiShare: Double
    /// What tasks lose beside others to none of these.
    ///
    /// Lines that no lock guards, writers that spin for an rwsem; 0 where no moments alone tell. See
    /// docs/inference.md, What no wait shows.
    public var untracedShare = 0.0
    /// Sleeping for locks, over CPU time: not CPU time itself, but progress that waited.
    public var lockSleepRatio: Double
    /// The CPU time the shares are of, nanoseconds.
    public var cpuTimeNs: Double
    /// Whether that is time CPUs were busy, or all of it because task switches were not recorded.
    public var cpuTimeIsBusy: Bool

    enum CodingKeys: String, CodingKey {
      case lockWaitShare = "lock_wait_share"
      case untracedLockWaitShare = "untraced_lock_wait_share"
      case lineTransferShare = "line_transfer_share"
      case ipiShare = "ipi_share"
      case untracedShare = "untraced_share"
      case lockSleepRatio = "lock_sleep_ratio"
      case cpuTimeNs = "cpu_time_ns"
      case cpuTimeIsBusy = "cpu_time_is_busy"
    }
  }

  /// What the tasks of one name did.
  public struct Activity: Hashable, Sendable, Encodable {
    /// Their name.
    public var name: String
    /// How many there were.
    public var tasks: Int
    /// CPU time over the recording's length: CPUs kept busy.
    public var cpus: Double
    /// System calls a second.
    public var systemCallsPerSecond: Double
    /// Sleeps of their own will a second.
    public var sleepsPerSecond: Double
    /// Whether this is the recorder itself.
    public var isRecorder: Bool

    enum CodingKeys: String, CodingKey {
      case name, tasks, cpus
      case systemCallsPerSecond = "system_calls_per_s"
      case sleepsPerSecond = "sleeps_per_s"
      case isRecorder = "is_recorder"
    }
  }

  /// A wake-up edge between task names.
  public struct WakeUp: Hashable, Sendable, Encodable {
    /// Who woke; `idle` for an interrupt on an idle CPU.
    public var waker: String
    /// Who was woken.
    public var woken: String
    /// How often.
    public var count: UInt64
  }
}
