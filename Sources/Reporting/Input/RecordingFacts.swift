public import Measures

/// What a recording says of itself, in the words a report prints.
///
/// Filled by the program from the facts in a trace, so that reports know no trace format.
public struct RecordingFacts: Hashable, Sendable, Codable {
  /// Kernel release and version: `6.18.5 #1 SMP PREEMPT_DYNAMIC`.
  public var kernel: String
  /// Architecture: `x86_64`.
  public var architecture: String
  /// Config items that change what events mean, by name; empty where no config was readable.
  public var config: [String: String]
  /// Boot parameters that do.
  public var parameters: [String]
  /// The processor's model name.
  public var processor: String
  /// The hypervisor; nil on bare metal.
  public var hypervisor: String?
  /// CPUs recorded.
  public var cpus: Int
  /// The topology in words: `1 socket, 1 L3, 2 cores, 2 CPUs`.
  public var topology: String
  /// How each lock kind was seen, by kind: `every waiter (paravirt)`.
  public var regimes: [String: String]
  /// Kinds of event that were not recorded and why, by kind.
  public var missingEvents: [String: String]
  /// How long it ran.
  public var duration: Nanoseconds
  /// Events recorded.
  public var events: UInt64
  /// Events that found no room.
  public var lost: UInt64
  /// Events the recorder raised itself and left out.
  public var suppressed: UInt64
  /// Where events were lost, CPUs and kinds ascending.
  public var losses: [Loss]
  /// Mean probe time an event in nanoseconds; nil where the kernel gave no statistics.
  public var recorderNsPerEvent: Double?
  /// The recorder's share of all CPU time, 0...1; nil where unknown.
  public var recorderCPUShare: Double?
  /// Whether the file ends before the recorder closed it.
  public var isCutShort: Bool
  /// What was left out by request, and what that makes incomplete: a sentence each.
  public var limits: [String]
  /// The command that recorded it, argument by argument.
  public var command: [String]
  /// The program that wrote it, with version.
  public var writer: String

  /// Events of one kind that one CPU could not record.
  public struct Loss: Hashable, Sendable, Codable {
    /// The CPU.
    public var cpu: Int
    /// The kind of event.
    public var kind: String
    /// How many found no room.
    public var lost: UInt64
    /// How many the recorder raised itself.
    public var suppressed: UInt64

    /// A loss; see the properties.
    public init(cpu: Int, kind: String, lost: UInt64, suppressed: UInt64) {
      self.cpu = cpu
      self.kind = kind
      self.lost = lost
      self.suppressed = suppressed
    }
  }

  /// A recording; what is not given is unknown or none, see the properties.
  public init(
    kernel: String, architecture: String, config: [String: String] = [:],
    parameters: [String] = [], processor: String, hypervisor: String? = nil, cpus: Int,
    topology: String, regimes: [String: String] = [:], missingEvents: [String: String] = [:],
    duration: Nanoseconds, events: UInt64, lost: UInt64, suppressed: UInt64,
    losses: [Loss] = [], recorderNsPerEvent: Double? = nil, recorderCPUShare: Double? = nil,
    isCutShort: Bool = false, limits: [String] = [], command: [String], writer: String
  ) {
    self.kernel = kernel
    self.architecture = architecture
    self.config = config
    self.parameters = parameters
    self.processor = processor
    self.hypervisor = hypervisor
    self.cpus = cpus
    self.topology = topology
    self.regimes = regimes
    self.missingEvents = missingEvents
    self.duration = duration
    self.events = events
    self.lost = lost
    self.suppressed = suppressed
    self.losses = losses
    self.recorderNsPerEvent = recorderNsPerEvent
    self.recorderCPUShare = recorderCPUShare
    self.isCutShort = isCutShort
    self.limits = limits
    self.command = command
    self.writer = writer
  }

  /// Share of all events that found no room, 0...1; zero when there was none at all.
  public var lossShare: Double {
    let all = Double(events) + Double(lost)
    return all > 0 ? Double(lost) / all : 0
  }

  enum CodingKeys: String, CodingKey {
    case kernel, architecture, config, parameters, processor, hypervisor, cpus, topology, regimes
    case events, lost, suppressed, losses, limits, command, writer
    case missingEvents = "missing_events"
    case duration = "duration_ns"
    case recorderNsPerEvent = "recorder_ns_per_event"
    case recorderCPUShare = "recorder_cpu_share"
    case isCutShort = "cut_short"
  }
}
