import Measures

/// A machine made larger, with the rule by which it was, for the report to print.
public struct ScaledMachine: Hashable, Sendable {
  /// The larger machine.
  public var machine: Machine
  /// What was assumed, one sentence or more.
  public var rule: String
}

extension Machine {
  /// This machine, made of more of its sockets until it has `cpus` CPUs, and the rule by which it
  /// was.
  ///
  /// A machine that is large enough stays as it is. Sockets of fewer than 16 cores, as guests and
  /// desktops have, first grow to 8 islands of 8 cores. A level of distance that the machine does
  /// not have takes the cost it has on an EPYC 7R13 in proportion to the next nearer level. Beyond
  /// four sockets, which server links join directly, each doubling adds half a hop to the mean path,
  /// and a hop costs what crossing costs more than staying in the socket. A polled message grows
  /// with the farthest transfer; interrupts keep their cost. These are assumptions, not
  /// measurements; the rule says so.
  ///
  /// - Throws: `WorkloadError.range` when `cpus` is not in 1...65536.
  public func scaled(toCPUs cpus: Int) throws(WorkloadError) -> ScaledMachine {
    guard (1...65_536).contains(cpus) else { throw .range("cpus must be from 1 to 65536") }
    let usable = topology.placesInOrder().count
    if cpus <= usable {
      return ScaledMachine(
        machine: self, rule: "\(name): \(usable) CPUs, used as it is for up to \(cpus)")
    }
    var notes: [String] = []
    let costs = completeLevels(&notes)
    var grown = topology
    if topology.coresPerSocket < 16 {
      let cores = max(8, topology.coresPerIsland)
      grown.coresPerIsland = cores
      grown.islandsPerSocket = max(topology.islandsPerSocket, 64 / cores)
      notes.append(
        "its socket of \(topology.coresPerSocket) cores grows to \(grown.islandsPerSocket) islands "
          + "of \(cores) cores")
    }
    let perSocket = grown.coresPerSocket * grown.smt
    grown.sockets = max(topology.sockets, (cpus + perSocket - 1) / perSocket)
    if case .list = grown.order { grown.order = .socketSMTLast }
    let hops = Self.meanHops(sockets: grown.sockets) / Self.meanHops(sockets: topology.sockets)
    let perHop = max(0, costs.cross - costs.socket)
    let cross = costs.cross + perHop * (hops - 1)
    if hops > 1 {
      notes.append(
        "the mean path between sockets grows \(rounded(hops)) times, so that crossing costs "
          + "\(rounded(cross)) ns (\(rounded(perHop)) ns a hop)")
    }
    let farBefore = topology.sockets > 1 ? costs.cross : costs.socket
    let farAfter = grown.sockets > 1 ? cross : costs.socket
    var larger = self
    larger.topology = grown
    larger.name = "\(name) x \(grown.sockets) sockets"
    larger.lineTransfer = .levels(
      smt: Nanoseconds(costs.smt), island: Nanoseconds(costs.island),
      socket: Nanoseconds(costs.socket), cross: Nanoseconds(cross))
    if farBefore > 0, farAfter > farBefore {
      let polled = message.polled * (farAfter / farBefore)
      larger.message = MessageCost(
        polled: polled, notified: message.notified - message.polled + polled)
      notes.append(
        "a polled message grows with the farthest transfer to \(rounded(polled.value)) ns")
    }
    let rule =
      "extrapolated, not measured: \(name) with \(grown.sockets) sockets of "
      + "\(grown.coresPerSocket) cores x \(grown.smt) threads (\(grown.cpuCount) CPUs)"
      + notes.map { "; \($0)" }.joined() + "; interrupt costs are kept"
    larger.sources.append(rule)
    return ScaledMachine(machine: larger, rule: rule)
  }

  /// The mean number of links between two sockets: 1 up to four, then half a link more a doubling.
  ///
  /// Three links a socket join four directly; eight sockets as a glueless ring of two such quads
  /// have a mean of 11/7 = 1.57 by counting (Intel UPI, AMD xGMI topologies), here 1.5.
  static func meanHops(sockets: Int) -> Double {
    var hops = 1.0
    var reach = 4
    while reach < sockets {
      hops += 0.5
      reach *= 2
    }
    return hops
  }

  /// The costs of all levels in nanoseconds; those the topology lacks in proportion to the next
  /// nearer one, by the EPYC 7R13's 9.8, 23, 107 and 197 ns.
  ///
  /// Source: core-to-core-latency README, N. Viennot, commit 0dddf509.
  private func completeLevels(
    _ notes: inout [String]
  ) -> (smt: Double, island: Double, socket: Double, cross: Double) {
    func cost(_ distance: Distance) -> Double {
      lineTransfer.cost(at: distance, in: topology).value
    }
    let has: [(Distance, Bool, Double)] = [
      (.smt, topology.smt > 1, 9.8), (.island, topology.coresPerIsland > 1, 23),
      (.socket, topology.islandsPerSocket > 1, 107), (.cross, topology.sockets > 1, 197),
    ]
    var found: [Double] = []
    var nearest: (cost: Double, reference: Double)?
    for (distance, present, reference) in has {
      if present {
        found.append(cost(distance))
        nearest = (cost(distance), reference)
      } else if let nearest {
        found.append(nearest.cost * reference / nearest.reference)
        notes.append(
          "\(distance) transfers, which it does not have, cost \(rounded(found.last ?? 0)) ns, as "
            + "an EPYC 7R13's do in proportion")
      } else {
        found.append(cost(distance))
      }
    }
    return (found[0], found[1], found[2], found[3])
  }
}

/// One decimal, without Foundation: `134`, `1.5`.
private func rounded(_ value: Double) -> String {
  let tenths = (value * 10).rounded() / 10
  return tenths == tenths.rounded() && abs(tenths) < 1e15 ? "\(Int(tenths))" : "\(tenths)"
}
