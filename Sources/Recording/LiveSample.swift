public import TraceFormat

/// What a live profile knows at a moment: what was added since the last one, and all names so far.
public struct LiveSample: Sendable {
  /// What the machine is, and how its locks are seen.
  public let facts: TraceFacts
  /// First sights of locks, which name them.
  public private(set) var sights: [Event] = []
  /// Stacks so far.
  public internal(set) var stacks: [StackRecord] = []
  /// Symbols so far.
  public internal(set) var symbols: [SymbolRecord] = []
  /// What was counted and added up since the last sample.
  public internal(set) var aggregates: [AggregateRecord] = []
  /// How long that is, nanoseconds.
  public internal(set) var span: UInt64 = 0
  /// The share of all CPU time that the probes and this process took so far, 0...1.
  public internal(set) var costShare = 0.0
  /// Events that found no room in the logs, and those that the guard left out, so far.
  public internal(set) var missed: UInt64 = 0

  init(facts: TraceFacts) { self.facts = facts }

  mutating func note(_ events: Span<Event>) {
    for index in events.indices where events[index].kind == .lockSeen {
      // A lock seen again and again, its slot taken by others, must not fill the memory.
      if sights.count >= Self.mostSights { sights.removeFirst(Self.mostSights / 2) }
      sights.append(events[index])
    }
  }

  private static let mostSights = 65_536
}
