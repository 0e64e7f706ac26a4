import Measures

/// What is in a trace, what is missing from it and what recording it cost: the document of
/// `oslet info`, schema `oslet.info/1`.
public struct TraceSummary: Hashable, Sendable, Codable {
  /// `oslet.info/1`.
  public var schema = "oslet.info/1"
  /// The program that recorded it.
  public var writer: String
  /// The command line that recorded it.
  public var command: [String]
  /// The kernel's release.
  public var kernel: String
  /// The kernel and processor in full.
  public var machine: KernelFacts
  /// CPUs online when recording started; where the trace does not say, CPUs that have events.
  public var cpus: Int
  /// From the start of the recording to its end; where the trace has no end, to its last event.
  public var durationNanoseconds: UInt64
  /// Events by type and CPU.
  public var events: EventCounts
  /// What the recorder missed.
  public var lost: LossCounts
  /// Events counted in the kernel in place of being recorded, by type.
  public var aggregated: [String: UInt64]
  /// Whether nothing else was asked for: a profile.
  public var isProfile: Bool
  /// How each lock kind was seen.
  public var regimes: [String: String]
  /// Which events were asked for, and whether the kernel could give them.
  public var requested: [String: String]
  /// What was left out by request, as in `TraceFacts.filters`; nil for a recording of everything.
  public var filters: [String: String]?
  /// What would have ended a flight recording, or written it; nil without triggers.
  public var triggers: [String]?
  /// What fired them, in order of time, the first 64; nil without triggers.
  public var fired: [Firing]?
  /// CPUs plugged in or unplugged while recording; nil where none was.
  public var cpuChanges: [CPUChange]?
  /// What recording cost; nil where the recording did not end in order.
  public var recorderCost: RecorderCost?
  /// `complete`, or `cut`.
  public var ending: String
  /// Where a cut trace ends, and how many bytes behind it were ignored.
  public var cut: Cut?
  /// What could not be read.
  public var damaged: [Damage]
  /// Bytes of the file.
  public var sizeBytes: UInt64
  /// Bytes of the file over events read; 0 where there are none.
  public var bytesPerEvent: Double

  enum CodingKeys: String, CodingKey {
    case schema, writer, command, kernel, machine, cpus, events, lost, regimes, requested, filters
    case triggers, fired, ending, cut, damaged, aggregated
    case isProfile = "profile"
    case durationNanoseconds = "duration_ns"
    case cpuChanges = "cpu_changes"
    case recorderCost = "recorder_cost"
    case sizeBytes = "size_bytes"
    case bytesPerEvent = "bytes_per_event"
  }

  /// Events read.
  public struct EventCounts: Hashable, Sendable, Codable {
    /// All of them.
    public var total: UInt64
    /// By tracepoint name; kinds without events are left out.
    public var byType: [String: UInt64]
    /// By CPU number, to the last CPU that is online or has events.
    public var byCPU: [UInt64]

    enum CodingKeys: String, CodingKey {
      case total
      case byType = "by_type"
      case byCPU = "by_cpu"
    }
  }

  /// Something that took longer than a trigger allowed.
  public struct Firing: Hashable, Sendable, Codable {
    /// `wait` or `ipi`.
    public var cause: String
    /// When it was over, nanoseconds since boot.
    public var timeNanoseconds: UInt64
    /// How long it took, nanoseconds.
    public var latencyNanoseconds: UInt64
    /// The CPU where it ended.
    public var cpu: UInt16
    /// The thread that ran there.
    public var task: Int32
    /// The lock waited for, or the csd that was queued: its address.
    public var object: UInt64

    enum CodingKeys: String, CodingKey {
      case cause, cpu, task, object
      case timeNanoseconds = "time_ns"
      case latencyNanoseconds = "latency_ns"
    }
  }

  /// Events missed.
  public struct LossCounts: Hashable, Sendable, Codable {
    /// Found no room, or were in a damaged part of the file.
    public var events: UInt64
    /// Raised inside the recorder and left out by its guard.
    public var suppressed: UInt64
    /// Of `events`, those in damaged parts of the file.
    public var damaged: UInt64
    /// By CPU and kind, in that order.
    public var byCPU: [Loss]

    enum CodingKeys: String, CodingKey {
      case events, suppressed, damaged
      case byCPU = "by_cpu"
    }
  }

  /// Events of one kind missed on one CPU.
  public struct Loss: Hashable, Sendable, Codable {
    /// The CPU.
    public var cpu: UInt16
    /// The tracepoint's name.
    public var type: String
    /// Found no room.
    public var lost: UInt64
    /// Raised inside the recorder.
    public var suppressed: UInt64
    /// The first of them, nanoseconds since boot.
    public var firstNanoseconds: UInt64
    /// The last of them.
    public var lastNanoseconds: UInt64

    enum CodingKeys: String, CodingKey {
      case cpu, type, lost, suppressed
      case firstNanoseconds = "first_ns"
      case lastNanoseconds = "last_ns"
    }
  }

  /// Where a trace without an end block stops.
  public struct Cut: Hashable, Sendable, Codable {
    /// The first byte that was not read.
    public var atByte: UInt64
    /// Bytes from there on.
    public var ignoredBytes: UInt64

    enum CodingKeys: String, CodingKey {
      case atByte = "at_byte"
      case ignoredBytes = "ignored_bytes"
    }
  }

  /// A part of the file that could not be read.
  public struct Damage: Hashable, Sendable, Codable {
    /// Where it starts.
    public var atByte: UInt64
    /// How long it is.
    public var bytes: UInt64
    /// What is wrong.
    public var reason: String
    /// The CPU whose events it held, where that is known.
    public var cpu: UInt16?
    /// Events lost with it.
    public var events: UInt64
    /// The first of them, nanoseconds since boot, where that is known.
    public var firstNanoseconds: UInt64?
    /// The last of them.
    public var lastNanoseconds: UInt64?

    enum CodingKeys: String, CodingKey {
      case reason, bytes, cpu, events
      case atByte = "at_byte"
      case firstNanoseconds = "first_ns"
      case lastNanoseconds = "last_ns"
    }
  }
}
