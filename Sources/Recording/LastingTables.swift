import TraceFormat

/// What a later part of a recording needs of an earlier one: stacks, symbols, tasks and first sights
/// of locks.
///
/// Their number grows with the variety of what happens and not with time.
struct LastingTables {
  private var stacks: [StackRecord] = []
  private var symbols: [SymbolRecord] = []
  private var tasks: [TaskRecord] = []
  private var locks = LockSightings()

  mutating func note(_ events: Span<Event>) {
    for index in events.indices where events[index].kind == .lockSeen { locks.note(events[index]) }
  }

  mutating func append(stacks: [StackRecord]) { self.stacks += stacks }
  mutating func append(symbols: [SymbolRecord]) { self.symbols += symbols }
  mutating func append(tasks: [TaskRecord]) { self.tasks += tasks }

  /// Writes all of them; locks whose first sight was before `start` are seen again at that time, so
  /// that they keep their names.
  func write(to writer: inout TraceWriter, start: UInt64?) throws(TraceError) {
    try writer.append(tasks: tasks)
    if let start {
      for events in locks.before(start) { try writer.append(events: events, cpu: events[0].cpu) }
    }
    try writer.append(stacks: stacks)
    try writer.append(symbols: symbols)
  }
}
