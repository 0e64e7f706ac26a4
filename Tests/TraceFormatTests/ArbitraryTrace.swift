import Measures
import TraceFormat

/// A trace of random bits in every member, unlike any recording: what a codec must carry all the
/// same.
func arbitraryTrace(seed: UInt64, events count: Int = 300) -> RecordedTrace {
  var random = SeededGenerator(seed: seed)
  func bits() -> UInt64 { random.next() >> UInt64(random.index(below: 64)) }
  func name() -> String {
    let pool: [Unicode.Scalar] = ["a", "_", " ", "\"", "\\", "=", "\n", "\u{301}", "ü", "\u{2028}"]
    var text = String.UnicodeScalarView()
    for _ in 0..<random.index(below: 8) { text.append(pool[random.index(below: pool.count)]) }
    return String(text)
  }
  var trace = RecordedTrace()
  trace.facts.writer = name()
  trace.facts.kernel.config = ["NR_CPUS": name()]
  trace.facts.cost = RecorderCost(nanosecondsPerEvent: 250.5, cpuShare: 0.1, byProgram: ["a": 1])
  for _ in 0..<5 {
    trace.stacks.append(
      StackRecord(
        id: StackID(UInt32(truncatingIfNeeded: bits())),
        frames: (0..<random.index(below: 6)).map { _ in bits() }))
    trace.symbols.append(
      SymbolRecord(
        address: bits(), size: UInt32(truncatingIfNeeded: bits()),
        type: UInt8(97 + random.index(below: 26)), name: name()))
    trace.tasks.append(
      TaskRecord(
        task: TaskID(Int32(truncatingIfNeeded: bits())),
        process: TaskID(Int32(truncatingIfNeeded: bits())), name: name(), cgroup: name()))
    trace.losses.append(
      LossRecord(
        cpu: UInt16(random.index(below: 8)), kind: anyKind(&random), lost: bits(),
        suppressed: bits(), first: TraceTime(nanosecondsSinceBoot: bits()),
        last: TraceTime(nanosecondsSinceBoot: bits())))
  }
  let events = (0..<count).map { _ in
    var event = Event(
      time: TraceTime(nanosecondsSinceBoot: bits()), cpu: UInt16(random.index(below: 4)),
      task: TaskID(Int32(truncatingIfNeeded: bits())), kind: anyKind(&random), a: bits(),
      b: bits(), c: bits(), value: UInt32(truncatingIfNeeded: bits()),
      stack: StackID(UInt32(truncatingIfNeeded: bits())))
    if random.index(below: 3) == 0 { _ = event.setTaskName(name()) }
    return event
  }
  return RecordedTrace(
    facts: trace.facts, events: events, stacks: trace.stacks, symbols: trace.symbols,
    tasks: trace.tasks, losses: trace.losses)
}

private func anyKind(_ random: inout SeededGenerator) -> EventKind {
  EventKind.allCases[random.index(below: EventKind.allCases.count)]
}
