import Measures
import Workloads

/// The mean line transfer between two different users of a line, in nanoseconds.
struct TravelMean {
  /// Over all pairs of different users.
  let all: Double
  /// Variance of it over all pairs.
  let variance: Double
  /// Over pairs of one socket.
  let local: Double
  /// Probability that two users drawn with replacement are of one socket.
  let sameSocket: Double
  /// Users, tasks on one CPU counted each.
  let users: Int

  /// The mean over the users' `cpus`, a CPU named once per user.
  ///
  /// O(users); with a matrix the levels' means stand for its entries.
  init(_ cpus: [Int32], places: [CPUPlace], costs: TransferCosts) {
    users = cpus.count
    var perCPU: [Int32: Int] = [:]
    var perCore: [Int: Int] = [:]
    var perIsland: [Int: Int] = [:]
    var perSocket: [Int: Int] = [:]
    for cpu in cpus {
      let place = places[Int(cpu)]
      perCPU[cpu, default: 0] += 1
      perCore[place.core, default: 0] += 1
      perIsland[place.island, default: 0] += 1
      perSocket[place.socket, default: 0] += 1
    }
    func pairs(_ counts: some Sequence<Int>) -> Double {
      counts.reduce(0) { $0 + Double($1) * Double($1 - 1) }
    }
    let count = Double(cpus.count)
    let total = count * (count - 1)
    let same = pairs(perCPU.values)
    let core = pairs(perCore.values)
    let island = pairs(perIsland.values)
    let socket = pairs(perSocket.values)
    let near =
      (core - same) * costs.smt + (island - core) * costs.island + (socket - island) * costs.socket
    let mean = total > 0 ? (near + (total - socket) * costs.cross) / total : 0
    let squares =
      (core - same) * costs.smt * costs.smt + (island - core) * costs.island * costs.island
      + (socket - island) * costs.socket * costs.socket
      + (total - socket) * costs.cross * costs.cross
    all = mean
    variance = total > 0 ? max(0, squares / total - mean * mean) : 0
    local = socket > 0 ? near / socket : 0
    sameSocket =
      perSocket.values.reduce(0) { $0 + Double($1) * Double($1) } / max(1, count * count)
  }
}
