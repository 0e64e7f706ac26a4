import Workloads

/// What one replication measured after its warm-up.
struct Outcome: Sendable {
  /// Simulated time measured, nanoseconds.
  var span: Double
  /// Per second, over the whole machine.
  var throughput: Double
  /// The same by task group.
  var groups: [Double]
  var messages: Double
  /// By `Category`; they sum to 1.
  var shares: [Double]
  /// Crossings over acquisitions.
  var crossingShare: Double
  var classes: [ClassOutcome]
  /// Busy share of the CPUs of each service OSlet; 0 for the others.
  var served: [Double]
  /// Events played, the warm-up included.
  var events: Int
}

/// What one replication measured of one class.
struct ClassOutcome: Sendable {
  /// Busy share of the busiest instance.
  var utilization: Double
  /// Mean wait of all acquisitions, nanoseconds.
  var wait: Double
  var acquisitionsPerSecond: Double
  /// Mean wait of those that tracepoints show, nanoseconds.
  var tracedWait: Double
  var tracedPerSecond: Double
}

extension Engine {
  /// Operations counted, of all task groups.
  var operations: Double {
    var sum = 0.0
    for group in operationsOfGroup.indices { sum += operationsOfGroup[group] }
    return sum
  }

  /// Plays one replication of a scenario: a warm-up, which is forgotten, and what is measured once
  /// nothing drifts.
  static func play(
    _ scenario: Scenario, seed: UInt64, replication: Int, events: (warmUp: Int, measured: Int),
    tracepoints: Tracepoints = Tracepoints()
  ) -> Outcome {
    var engine = Engine(
      scenario, seed: seed, replication: UInt64(replication), tracepoints: tracepoints)
    engine.advance(by: events.warmUp)
    engine.settleAndMeasure(
      events.measured, limit: Precision.longest * (events.warmUp + events.measured))
    return engine.outcome()
  }

  /// What was counted since the warm-up.
  mutating func outcome() -> Outcome {
    for cpu in cpus.indices { account(Int32(cpu)) }
    let span = now - measuredSince
    let perSecond = span > 0 ? 1e9 / span : 0
    let cpuTime = span * Double(cpus.count)
    var busiest = Array(repeating: 0.0, count: classCount)
    for index in locks.indices {
      let lock = locks[index]
      let open = lock.busySince >= 0 ? now - lock.busySince : 0
      let share = span > 0 ? (lock.busy + open) / span : 0
      busiest[Int(lock.lockClass)] = max(busiest[Int(lock.lockClass)], min(1, share))
    }
    var crossings = 0.0
    var acquisitions = 0.0
    for index in counters.indices {
      let counter = counters[index]
      crossings += counter.crossings
      acquisitions += counter.acquisitions
    }
    return Outcome(
      span: span, throughput: operations * perSecond,
      groups: operationsOfGroup.indices.map { operationsOfGroup[$0] * perSecond },
      messages: messages * perSecond,
      shares: (0..<6).map { cpuTime > 0 ? totals[$0] / cpuTime : ($0 == 5 ? 1 : 0) },
      crossingShare: acquisitions > 0 ? crossings / acquisitions : 0,
      classes: counters.indices.map { index in
        let counter = counters[index]
        return ClassOutcome(
          utilization: busiest[index],
          wait: counter.acquisitions > 0 ? counter.wait / counter.acquisitions : 0,
          acquisitionsPerSecond: counter.acquisitions * perSecond,
          tracedWait: counter.traced > 0 ? counter.tracedWait / counter.traced : 0,
          tracedPerSecond: counter.traced * perSecond)
      },
      served: oslets.indices.map { o in
        let time = span * Double(oslets[o].cpus.count)
        return oslets[o].service != nil && time > 0 ? min(1, served[o] / time) : 0
      },
      events: events)
  }
}
