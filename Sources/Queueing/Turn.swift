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
    /// Mean time held, computing steps inside included, acquisitions inside not.
    var hold: Double
    /// Variance of that.
    var holdVariance: Double
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

  /// Mean computing time outside of locks.
  var run = 0.0
  /// In how many steps.
  var runs = 0
  /// Whether that is one exponential span.
  var runIsExponential = false
  /// Mean time asleep.
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
    let (inside, _) = add(group.loop, classes, index)
    run = inside.mean
  }

  /// Adds the steps; returns the computing time directly among them and the visits to give an outer.
  private mutating func add(
    _ steps: [Step], _ classes: [LockClass], _ index: [String: Int]
  ) -> (computing: (mean: Double, variance: Double), open: (visits: [Int], calls: [Int])) {
    var computing = (mean: 0.0, variance: 0.0)
    var openVisits: [Int] = []
    var openCalls: [Int] = []
    for step in steps {
      switch step {
      case .run(let span):
        computing.mean += span.mean.value
        computing.variance += span.squaredVariation * span.mean.value * span.mean.value
      case .sleep(let span):
        sleep += span.mean.value
      case .acquire(let acquisition):
        guard let lockClass = index[acquisition.lockClass] else { continue }
        let (inner, open) = add(acquisition.nested, classes, index)
        let hold = acquisition.hold.mean.value
        let mode = acquisition.mode ?? classes[lockClass].mode
        let own = visits.count
        visits.append(
          Visit(
            lockClass: lockClass,
            write: mode == .write || !classes[lockClass].kind.hasReaders,
            hold: hold + inner.mean,
            holdVariance: acquisition.hold.squaredVariation * hold * hold + inner.variance,
            outer: -1))
        for visit in open.visits { visits[visit].outer = own }
        for call in open.calls { calls[call].outer = own }
        openVisits.append(own)
      case .ipi(let interrupt):
        openCalls.append(calls.count)
        calls.append(Call(interrupt: interrupt, outer: -1))
      case .touch(let name):
        guard let lockClass = index[name] else { continue }
        openVisits.append(visits.count)
        visits.append(
          Visit(lockClass: lockClass, write: true, hold: 0, holdVariance: 0, outer: -1))
      case .wake, .operation:
        break
      }
    }
    return (computing, (openVisits, openCalls))
  }
}
