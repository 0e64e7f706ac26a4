import Measures

/// A whole trace in memory, for tests, fixtures and conversions of small traces.
///
/// Recordings of millions of events go through `TraceReader`, which streams.
public struct RecordedTrace: Hashable, Sendable {
  /// What the trace says of itself.
  public var facts: TraceFacts
  /// Kernel stacks.
  public var stacks: [StackRecord]
  /// Kernel symbols.
  public var symbols: [SymbolRecord]
  /// Tasks that lived at the start.
  public var tasks: [TaskRecord]
  /// What could not be recorded.
  public var losses: [LossRecord]
  /// Every event, by (time, cpu), equal ones in the order they were recorded.
  public private(set) var events: [Event]

  /// A trace of these parts; the events are put in order.
  public init(
    facts: TraceFacts = .unknown, events: [Event] = [], stacks: [StackRecord] = [],
    symbols: [SymbolRecord] = [], tasks: [TaskRecord] = [], losses: [LossRecord] = []
  ) {
    self.facts = facts
    self.stacks = stacks
    self.symbols = symbols
    self.tasks = tasks
    self.losses = losses
    // `sort` keeps equal elements in order (SE-0372).
    self.events = events.sorted { ($0.time, $0.cpu) < ($1.time, $1.cpu) }
  }
}

extension TraceFacts {
  /// The facts of a trace that says nothing of itself.
  public static let unknown = TraceFacts(
    writer: "", command: [],
    kernel: KernelFacts(
      release: "", version: "", architecture: "", config: [:], parameters: [], hypervisor: nil,
      processor: ""),
    topology: TopologyFacts(online: [], core: [], cache: [], node: [], socket: []),
    regimes: [:], clock: ClockFacts(startMonotonic: 0, startRealtime: 0), recorderProcess: 0,
    events: [:])
}
