/// A count of where a replay stands, by which two stretches of it are compared.
///
/// A machine that starts idle fills the queue of its bottleneck for as long as most tasks have not met
/// it yet, and moves as if there were none until then. Its throughput tells late; the number of tasks
/// that wait tells at once, since it grows as long as more come than go.
struct Census {
  var time: Double
  var operations: Double
  /// Tasks that wait for a lock or for a reply.
  var waiting: Int
  var tasks: Int

  /// Whether nothing drifts between three counts, a stretch of equal length between each two.
  ///
  /// Throughput of the stretches may differ by a tenth, and the waiting tasks by one in a hundred of
  /// all and three standard deviations of a count that is random (Poisson).
  static func isSteady(_ start: Self, _ middle: Self, _ end: Self) -> Bool {
    let early = start.throughput(until: middle)
    let late = middle.throughput(until: end)
    let drift = Double(abs(end.waiting - start.waiting))
    let noise = 3 * Double(max(start.waiting, end.waiting)).squareRoot()
    return abs(late - early) <= 0.1 * max(early, late)
      && drift <= 0.01 * Double(end.tasks) + noise
  }

  private func throughput(until later: Self) -> Double {
    later.time > time ? (later.operations - operations) / (later.time - time) : 0
  }
}

extension Engine {
  /// The count as it is now.
  func census() -> Census {
    var waiting = 0
    for task in tasks.indices {
      switch tasks[task].phase {
      case .spinning, .polling, .blocked, .away, .parked: waiting += 1
      case .running, .ready, .asleep: break
      }
    }
    return Census(time: now, operations: operations, waiting: waiting, tasks: tasks.count)
  }

  /// Plays `stretch` events and measures them; as long as something drifts in them, forgets them and
  /// plays twice as many, up to `limit` events in all.
  mutating func settleAndMeasure(_ stretch: Int, limit: Int) {
    var stretch = stretch
    while true {
      startMeasuring()
      let start = census()
      advance(by: stretch / 2)
      let middle = census()
      advance(by: stretch - stretch / 2)
      stretch *= 2
      if events + stretch > limit || Census.isSteady(start, middle, census()) { return }
    }
  }
}
