extension RecordedTrace {
  /// The trace in the binary form, as a recorder would have written it: one run of blocks a CPU.
  public func bytes() throws(TraceError) -> [UInt8] {
    var writer = try TraceWriter(facts: facts)
    try writer.append(tasks: tasks)
    try writer.append(symbols: symbols)
    try writer.append(stacks: stacks)
    var byCPU: [UInt16: [Event]] = [:]
    for event in events { byCPU[event.cpu, default: []].append(event) }
    for cpu in byCPU.keys.sorted() {
      try writer.append(events: byCPU[cpu, default: []], cpu: cpu)
    }
    try writer.append(losses: losses)
    return try writer.finish(facts: facts)
  }

  /// Everything that is left to read of `reader`, in memory.
  public init(reading reader: inout TraceReader) throws(TraceError) {
    var events: [Event] = []
    while let event = try reader.next() { events.append(event) }
    self.init(
      facts: reader.facts, events: events, stacks: reader.stacks.records,
      symbols: reader.symbols.records, tasks: reader.tasks.records,
      losses: reader.losses.records)
  }
}
