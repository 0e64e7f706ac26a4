public import Measures

/// What to record, and where to.
public struct RecordOptions: Sendable {
  /// The trace file; `-` writes the trace to standard output as it comes.
  public var output = "oslet.data"
  /// Keep the latest events alone, in this many bytes of memory; nil writes all as they come.
  ///
  /// They are written when recording ends, and at each SIGUSR2 to `output` with `.1`, `.2`, ...
  public var overwrite: Int?
  /// Of what fits there, keep no more than the last this long; nil keeps all that fits.
  public var keep: Nanoseconds?
  /// With `overwrite`: end the recording when one of these fires, or write snapshots.
  public var triggers: [Trigger] = []
  /// Go on when a trigger fires and write what is there to `output` with `.1`, `.2`, ..., this often
  /// at most; nil ends the recording at the first time.
  public var snapshots: Int?
  /// Go on in a new file now and then; nil writes one file.
  public var switchOutput: OutputSwitch?
  /// Stop after this long; nil records until the command ends or a signal comes.
  public var duration: Nanoseconds?
  /// Record these CPUs alone; nil records all that are online.
  public var cpus: [Int]?
  /// Record these processes and their later children alone; empty records all.
  ///
  /// Task switches are kept when either side is one of them; what other CPUs do for them in
  /// interrupts is left out.
  public var processes: [Int32] = []
  /// Record these threads, beside the processes; their children are not followed.
  public var threads: [Int32] = []
  /// Of those, record the tasks in these control groups and the groups below them alone: paths in
  /// the unified hierarchy; empty records all.
  ///
  /// A group made below them after the start is left out.
  public var cgroups: [String] = []
  /// Record waits for locks of these types alone; nil records all.
  public var lockTypes: LockTypes?
  /// Record waits for these locks alone: addresses, static variables, `mmap_lock` and the others
  /// that probes know by what they belong to, slab caches; empty records all.
  public var locks: [String] = []
  /// Bytes of each CPU's log, rounded up to a power of two of at least 4 KiB; nil sizes it by the
  /// number of CPUs (see `defaultBytesPerCPU`).
  public var bytesPerCPU: Int?
  /// The groups of events.
  public var events: Set<EventGroup> = Set(EventGroup.allCases)
  /// The most of a CPU's time that stack walks may take, rounded down to a power of 1/2; 0 takes
  /// no stacks.
  public var stackShare = 1.0 / 64
  /// Record no events, but add up waits by lock and caller in the kernel, and count all else.
  public var profile = false
  /// Add up waits and count events on a CPU whose log is nearly full, until it is drained; false loses
  /// what finds no room.
  public var aggregatesUnderLoad = true
  /// Count contention_begin and sched_switch apart in the kernel, to hold the account against
  /// (`RecordSummary.counted`).
  public var checksItself = false
  /// Write kernel addresses as other numbers, which tell nothing of where this kernel lies
  /// (`AddressVeil`).
  public var hidesAddresses = false
  /// The CPU to drain the logs on; nil keeps off those that are set apart for other work.
  public var drainCPU: Int?
  /// Drop this process's privileges for good, and confine it to `drainCPU`, once the probes are
  /// attached and the command is started (see docs/capture.md); only for a process of one thread.
  public var dropsPrivileges = false
  /// A command to start once the probes are attached; recording ends with it.
  public var command: [String] = []
  /// The command line of the recording program, for the trace's facts.
  public var commandLine: [String] = []
  /// The name and version of the recording program, for the trace's facts.
  public var writer = "oslet"

  /// Records everything into `oslet.data` until a signal comes.
  public init() {}

  /// The log size that a number of CPUs gets without being told: 8 MiB for each CPU as far as all
  /// together stay within 32 MiB, but never below 512 KiB for one.
  public static func defaultBytesPerCPU(cpus: Int) -> Int {
    var bytes = 8 << 20
    while bytes > 512 << 10 && bytes * cpus > 32 << 20 { bytes /= 2 }
    return bytes
  }
}
