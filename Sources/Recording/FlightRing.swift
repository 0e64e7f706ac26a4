import Measures
import TraceFormat

/// The latest part of a recording, encoded, in bounded memory: a flight recorder.
///
/// What one drain of the logs brought comes and goes as a whole, so that from the ring's first moment on
/// every CPU is there. Stacks, symbols and tasks stay, whichever events go: their number grows with
/// the variety of what happens and not with time.
struct FlightRing {
  private struct Batch {
    /// When the drain began: every event of a later drain is later.
    var start: UInt64 = 0
    var blocks: [EncodedEvents] = []
    var losses: [LossRecord] = []
    var aggregates: [AggregateRecord] = []
    /// Events so far by kind, those of this drain with them.
    var counts: [UInt64] = []
    var bytes = 0

    /// Adds blocks, and returns how many bytes they are.
    @discardableResult
    mutating func add(_ added: [EncodedEvents]) -> Int {
      let size = added.reduce(0) { $0 + $1.byteCount }
      bytes += size
      blocks += added
      return size
    }
  }

  private let encoder: BlockEncoder
  private let limit: Int
  private let span: UInt64
  private var batches: [Batch] = []
  private var oldest = 0
  private var open = Batch()
  private var tables = LastingTables()
  private var gone: [UInt64] = []

  /// Bytes of events that it holds.
  private(set) var byteCount = 0
  /// From when on it holds everything; nil while nothing had to go.
  private(set) var start: UInt64?

  /// A ring of at most `limit` bytes of encoded events, or one drain where that is more; of those it
  /// keeps the last `span` nanoseconds.
  init(limit: Int, span: UInt64 = .max) throws(TraceError) {
    encoder = try BlockEncoder()
    self.limit = limit
    self.span = span
  }

  /// Appends events of one CPU, in the order of time.
  ///
  /// Those that are older than a drain before go with that drain: a CPU's progress is handed on with its next
  /// record, and one that its host stopped between an event's time stamp and its place in the log is late.
  mutating func append(events: Span<Event>, cpu: UInt16) throws(TraceError) {
    tables.note(events)
    var first = 0
    if let last = batches.last, events.count > 0, events[0].time.nanosecondsSinceBoot < last.start {
      if let start { first = keep(events, from: first, before: start, in: nil) }
      for index in oldest..<batches.count {
        let next = keep(events, from: first, before: batches[index].start, in: index)
        byteCount += batches[index].add(
          try encoder.encode(events.extracting(first..<next), cpu: cpu))
        first = next
      }
    }
    open.add(try encoder.encode(events.extracting(first...), cpu: cpu))
  }

  /// Counts what is older than `time`, from the event at `first` on, with an earlier drain or, nil, with those that
  /// are gone; returns where the others begin.
  private mutating func keep(
    _ events: Span<Event>, from first: Int, before time: UInt64, in batch: Int?
  ) -> Int {
    var next = first
    while next < events.count, events[next].time.nanosecondsSinceBoot < time {
      let kind = events[next].kind
      next += 1
      // What is missing is not among the events that are counted.
      guard kind != .gap else { continue }
      if batch == nil { gone[Int(kind.rawValue)] += 1 }
      for index in (batch ?? oldest)..<batches.count {
        batches[index].counts[Int(kind.rawValue)] += 1
      }
    }
    return next
  }

  mutating func append(losses: [LossRecord]) { open.losses += losses }
  mutating func append(aggregates: [AggregateRecord]) { open.aggregates += aggregates }
  mutating func append(stacks: [StackRecord]) { tables.append(stacks: stacks) }
  mutating func append(symbols: [SymbolRecord]) { tables.append(symbols: symbols) }
  mutating func append(tasks: [TaskRecord]) { tables.append(tasks: tasks) }

  /// Ends a drain that began at `start`; `counts` are all events so far by kind.
  ///
  /// The oldest drains go until what is left fits, and while what follows them is long enough. One that is
  /// larger than the ring stays until a later one has events.
  mutating func endDrain(start: UInt64, counts: [UInt64]) {
    open.start = start
    open.counts = counts
    byteCount += open.bytes
    batches.append(open)
    open = Batch()
    while oldest < batches.count - 1 {
      let isOld = start - min(start, batches[oldest].start) >= span
      guard isOld || byteCount > limit && batches[oldest].bytes < byteCount else { break }
      byteCount -= batches[oldest].bytes
      self.start = batches[oldest].start
      gone = batches[oldest].counts
      batches[oldest] = Batch()
      oldest += 1
    }
    if oldest > 1024, oldest > batches.count / 2 {
      batches.removeFirst(oldest)
      oldest = 0
    }
  }

  /// Events that it holds, by kind, without those that `write` repeats.
  var counts: [UInt64] {
    guard let last = batches.last?.counts else { return [] }
    return gone.isEmpty ? last : zip(last, gone).map { $0 - $1 }
  }

  /// What is missing between the events that it holds, added up by CPU and kind.
  var losses: [LossRecord] { LossAccount(batches[oldest...].flatMap(\.losses)).records }

  /// The clock of a recording as of the part that is here.
  func clock(_ whole: ClockFacts) -> ClockFacts {
    guard let start, start > whole.startMonotonic else { return whole }
    var clock = whole
    clock.startRealtime += start - whole.startMonotonic
    clock.startMonotonic = start
    return clock
  }

  /// Writes all of it as one whole trace, and returns its bytes.
  ///
  /// Locks whose first sight is no longer here are seen again at the ring's start, so that they
  /// keep their names.
  func write(descriptor: Int32, facts: TraceFacts) throws(TraceError) -> UInt64 {
    var facts = facts
    facts.clock = clock(facts.clock)
    var writer = try TraceWriter(descriptor: descriptor, facts: facts)
    try tables.write(to: &writer, start: start)
    for batch in batches[oldest...] {
      for block in batch.blocks { try writer.append(block) }
      if !batch.losses.isEmpty { try writer.append(losses: batch.losses) }
      if !batch.aggregates.isEmpty { try writer.append(aggregates: batch.aggregates) }
    }
    let bytes = writer.byteCount
    try writer.finish(facts: facts)
    return bytes
  }
}
