/// What a trace says of itself: the machine, the kernel, how each lock kind was seen, and what the
/// recorder cost.
///
/// Written as JSON so that a later version can add keys.
public struct TraceFacts: Hashable, Sendable, Codable {
  /// The program that wrote it, with its version: `oslet 0.1`.
  public var writer: String
  /// The command line that recorded it.
  public var command: [String]
  /// The kernel.
  public var kernel: KernelFacts
  /// The CPUs.
  public var topology: TopologyFacts
  /// How each lock kind was seen: `spinlock` -> `every waiter (paravirt)`; see docs/capture.md.
  public var regimes: [String: String]
  /// CLOCK_MONOTONIC and CLOCK_REALTIME read together at start and at end, nanoseconds.
  public var clock: ClockFacts
  /// What recording cost; nil until the recording ended.
  public var cost: RecorderCost?
  /// The recorder's own process, whose events analysis labels.
  public var recorderProcess: Int32
  /// The process that turns the kernel's statistics on and off for it; nil where it does so itself.
  public var statisticsProcess: Int32?
  /// Kinds of event asked for and whether the kernel could give them: `csdQueue` -> `recorded`,
  /// `missing: no tracepoint csd_queue_cpu`, `off`.
  public var events: [String: String]
  /// What was left out by request, by what it was chosen by: `processes` -> `12,34`; keys are
  /// `cpus`, `processes`, `threads`, `cgroups`, `lock_types`, `locks`.
  ///
  /// Nil for a recording of everything.
  public var filters: [String: String]?
  /// What would have ended a flight recording, or written it: `wait>500us`; nil without triggers.
  public var triggers: [String]?
  /// CPUs plugged in or unplugged while recording, in that order; nil where none was.
  public var cpuChanges: [CPUChange]?
  /// Whether it was counted and added up in the kernel alone, without a record of any event; nil for a
  /// trace.
  public var profile: Bool?

  /// Facts; see the properties.
  public init(
    writer: String, command: [String], kernel: KernelFacts, topology: TopologyFacts,
    regimes: [String: String], clock: ClockFacts, cost: RecorderCost? = nil,
    recorderProcess: Int32, events: [String: String], filters: [String: String]? = nil,
    triggers: [String]? = nil, profile: Bool? = nil
  ) {
    self.writer = writer
    self.command = command
    self.kernel = kernel
    self.topology = topology
    self.regimes = regimes
    self.clock = clock
    self.cost = cost
    self.recorderProcess = recorderProcess
    self.events = events
    self.filters = filters
    self.triggers = triggers
    self.profile = profile
  }

  /// Whether a process is part of the recorder.
  public func isRecorder(_ process: Int32) -> Bool {
    process > 0 && (process == recorderProcess || process == statisticsProcess)
  }

  enum CodingKeys: String, CodingKey {
    case writer, command, kernel, topology, regimes, clock, cost, events, filters, triggers, profile
    case recorderProcess = "recorder_process"
    case statisticsProcess = "statistics_process"
    case cpuChanges = "cpu_changes"
  }
}

/// A CPU that was plugged in or unplugged.
public struct CPUChange: Hashable, Sendable, Codable {
  /// The CPU.
  public var cpu: Int
  /// Whether it came or went.
  public var isOnline: Bool
  /// CLOCK_MONOTONIC when the recorder noticed, at most a second later.
  public var noticedNanoseconds: UInt64

  /// A change; see the properties.
  public init(cpu: Int, isOnline: Bool, noticedNanoseconds: UInt64) {
    self.cpu = cpu
    self.isOnline = isOnline
    self.noticedNanoseconds = noticedNanoseconds
  }

  enum CodingKeys: String, CodingKey {
    case cpu
    case isOnline = "online"
    case noticedNanoseconds = "noticed_ns"
  }
}

/// The kernel a trace was recorded on.
public struct KernelFacts: Hashable, Sendable, Codable {
  /// `uname -r`.
  public var release: String
  /// `uname -v`.
  public var version: String
  /// `uname -m`.
  public var architecture: String
  /// Config items that change what events mean, by name; empty where no config was readable.
  public var config: [String: String]
  /// Boot parameters that do.
  public var parameters: [String]
  /// The hypervisor, or nil on bare metal.
  public var hypervisor: String?
  /// Host name-free machine description: `AMD EPYC 7B13`.
  public var processor: String

  /// Kernel facts; see the properties.
  public init(
    release: String, version: String, architecture: String, config: [String: String],
    parameters: [String], hypervisor: String?, processor: String
  ) {
    self.release = release
    self.version = version
    self.architecture = architecture
    self.config = config
    self.parameters = parameters
    self.hypervisor = hypervisor
    self.processor = processor
  }
}

/// The CPUs a trace was recorded on; each list has one element per possible CPU number.
public struct TopologyFacts: Hashable, Sendable, Codable {
  /// The CPUs that were online when recording started.
  public var online: [Int]
  /// Core of each CPU, numbered over the machine; -1 where unknown.
  public var core: [Int]
  /// Last-level cache of each CPU, numbered over the machine.
  public var cache: [Int]
  /// NUMA node of each CPU.
  public var node: [Int]
  /// Socket of each CPU.
  public var socket: [Int]

  /// Topology facts; see the properties.
  public init(online: [Int], core: [Int], cache: [Int], node: [Int], socket: [Int]) {
    self.online = online
    self.core = core
    self.cache = cache
    self.node = node
    self.socket = socket
  }
}

/// The recording's clock at its two ends, nanoseconds.
public struct ClockFacts: Hashable, Sendable, Codable {
  /// CLOCK_MONOTONIC when recording started.
  public var startMonotonic: UInt64
  /// CLOCK_REALTIME at the same moment.
  public var startRealtime: UInt64
  /// CLOCK_MONOTONIC when recording ended; 0 while it runs.
  public var endMonotonic: UInt64
  /// CLOCK_REALTIME at the same moment; 0 while it runs.
  public var endRealtime: UInt64

  /// Clock facts; see the properties.
  public init(
    startMonotonic: UInt64, startRealtime: UInt64, endMonotonic: UInt64 = 0,
    endRealtime: UInt64 = 0
  ) {
    self.startMonotonic = startMonotonic
    self.startRealtime = startRealtime
    self.endMonotonic = endMonotonic
    self.endRealtime = endRealtime
  }

  enum CodingKeys: String, CodingKey {
    case startMonotonic = "start_monotonic_ns"
    case startRealtime = "start_realtime_ns"
    case endMonotonic = "end_monotonic_ns"
    case endRealtime = "end_realtime_ns"
  }
}

/// What recording cost, by the kernel's own statistics of BPF programs.
public struct RecorderCost: Hashable, Sendable, Codable {
  /// Mean nanoseconds of probe time per recorded event; 0 where the kernel gave no statistics.
  public var nanosecondsPerEvent: Double
  /// Probe and drain time over the CPU time of all CPUs, 0...1.
  public var cpuShare: Double
  /// Mean nanoseconds by program.
  public var byProgram: [String: Double]

  /// Recorder cost; see the properties.
  public init(nanosecondsPerEvent: Double, cpuShare: Double, byProgram: [String: Double]) {
    self.nanosecondsPerEvent = nanosecondsPerEvent
    self.cpuShare = cpuShare
    self.byProgram = byProgram
  }

  enum CodingKeys: String, CodingKey {
    case nanosecondsPerEvent = "ns_per_event"
    case cpuShare = "cpu_share"
    case byProgram = "ns_by_program"
  }
}
