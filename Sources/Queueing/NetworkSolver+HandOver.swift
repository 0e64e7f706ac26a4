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

  private mutating func correct(_ station: Int, _ users: [(chain: Int, place: Int)]) {
    let instances = network.stations[station].instances
    var (customers, think, serial, rate) = (0, 0.0, 0.0, 0.0)
    var response: [Double] = []
    var queues: [(queue: HandedOverQueue, share: Double)] = []
    for (chain, place) in users {
      let visit = spans[chain].visits[place]
      let count = network.chains[chain].customers
      guard let queue = network.handOver(of: network.chains[chain], at: place, oslets) else {
        return
      }
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
