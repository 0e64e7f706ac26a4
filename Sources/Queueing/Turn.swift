import Measures
import Workloads

/// One turn of a task group's loop, flattened: what it computes, takes, interrupts and counts.
struct Turn {
  /// One acquisition, or one touch of a counter line.
  struct Visit {
    /// Index into the workload's classes.
    var lockClass: Int
    /// Whether it owns the lock alone.
    var write: Bool
    /// Mean time held, computing steps inside included, sleeps and acquisitions inside not.
    var hold: Double
    /// Variance of that.
    var holdVariance: Double
    /// Mean time asleep while it is held, and the variance of that.
    var slept: Double
    var sleptVariance: Double
    /// The acquisition it is nested in, an index into `visits` behind its own; -1 for none.
    var outer: Int
  }

  /// One interrupt.
  struct Call {
    /// What the workload says of it.
    var interrupt: Interrupt
    /// The acquisition it is sent under; -1 for none.
    var outer: Int
  }

  /// Mean and variance of a sum of spans.
  private struct Spread {
    var mean = 0.0
    var variance = 0.0

    mutating func add(_ span: Distribution) {
      let value = span.mean.value
      mean += value
      variance += span.squaredVariation * value * value
    }
  }

  /// What steps hold themselves, acquisitions among them aside.
  private struct Direct {
    var computing: Spread
    var asleep: Spread
    var visits: [Int]
    var calls: [Int]
  }

  /// Mean computing time outside of locks.
  var run = 0.0
  /// In how many steps.
  var runs = 0
  /// Whether that is one exponential span.
  var runIsExponential = false
  /// Mean time asleep outside of locks.
  var sleep = 0.0
  /// Acquisitions, nested ones before those they are nested in.
  var visits: [Visit] = []
  /// Interrupts.
  var calls: [Call] = []
  /// Operations counted.
  var operations: Double

  /// The turn of `group`; `index` finds a class by name.
  init(_ group: TaskGroup, classes: [LockClass], index: [String: Int]) {
    operations = group.operationsPerTurn
    var allExponential = true
    for step in group.loop {
      if case .run(let span) = step, span.mean.value > 0 {
        runs += 1
        if case .exponential = span {} else { allExponential = false }
      }
    }
    runIsExponential = runs == 1 && allExponential
    let outside = add(group.loop, classes, index)
    run = outside.computing.mean
    sleep = outside.asleep.mean
  }

  /// Adds the steps; returns the time computing and asleep directly among them, and the visits and calls to
  /// give an outer.
  private mutating func add(
    _ steps: [Step], _ classes: [LockClass], _ index: [String: Int]
  ) -> Direct {
    var computing = Spread()
    var asleep = Spread()
    var openVisits: [Int] = []
    var openCalls: [Int] = []
    for step in steps {
      switch step {
      case .run(let span):
        computing.add(span)
      case .sleep(let span):
        asleep.add(span)
      case .acquire(let acquisition):
        guard let lockClass = index[acquisition.lockClass] else { continue }
        let inner = add(acquisition.nested, classes, index)
        var hold = inner.computing
        hold.add(acquisition.hold)
        let mode = acquisition.mode ?? classes[lockClass].mode
        let own = visits.count
        visits.append(
          Visit(
            lockClass: lockClass,
            write: mode == .write || !classes[lockClass].kind.hasReaders,
            hold: hold.mean, holdVariance: hold.variance,
            slept: inner.asleep.mean, sleptVariance: inner.asleep.variance, outer: -1))
        for visit in inner.visits { visits[visit].outer = own }
        for call in inner.calls { calls[call].outer = own }
        openVisits.append(own)
      case .ipi(let interrupt):
        openCalls.append(calls.count)
        calls.append(Call(interrupt: interrupt, outer: -1))
      case .touch(let name):
        guard let lockClass = index[name] else { continue }
        openVisits.append(visits.count)
        visits.append(
          Visit(
            lockClass: lockClass, write: true, hold: 0, holdVariance: 0, slept: 0, sleptVariance: 0,
            outer: -1))
      case .wake, .operation:
        break
      }
    }
    return Direct(computing: computing, asleep: asleep, visits: openVisits, calls: openCalls)
  }
}
