import Analysis
import TraceFormat

extension RecordedTrace {
  /// The threads of the load, without its first: they are born and end while recording runs, so all
  /// they did is in the trace.
  var stormThreads: Set<Int32> {
    let isStorm: (Event) -> Bool = { $0.kind == .exec && $0.a == 0x6d72_6f74_73 /* "storm" */ }
    guard let process = events.first(where: isStorm)?.c else { return [] }
    let births = events.filter { $0.kind == .fork && $0.c == process }
    return Set(births.map { Int32(bitPattern: $0.value) })
  }

  /// How often each of these tasks met a kind of event.
  func counts(of kind: EventKind, by tasks: Set<Int32>) -> [Int32: Int] {
    var counts: [Int32: Int] = [:]
    for event in events where event.kind == kind && tasks.contains(event.task.rawValue) {
      counts[event.task.rawValue, default: 0] += 1
    }
    return counts
  }

  /// How often each set of flags came with a begin of contention.
  var contentionsByFlags: [LockFlags: Int] {
    var counts: [LockFlags: Int] = [:]
    for event in events where event.kind == .contentionBegin {
      counts[LockFlags(rawValue: event.value), default: 0] += 1
    }
    return counts
  }

  /// What the analyzer makes of the whole trace.
  func analyzed() -> Findings {
    var analyzer = Analyzer(facts: facts)
    for event in events { analyzer.add(event) }
    return analyzer.finish(stacks: stacks, symbols: symbols, tasks: tasks, losses: losses)
  }

  /// Events of a kind that are not in the trace and were counted instead.
  func missed(_ kind: EventKind) -> Int {
    losses.filter { $0.kind == kind }.reduce(0) { $0 + Int($1.lost + $1.suppressed) }
  }
}
