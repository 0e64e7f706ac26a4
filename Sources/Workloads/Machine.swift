public import Measures

/// A machine: CPUs with a topology, and what moving a line, an interrupt or a message costs on it.
public struct Machine: Hashable, Sendable {
  /// A short name: `2s-22c-2t`.
  public var name: String
  /// How its CPUs are grouped.
  public var topology: Topology
  /// What moving one modified cache line costs.
  public var lineTransfer: LineTransfer
  /// What an inter-processor interrupt costs.
  public var interrupt: InterruptCost
  /// What a message between OSlets costs, one round trip without service.
  public var message: MessageCost
  /// Other measured constants by their key in the file (`atomic_ns`, `futex_wake_ns`,
  /// `system_call_ns`, ...), in nanoseconds.
  public var constants: [String: Double]
  /// The range each measured number was seen in, by its key (`smt`, `island`, `socket`, `cross`, or
  /// one of `constants`), in nanoseconds; empty for a machine nobody measured.
  public var spread: [String: Interval]
  /// Bytes a second that one socket can send to the others; nil where that is not known.
  public var interconnectBytesPerSecond: Double?
  /// Where each number comes from.
  public var sources: [String]

  /// A machine; see the properties.
  public init(
    name: String, topology: Topology, lineTransfer: LineTransfer, interrupt: InterruptCost,
    message: MessageCost, constants: [String: Double] = [:], spread: [String: Interval] = [:],
    interconnectBytesPerSecond: Double? = nil, sources: [String] = []
  ) {
    self.name = name
    self.topology = topology
    self.lineTransfer = lineTransfer
    self.interrupt = interrupt
    self.message = message
    self.constants = constants
    self.spread = spread
    self.interconnectBytesPerSecond = interconnectBytesPerSecond
    self.sources = sources
  }

  /// Logical CPUs of the machine.
  public var cpuCount: Int { topology.cpuCount }
}

/// What an inter-processor interrupt costs: at the sender, on the way, at the target.
public struct InterruptCost: Hashable, Sendable, Codable {
  /// The sender's time per target.
  public var send: Nanoseconds
  /// From send to the first instruction of the handler.
  public var deliver: Nanoseconds
  /// From the end of the handler until the waiting sender sees it.
  public var acknowledge: Nanoseconds

  /// An IPI cost; see the properties.
  public init(send: Nanoseconds, deliver: Nanoseconds, acknowledge: Nanoseconds) {
    self.send = send
    self.deliver = deliver
    self.acknowledge = acknowledge
  }
}

/// What a message between OSlets costs.
public struct MessageCost: Hashable, Sendable, Codable {
  /// Round trip through a ring the owner polls.
  public var polled: Nanoseconds
  /// Round trip through a ring with a notification IPI.
  public var notified: Nanoseconds

  /// A message cost; see the properties.
  public init(polled: Nanoseconds, notified: Nanoseconds) {
    self.polled = polled
    self.notified = notified
  }
}
