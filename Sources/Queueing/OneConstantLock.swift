import Measures
import Workloads

/// The one case with constant holds that has a closed form: exponential think, one lock, no lines.
struct OneConstantLock {
  /// M/D/1//N.
  let solution: ClosedQueue

  /// Nil if the network is anything else.
  init?(_ network: ScenarioNetwork) {
    guard network.chains.count == 1, let chain = network.chains.first, network.stations.count == 1,
      chain.stations.count == 1, chain.stations[0] == 0, network.stations[0].instances == 1,
      network.scenario.oslets.count == 1,
      chain.customers <= network.scenario.cpus.count, !network.isSlowedBySiblings
    else { return nil }
    let turn = network.turns[chain.group]
    let lock = network.scenario.workload.classes[turn.visits[0].lockClass]
    guard turn.runIsExponential, turn.sleep == 0, turn.calls.isEmpty,
      turn.visits[0].holdVariance == 0, turn.visits[0].hold > 0, turn.visits[0].slept == 0,
      lock.lines == 0,
      lock.kind.spins, lock.kind != .rwlock, lock.kind != .counter
    else { return nil }
    solution = FiniteSource.solve(
      customers: chain.customers, think: Nanoseconds(turn.run),
      service: Nanoseconds(turn.visits[0].hold), shape: .constant)
  }
}
