import Workloads

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Mean value analysis of a scenario's network: exact recursion over the population where one chain has
/// its stations for itself, Bard and Schweitzer's fixed point where chains share them.
///
/// Sources: M. Reiser and S. S. Lavenberg, JACM 27(2), 1980 (recursion; with the residual service of
/// the customer found in service where it is not exponential: M. Reiser, "A queueing network analysis
/// of computer communication networks with window flow control", IEEE Trans. Comm. 27(8), 1979); P. J.
/// Schweitzer, "Approximate analysis of multiclass closed networks of queues", Amsterdam 1979; several
/// servers as one faster server and a delay: A. Seidmann, P. Schweitzer, S. Shalev-Oren, Large Scale
/// Systems 12, 1987.
struct NetworkSolver {
  let network: ScenarioNetwork
  /// Turns of one customer per nanosecond, by chain.
  var rates: [Double]
  /// The turns at the solution, by chain.
  var spans: [TurnSpan]
  /// The stations at the solution, all customers counted.
  var stations: [StationState]
  /// The OSlets at the solution.
  private(set) var oslets: [OSletState]
  /// Whether every chain was solved by the recursion with exponential services throughout.
  private(set) var isExact: Bool

  /// What the replicas apply, where corrections have changed it; by station.
  var replicaWrites: [Int: StationState] = [:]

  private let alone: [Bool]

  /// Solves the network.
  ///
  /// O(sweeps x chains x visits), with the recursion O(sweeps x tasks x visits).
  init(_ network: ScenarioNetwork) {
    self.network = network
    var user = Array(repeating: -1, count: network.stations.count)
    var shared = Array(repeating: false, count: network.stations.count)
    for (index, chain) in network.chains.enumerated() {
      for station in chain.distinct {
        if user[station] >= 0, user[station] != index { shared[station] = true }
        user[station] = index
      }
    }
    alone = network.chains.map { chain in
      chain.distinct.allSatisfy { !shared[$0] }
    }
    stations = Array(repeating: StationState(), count: network.stations.count)
    oslets = Array(repeating: OSletState(), count: network.scenario.oslets.count)
    spans = network.chains.map {
      network.span(
        of: $0, met: Array(repeating: StationState(), count: $0.distinct.count),
        oslets: Array(repeating: OSletState(), count: network.scenario.oslets.count))
    }
    rates = spans.map { 1 / max($0.total, 1e-6) }
    isExact = alone.allSatisfy { $0 }
    if solve() { settleReplicas() }
  }

  /// Solves with what the replicas apply given; whether anything was to correct.
  @discardableResult
  mutating func solve() -> Bool {
    iterate()
    let uncorrected = rates
    correctHandOvers()
    correctSleepingReaders()
    return rates != uncorrected
  }

  private mutating func iterate() {
    let limit = 600
    for sweep in 0..<limit {
      let before = rates
      sweepChains()
      let coupled = updateOSlets()
      let moved = zip(before, rates).reduce(0) { max($0, abs($1.1 / $1.0 - 1)) }
      if moved < 1e-10 && sweep > 0 || (!coupled && alone.allSatisfy { $0 }) { break }
    }
  }

  private mutating func sweepChains() {
    var totals = Array(repeating: StationState(), count: stations.count)
    for (index, chain) in network.chains.enumerated() where alone[index] {
      recurse(index, chain, into: &totals)
    }
    // What each chain puts at its stations at the rates of the last sweep.
    var own: [[StationState]] = Array(repeating: [], count: network.chains.count)
    for (index, chain) in network.chains.enumerated() where !alone[index] {
      own[index] = contribution(
        chain, spans[index], perNs: rates[index] * Double(chain.customers))
      for (slot, station) in chain.distinct.enumerated() { totals[station].add(own[index][slot]) }
    }
    for (station, state) in replicaWrites { totals[station] = state }
    for (index, chain) in network.chains.enumerated() where !alone[index] {
      let met = chain.distinct.enumerated().map { slot, station in
        var state = totals[station]
        state.add(own[index][slot], times: -1 / Double(chain.customers))
        return state
      }
      var span = network.span(of: chain, met: met, oslets: oslets)
      // No station gives more than one service at a time.
      let fullest = chain.distinct.reduce(1) { max($0, totals[$1].busy) }
      if fullest > 1 { span.total = max(span.total, fullest / max(rates[index], 1e-18)) }
      // Half a step keeps saturated networks from swinging.
      spans[index] = span
      rates[index] = (rates[index] * (1 / max(span.total, 1e-6))).squareRoot()
    }
    stations = totals
  }

  /// The exact recursion for a chain that shares no station.
  private mutating func recurse(
    _ index: Int, _ chain: ScenarioNetwork.Chain, into totals: inout [StationState]
  ) {
    var states = Array(repeating: StationState(), count: chain.distinct.count)
    for population in 1...chain.customers {
      var span = network.span(of: chain, met: states, oslets: oslets)
      keepInside(&span, chain, population)
      let perNs = Double(population) / max(span.total, 1e-6)
      spans[index] = span
      rates[index] = perNs / Double(population)
      states = contribution(chain, span, perNs: perNs)
    }
    for (slot, station) in chain.distinct.enumerated() { totals[station].add(states[slot]) }
  }

  /// Lengthens waits so that no station serves more than one at a time (the bound of Denning and Buzen,
  /// 1978): a customer that comes back at once finds a regular service just begun, not half done.
  private func keepInside(
    _ span: inout TurnSpan, _ chain: ScenarioNetwork.Chain, _ population: Int
  ) {
    for station in chain.distinct where !network.stations[station].replicas {
      var serial = 0.0
      var last = -1
      for (place, visited) in chain.stations.enumerated() where visited == station {
        serial += span.visits[place].serial / network.stations[station].instances
        last = place
      }
      let missing = Double(population) * serial - span.total
      guard last >= 0, missing > 1e-12 * span.total else { continue }
      span.visits[last].wait += missing
      span.total += missing
    }
  }

  /// What a chain that completes `perNs` turns per nanosecond keeps at one instance of each of its
  /// distinct stations.
  func contribution(
    _ chain: ScenarioNetwork.Chain, _ span: TurnSpan, perNs: Double
  ) -> [StationState] {
    var states = Array(repeating: StationState(), count: chain.distinct.count)
    for (place, station) in chain.stations.enumerated() where station >= 0 {
      let visit = span.visits[place]
      let rate = perNs / network.stations[station].instances
      var state = StationState()
      state.waiting = rate * (visit.wait - visit.drain)
      state.busy = rate * visit.serial
      // Those in front with their whole service, the one in service with what is left of it.
      state.work =
        state.waiting * visit.serial
        + rate * (visit.serial * visit.serial + visit.variance) / 2
      let described = network.turns[chain.group].visits[place]
      if described.outer >= 0 { state.nestedWork = state.work }
      let kind = network.scenario.workload.classes[described.lockClass].kind
      if kind.hasReaders, !described.write {
        state.readers = rate * visit.owned
        state.readHold = state.readers * (visit.owned - visit.transfer)
        state.reads = rate
        let hold = max(described.hold * described.hold, 1e-9)
        state.readVariation = state.readers * min(1, described.holdVariance / hold)
      } else {
        state.writes = rate
      }
      states[chain.slots[place]].add(state)
    }
    for (place, crossing) in chain.crossings.enumerated() where crossing.replicas >= 0 {
      guard let slot = chain.distinct.firstIndex(of: crossing.replicas) else { continue }
      let visit = span.visits[place]
      let lock = network.scenario.workload.classes[
        network.turns[chain.group].visits[place].lockClass]
      let serial = visit.served + lock.lines * network.stations[crossing.replicas].travel.all
      let variance = network.turns[chain.group].visits[place].holdVariance
      // Each replica applies the writes of all OSlets but its own.
      let rate = perNs * crossing.messages / (crossing.messages + 1)
      var state = StationState()
      state.waiting = rate * visit.replicaWait
      state.busy = rate * serial
      state.work = state.waiting * serial + rate * (serial * serial + variance) / 2
      states[slot].add(state)
    }
    return states
  }

  /// What interrupts, requests and crowding do to the OSlets' CPUs; whether they do anything.
  private mutating func updateOSlets() -> Bool {
    var next = Array(repeating: OSletState(), count: oslets.count)
    // CPUs that applying the writes of replicas keeps busy at each OSlet: those of all, and its own.
    var written = 0.0
    var writtenHere = Array(repeating: 0.0, count: oslets.count)
    for (index, chain) in network.chains.enumerated() {
      let perNs = rates[index] * Double(chain.customers)
      let span = spans[index]
      let cpus = Double(network.scenario.oslets[chain.oslet].cpus.count)
      next[chain.oslet].handlers += perNs * span.handlers / cpus
      next[chain.oslet].demand += perNs * (span.computing + span.spinning) / cpus
      next[chain.oslet].computing += perNs * span.computing / cpus
      let steps = network.turns[chain.group].runs
      // Weighted by time: what a request that comes at random finds under way.
      next[chain.oslet].step += perNs * span.run / cpus * span.run / Double(max(1, steps))
      // What goes to every OSlet alike is added up first: a loop has many visits, a machine many OSlets.
      var everywhere = 0.0
      for (place, visit) in span.visits.enumerated() where visit.served > 0 {
        let crossing = chain.crossings[place]
        if crossing.replication > 0 {
          written += perNs * visit.served
          writtenHere[chain.oslet] += perNs * visit.served
        } else if crossing.owner >= 0 {
          serve(crossing.owner, perNs * visit.served, &next)
        } else {
          everywhere += visit.served / Double(next.count)
        }
      }
      if everywhere > 0 {
        for oslet in next.indices { serve(oslet, perNs * everywhere, &next) }
      }
    }
    var coupled = false
    for index in next.indices {
      let cpus = Double(network.scenario.oslets[index].cpus.count)
      let busy = min(1, next[index].computing)
      next[index].step /= max(next[index].computing, 1e-9)
      // A request goes to a CPU that idles or spins if there is one.
      next[index].serving *= pow(busy, cpus)
      // A replica's CPUs apply writes in turn, whatever they do.
      next[index].serving += (written - writtenHere[index]) / cpus
      next[index].handlers = min(0.95, 0.5 * (next[index].handlers + oslets[index].handlers))
      next[index].serving = min(0.9, 0.5 * (next[index].serving + oslets[index].serving))
      next[index].requests = 0.5 * (next[index].requests + oslets[index].requests)
      next[index].crowding = max(
        1, oslets[index].crowding * max(next[index].demand, 1e-9).squareRoot())
      coupled =
        coupled || next[index].handlers > 0 || next[index].requests > 0
        || network.isSlowedBySiblings
        || next[index].crowding > 1
    }
    oslets = next
    return coupled
  }

  /// Adds requests that keep an OSlet's CPUs busy for `load` nanoseconds a nanosecond.
  private func serve(_ oslet: Int, _ load: Double, _ next: inout [OSletState]) {
    let scaled = load / Double(network.scenario.oslets[oslet].cpus.count)
    next[oslet].serving += scaled
    // Of the M/M/1 form q = u (1 + q), with u bounded by the population.
    next[oslet].requests += scaled * (1 + oslets[oslet].requests)
  }
}
