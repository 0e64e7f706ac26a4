/// Writes a trace block by block, so that whatever ends the recording, every whole block is readable.
///
/// Nothing is sought, so a pipe will do; nothing is held back: when `append` returns, its blocks are
/// with the kernel. The descriptor is the caller's to close. A reader that goes away raises SIGPIPE;
/// a caller that wants `TraceError.write(_, EPIPE)` instead ignores that signal. After any error
/// every later call throws it again: a block behind half a block could not be found.
public struct TraceWriter: ~Copyable {
  private var blocks: BlockWriter

  /// Events written so far.
  public var eventCount: UInt64 { blocks.eventCount }
  /// Bytes written so far.
  public var byteCount: UInt64 { blocks.sink.offset }

  /// A trace on `descriptor`, a file or a pipe, starting with what is known at the start.
  ///
  /// Throws `TraceError.write` where the system refuses.
  public init(descriptor: Int32, facts: TraceFacts) throws(TraceError) {
    blocks = try BlockWriter(TraceSink(descriptor: descriptor), facts: facts)
  }

  /// A trace in memory; `finish` returns its bytes.
  public init(facts: TraceFacts) throws(TraceError) {
    blocks = try BlockWriter(TraceSink(descriptor: nil), facts: facts)
  }

  /// Writes facts again; a reader takes the last ones.
  public mutating func append(facts: TraceFacts) throws(TraceError) {
    try blocks.append(facts: facts)
  }

  /// Writes events of one CPU, one block for each 16,384 of them.
  ///
  /// They should ascend in time, within a call and from one call to the next; those that do not are
  /// put in order, at a cost. A block takes about 110 bytes beside its events, so a recorder drains
  /// rarely when little happens. Throws `TraceError.write`, or `wrongCPU` where an event is of another
  /// CPU.
  public mutating func append(events: Span<Event>, cpu: UInt16) throws(TraceError) {
    try blocks.append(events: events, cpu: cpu)
  }

  /// Writes events of one CPU; as with a span.
  public mutating func append(events: [Event], cpu: UInt16) throws(TraceError) {
    try blocks.append(events: events.span, cpu: cpu)
  }

  /// Writes events that were encoded before.
  public mutating func append(_ block: EncodedEvents) throws(TraceError) {
    try blocks.append(block)
  }

  /// Writes stacks that events refer to.
  public mutating func append(stacks: [StackRecord]) throws(TraceError) {
    try blocks.append(stacks)
  }

  /// Writes symbols.
  public mutating func append(symbols: [SymbolRecord]) throws(TraceError) {
    try blocks.append(symbols)
  }

  /// Writes tasks that lived when recording started.
  public mutating func append(tasks: [TaskRecord]) throws(TraceError) { try blocks.append(tasks) }

  /// Writes what could not be recorded since the last call; a reader adds them up.
  public mutating func append(losses: [LossRecord]) throws(TraceError) {
    try blocks.append(losses)
  }

  /// Writes what was counted in place of being recorded since the last call.
  public mutating func append(aggregates: [AggregateRecord]) throws(TraceError) {
    try blocks.append(aggregates)
  }

  /// Writes the last facts and the end block, which says that nothing is missing behind it.
  ///
  /// Returns the bytes of a trace in memory; empty for one on a descriptor.
  @discardableResult
  public consuming func finish(facts: TraceFacts) throws(TraceError) -> [UInt8] {
    var blocks = blocks
    try blocks.finish(facts: facts)
    return blocks.sink.bytes
  }
}
