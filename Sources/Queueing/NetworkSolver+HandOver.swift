import Measures
import Workloads

extension NetworkSolver {
  /// Corrects the stations whose hand-over depends on how many wait by the ratio of two closed queues: with
  /// that dependence, and with the mean service at the solution.
  ///
  /// The ratio keeps what the solution knows and the queue does not: the variance of services, and what
  /// else is in a turn.
  mutating func correctHandOvers() {
    for station in network.stations.indices where !network.stations[station].replicas {
      let users = network.chains.indices.filter { network.chains[$0].distinct.contains(station) }
      guard let first = users.first,
        users.allSatisfy({ network.chains[$0].group == network.chains[first].group })
      else { continue }
      let places = users.compactMap { user in
        network.chains[user].stations.firstIndex(of: station).map { (chain: user, place: $0) }
      }
      guard places.count == users.count else { continue }
      correct(station, places)
    }
  }

  /// Slows the stations where readers of an rwsem sleep and its writers do not wait for them alone.
  ///
  /// The solution takes them for spinning readers, first come, first served.
  mutating func correctSleepingReaders() {
    for station in network.stations.indices where !network.stations[station].replicas {
      let users = network.chains.indices.filter { network.chains[$0].distinct.contains(station) }
      guard let queue = sleepingReaders(at: station, users) else { continue }
      let instances = network.stations[station].instances
      let all = users.reduce(0) { $0 + Double(network.chains[$1].customers) }
      let now = users.reduce(0) { $0 + Double(network.chains[$1].customers) * rates[$1] } / all
      let factor = queue.perNs * instances / all / now
      guard factor < 1 else { continue }
      for user in users {
        let longer = spans[user].total * (1 / factor - 1)
        let places = network.chains[user].stations.indices.filter {
          network.chains[user].stations[$0] == station
        }
        for place in places { spans[user].visits[place].wait += longer / Double(places.count) }
        spans[user].total += longer
        rates[user] = 1 / max(spans[user].total, 1e-6)
      }
    }
  }

  /// The queue at an rwsem that is both read and written; nil for any other lock, and for visits
  /// that are nested or have others nested in them.
  private func sleepingReaders(at station: Int, _ users: [Int]) -> SleepingReaders? {
    var queue = SleepingReaders(
      customers: 0, think: 0, reads: (0, 0), variation: 0, writes: (0, 0),
      writesNext: 0, wakeUp: network.kernel.idleExit, sleeping: 1, servers: .infinity, replying: 0,
      waking: network.kernel.wake)
    let instances = network.stations[station].instances
    let all = users.reduce(0) { sum, user in
      let places = network.chains[user].stations.filter { $0 == station }
      return sum + Double(network.chains[user].customers * places.count)
    }
    for user in users {
      let chain = network.chains[user]
      let count = Double(chain.customers)
      let turn = network.turns[chain.group]
      queue.customers += count
      queue.think += count * instances * spans[user].total
      for (place, visited) in chain.stations.enumerated() where visited == station {
        let visit = turn.visits[place]
        let span = spans[user].visits[place]
        guard network.scenario.workload.classes[visit.lockClass].kind == .rwsem,
          visit.outer < 0, turn.visits.allSatisfy({ $0.outer != place })
        else { return nil }
        queue.think -= count * (span.wait + span.owned)
        queue.wakeUp += count / all * pending(user, place)
        let away = chain.crossings[place].message > 0 ? chain.crossings[place].share : 0
        queue.sleeping -= count * away / all
        if away > 0 {
          let owner = max(0, chain.crossings[place].owner)
          queue.servers = Double(network.scenario.oslets[owner].cpus.count)
          queue.replying = network.scenario.machine.message.polled.value / 4
        }
        if visit.write {
          queue.writes.perTurn += count
          queue.writes.owned += count * span.owned
        } else {
          queue.reads.perTurn += count
          queue.reads.owned += count * span.owned
          queue.variation += count * visit.holdVariance / max(1, visit.hold * visit.hold)
          let places = chain.stations.indices.filter { chain.stations[$0] == station }
          let next = places.first { $0 > place } ?? places[0]
          if turn.visits[next].write { queue.writesNext += count }
        }
      }
    }
    guard queue.reads.perTurn > 0, queue.writes.perTurn > 0 else { return nil }
    queue.think = max(1e-6, queue.think / queue.customers)
    queue.variation /= queue.reads.perTurn
    queue.writesNext /= queue.reads.perTurn
    queue.reads.owned /= queue.reads.perTurn
    queue.writes.owned /= queue.writes.perTurn
    queue.reads.perTurn /= queue.customers
    queue.writes.perTurn /= queue.customers
    return queue
  }

  /// The writes of other replicas that a CPU of a chain's OSlet has still to apply, nanoseconds.
  private func pending(_ chain: Int, _ place: Int) -> Double {
    let replicas = network.chains[chain].crossings[place].replicas
    guard replicas >= 0 else { return 0 }
    let cpus = network.scenario.oslets[network.chains[chain].oslet].cpus.count
    return stations[replicas].work / Double(cpus)
  }

  /// Solves again with the writes that replicas apply at the corrected rates, until neither changes.
  mutating func settleReplicas() {
    let replicas = network.stations.indices.filter { network.stations[$0].replicas }
    guard !replicas.isEmpty else { return }
    for station in replicas { replicaWrites[station] = stations[station] }
    for _ in 0..<30 {
      let before = rates
      for station in replicas {
        var found = StationState()
        for (index, chain) in network.chains.enumerated() {
          guard let slot = chain.distinct.firstIndex(of: station) else { continue }
          let perNs = rates[index] * Double(chain.customers)
          found.add(contribution(chain, spans[index], perNs: perNs)[slot])
        }
        var state = StationState()
        state.add(replicaWrites[station] ?? found, times: 0.5)
        state.add(found, times: 0.5)
        replicaWrites[station] = state
      }
      solve()
      let moved = zip(before, rates).reduce(0) { max($0, abs($1.1 / $1.0 - 1)) }
      if moved < 1e-4 { return }
    }
  }

  private mutating func correct(_ station: Int, _ users: [(chain: Int, place: Int)]) {
    let instances = network.stations[station].instances
    var (customers, think, serial, rate) = (0, 0.0, 0.0, 0.0)
    var response: [Double] = []
    var queues: [(queue: HandedOverQueue, share: Double)] = []
    for (chain, place) in users {
      let visit = spans[chain].visits[place]
      let count = network.chains[chain].customers
      guard
        let queue = network.handOver(
          of: network.chains[chain], at: place, oslets, pending: pending(chain, place))
      else { return }
      response.append(visit.wait + visit.serial)
      customers += count
      // Between two visits to one of equal instances lie visits to the others.
      think += Double(count) * (instances * spans[chain].total - visit.wait - visit.serial)
      serial += Double(count) * rates[chain] * visit.serial
      rate += Double(count) * rates[chain]
      queues.append((queue, Double(count)))
    }
    guard customers > 1, rate > 0, var queue = queues.first?.queue else { return }
    let all = Double(customers)
    queue.customers = customers
    queue.think = max(1e-6, think / all)
    queue.fresh = queues.reduce(0) { $0 + $1.queue.fresh * $1.share } / all
    queue.handed = { behind in
      queues.reduce(0) { $0 + $1.queue.handed(behind) * $1.share } / all
    }
    queue.sleepers?.share =
      queues.reduce(0) { $0 + ($1.queue.sleepers?.share ?? 0) * $1.share } / all
    queue.sleepers?.waiters = zip(users, queues).map { user, one in
      let visit = spans[user.chain].visits[user.place]
      return (
        one.share, max(0, instances * spans[user.chain].total - visit.wait - visit.serial),
        one.queue.sleepers?.share ?? 0
      )
    }
    let flat = machineRepairman(
      customers: customers, think: Nanoseconds(queue.think), service: Nanoseconds(serial / rate))
    let wanted = rate * queue.perNs / (flat.throughput.perSecond / 1e9)
    // One factor on all responses, by bisection.
    var (low, high) = (1e-3, 1e3)
    for _ in 0..<60 {
      let factor = (low * high).squareRoot()
      let found = zip(users, response).reduce(0) { sum, user in
        sum + Double(network.chains[user.0.chain].customers)
          / (spans[user.0.chain].total + (factor - 1) * user.1)
      }
      if found > wanted { low = factor } else { high = factor }
    }
    for (user, response) in zip(users, response) {
      let longer = (low - 1) * response
      spans[user.chain].visits[user.place].wait = max(
        0, spans[user.chain].visits[user.place].wait + longer)
      spans[user.chain].total += longer
      rates[user.chain] = 1 / max(spans[user.chain].total, 1e-6)
    }
    var state = StationState()
    for (chain, place) in users {
      let perNs = rates[chain] * Double(network.chains[chain].customers)
      state.add(
        contribution(network.chains[chain], spans[chain], perNs: perNs)[
          network.chains[chain].slots[place]])
    }
    stations[station] = state
  }
}
