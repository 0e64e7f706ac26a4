import Measures
import Workloads

/// The totals of a solved network, in the terms of a prediction.
struct NetworkTally {
  /// Operations per nanosecond over the machine.
  private(set) var operationsPerNs = 0.0
  /// Operations per nanosecond of one CPU whose tasks nobody disturbs.
  private(set) var undisturbedPerCPU = 0.0
  private(set) var messagesPerNs = 0.0
  private(set) var crossingShare = 0.0
  private(set) var share = CPUShare()
  private(set) var classes: [ClassPrediction] = []
  /// Operations per nanosecond by task group.
  private(set) var groups: [Double]
  private(set) var firstSaturated: String?
  /// How far the result may be off, relative, by what decides it.
  private(set) var approximation = ClosedFormEngine.approximation
  /// Whether every hold is exponential and no hand-over costs anything.
  private(set) var isProductForm = true

  init(_ solver: NetworkSolver) {
    let network = solver.network
    let scenario = network.scenario
    let count = scenario.classCount
    groups = scenario.workload.tasks.map { _ in 0 }
    var acquisitions = Array(repeating: 0.0, count: count)
    var waits = Array(repeating: 0.0, count: count)
    var crossings = 0.0
    var ideal = (operations: 0.0, busy: 0.0)
    for (index, chain) in network.chains.enumerated() {
      let turn = network.turns[chain.group]
      let span = solver.spans[index]
      let perNs = solver.rates[index] * Double(chain.customers)
      operationsPerNs += perNs * turn.operations
      groups[chain.group] += perNs * turn.operations
      let own = solver.oslets[chain.oslet]
      var spent = CPUShare(useful: turn.run, ipi: span.interrupts + span.handlers)
      var undisturbed = turn.run + turn.sleep
      for (place, visit) in span.visits.enumerated() {
        let described = turn.visits[place]
        let lock = scenario.workload.classes[described.lockClass]
        acquisitions[described.lockClass] += perNs
        waits[described.lockClass] += perNs * visit.wait
        let crossing = chain.crossings[place]
        crossings += perNs * crossing.share
        messagesPerNs += perNs * crossing.messages
        undisturbed += described.hold + described.slept
        spent.useful += described.hold
        spent.lineTransfer += visit.transfer
        // A crossing runs its critical section on a CPU of the owner while the caller's polls or is
        // given up.
        let away = crossing.message > 0 ? crossing.share : 0
        spent.message += crossing.share * crossing.served
        spent.message +=
          crossing.sleeps
          ? away * scenario.machine.interrupt.send.value
          : visit.message + away * (visit.wait + visit.owned)
        if crossing.replication > 0 { spent.message += visit.served * crossing.messages }
        if lock.kind == .counter {
          // All of an atomic operation's time is the line's.
          spent.lineTransfer += visit.wait
        } else if ScenarioNetwork.waiterKeepsCPU(lock.kind, described, own) {
          spent.lockWait += (1 - away) * visit.wait
        }
        let square = described.hold * described.hold
        if chain.stations[place] >= 0,
          lock.lines > 0 || abs(described.holdVariance - square) > 1e-9 * square
            || described.outer >= 0 || described.slept > 0 || lock.kind.hasReaders
        {
          isProductForm = false
        }
      }
      if !turn.calls.isEmpty || own.crowding > 1 || network.isSlowedBySiblings {
        isProductForm = false
      }
      add(spent, times: perNs / Double(scenario.cpus.count))
      ideal.operations += Double(chain.customers) * turn.operations / max(undisturbed, 1e-9)
      ideal.busy += Double(chain.customers)
    }
    undisturbedPerCPU = ideal.operations / max(ideal.busy, 1)
    normalize()
    let total = acquisitions.reduce(0, +)
    crossingShare = total > 0 ? crossings / total : 0
    var busiest = Array(repeating: 0.0, count: count)
    var isMixed = Array(repeating: false, count: count)
    for (index, station) in network.stations.enumerated() {
      let state = solver.stations[index]
      let busy = min(1, state.busy + (1 - min(1, state.busy)) * min(1, state.readers))
      busiest[station.lockClass] = max(busiest[station.lockClass], busy)
      if state.reads > 0, state.writes > 0 { isMixed[station.lockClass] = true }
    }
    classes = scenario.workload.classes.indices.map { place in
      ClassPrediction(
        name: scenario.workload.classes[place].name, utilization: busiest[place],
        waitNsMean: acquisitions[place] > 0 ? waits[place] / acquisitions[place] : 0,
        acquisitionsPerSecond: acquisitions[place] * 1e9)
    }
    for (index, chain) in network.chains.enumerated() {
      let span = solver.spans[index]
      for (place, visit) in network.turns[chain.group].visits.enumerated() {
        let kind = scenario.workload.classes[visit.lockClass].kind
        let sleeps = kind == .rwsem || kind == .futex || kind == .rtmutex
        let isBusy = busiest[visit.lockClass] > 0.3
        if isBusy, isMixed[visit.lockClass] {
          approximation = max(approximation, ClosedFormEngine.readersApproximation)
        }
        if isBusy, sleeps {
          approximation = max(approximation, ClosedFormEngine.roughApproximation)
        } else if chain.crossings[place].share > 0,
          isBusy || span.visits[place].message > 0.03 * span.total
        {
          approximation = max(approximation, ClosedFormEngine.crossingApproximation)
        }
      }
    }
    let first = busiest.indices.max { busiest[$0] < busiest[$1] }
    firstSaturated = first.flatMap { busiest[$0] > 0 ? classes[$0].name : nil }
    for (index, oslet) in scenario.oslets.enumerated() {
      guard let service = oslet.service else { continue }
      let busy = min(1, solver.oslets[index].requests / (1 + solver.oslets[index].requests))
      if busy > (first.map { busiest[$0] } ?? 0) { firstSaturated = "\(service) service" }
    }
  }

  /// Takes a closed form's numbers for a network of one chain and one station.
  mutating func replaceThroughput(by solution: ClosedQueue, of solver: NetworkSolver) {
    let before = operationsPerNs
    let turn = solver.network.turns[0]
    operationsPerNs = solution.throughput.perSecond / 1e9 * turn.operations
    groups[solver.network.chains[0].group] = operationsPerNs
    let hold = turn.visits[0].hold
    let perCPU =
      solution.throughput.perSecond / 1e9 / Double(solver.network.scenario.cpus.count)
    let wait = max(0, solution.response.value - hold)
    share = CPUShare(useful: perCPU * (turn.run + hold), lockWait: perCPU * wait)
    normalize()
    guard before > 0 else { return }
    let place = turn.visits[0].lockClass
    classes[place].utilization = solution.utilization
    classes[place].waitNsMean = wait
    classes[place].acquisitionsPerSecond = solution.throughput.perSecond
  }

  private mutating func add(_ spent: CPUShare, times rate: Double) {
    share.useful += rate * spent.useful
    share.lockWait += rate * spent.lockWait
    share.lineTransfer += rate * spent.lineTransfer
    share.ipi += rate * spent.ipi
    share.message += rate * spent.message
  }

  /// Makes the shares sum to 1: what is missing is idle, what is too much shrinks all alike.
  private mutating func normalize() {
    let used = share.useful + share.lockWait + share.lineTransfer + share.ipi + share.message
    if used > 1 {
      share.useful /= used
      share.lockWait /= used
      share.lineTransfer /= used
      share.ipi /= used
      share.message /= used
      share.idle = 0
    } else {
      share.idle = 1 - used
    }
  }
}
