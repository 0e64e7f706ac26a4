import TraceFormat

/// Where a recording goes: into the trace file as it comes, or into a ring in memory, of which whole
/// files are written when asked for.
struct TraceOutput: ~Copyable {
  private var writer: TraceWriter?
  /// What the next file needs of this one; nil where there is no next.
  private var tables: LastingTables?
  /// The ring; nil where everything goes to a file.
  private(set) var ring: FlightRing?
  /// What a live profile knows so far; nil for a recording.
  var sample: LiveSample?

  /// Everything goes to this trace, and where `isFirst` later to others.
  init(_ writer: consuming TraceWriter, isFirst: Bool = false) {
    self.writer = consume writer
    tables = isFirst ? LastingTables() : nil
    ring = nil
    sample = nil
  }

  /// What a profile needs is kept as it is, to be looked at while it grows.
  init(_ sample: LiveSample) {
    writer = nil
    tables = nil
    ring = nil
    self.sample = sample
  }

  /// The latest goes into this ring.
  init(_ ring: FlightRing) {
    writer = nil
    tables = nil
    sample = nil
    self.ring = ring
  }

  /// Bytes in the file or in the ring.
  var byteCount: UInt64 {
    if let ring { return UInt64(ring.byteCount) }
    return switch writer {
    case .some(let writer): writer.byteCount
    case nil: 0
    }
  }

  mutating func append(events: Span<Event>, cpu: UInt16) throws(TraceError) {
    try writer?.append(events: events, cpu: cpu)
    tables?.note(events)
    sample?.note(events)
    try ring?.append(events: events, cpu: cpu)
  }

  mutating func append(losses: [LossRecord]) throws(TraceError) {
    try writer?.append(losses: losses)
    ring?.append(losses: losses)
  }

  mutating func append(aggregates: [AggregateRecord]) throws(TraceError) {
    try writer?.append(aggregates: aggregates)
    ring?.append(aggregates: aggregates)
    sample?.aggregates += aggregates
  }

  mutating func append(stacks: [StackRecord]) throws(TraceError) {
    try writer?.append(stacks: stacks)
    tables?.append(stacks: stacks)
    sample?.stacks += stacks
    ring?.append(stacks: stacks)
  }

  mutating func append(symbols: [SymbolRecord]) throws(TraceError) {
    try writer?.append(symbols: symbols)
    tables?.append(symbols: symbols)
    sample?.symbols += symbols
    ring?.append(symbols: symbols)
  }

  mutating func append(tasks: [TaskRecord]) throws(TraceError) {
    try writer?.append(tasks: tasks)
    tables?.append(tasks: tasks)
    ring?.append(tasks: tasks)
  }

  /// Says that a drain, which began at `start`, is over; `counts` are all events so far by kind.
  mutating func endDrain(start: UInt64, counts: [UInt64]) {
    ring?.endDrain(start: start, counts: counts)
  }

  /// Ends the trace with `facts` and begins the next one on `descriptor` with `next`, whose events are
  /// no earlier than its clock's start.
  mutating func next(
    descriptor: Int32, ending facts: TraceFacts, beginning next: TraceFacts
  ) throws(TraceError) {
    try writer.take()?.finish(facts: facts)
    var writer = try TraceWriter(descriptor: descriptor, facts: next)
    try tables?.write(to: &writer, start: next.clock.startMonotonic)
    self.writer = consume writer
  }

  /// Ends the trace; the ring becomes one on `descriptor`.
  ///
  /// Returns its bytes.
  consuming func finish(descriptor: Int32, facts: TraceFacts) throws(TraceError) -> UInt64 {
    if let ring { return try ring.write(descriptor: descriptor, facts: facts) }
    let bytes = byteCount
    if let writer { try writer.finish(facts: facts) }
    return bytes
  }
}
