public import Measures

/// A station of a closed network, by the service one visit to all of it demands.
public struct Station: Hashable, Sendable {
  /// How customers meet at a station.
  public enum Discipline: Hashable, Sendable {
    /// One server, one after the other.
    case queue
    /// As many servers as customers: a pure delay.
    case delay
  }

  /// A name for reports.
  public var name: String
  /// Mean service one customer demands per turn: visits times service time.
  public var demand: Nanoseconds
  /// How customers meet.
  public var discipline: Discipline

  /// A station; see the properties.
  public init(_ name: String, demand: Nanoseconds, discipline: Discipline = .queue) {
    self.name = name
    self.demand = demand
    self.discipline = discipline
  }
}

/// Exact mean value analysis of a single-class closed network in product form.
public struct MeanValueAnalysis: Hashable, Sendable {
  /// Turns completed by all customers together.
  public private(set) var throughput: Rate
  /// Per station, the time one turn spends there.
  public private(set) var residence: [Nanoseconds]
  /// Per station, the customers present.
  public private(set) var queueLength: [Double]
  /// Per station, the busy share, 0...1; for a delay the customers in it.
  public private(set) var utilization: [Double]

  /// Solves the network for `customers` (at least 1) with `think` time between turns.
  ///
  /// Source: M. Reiser and S. S. Lavenberg, JACM 27(2), 1980: residence R_i = D_i (1 + Q_i(n - 1)),
  /// X = n / (Z + sum R_i), Q_i = X R_i. Exact for exponential FIFO service with the same mean for
  /// every visit, and for processor sharing with any service (F. Baskett, K. M. Chandy, R. R. Muntz,
  /// F. G. Palacios, JACM 22(2), 1975).
  ///
  /// O(customers x stations).
  public init(stations: [Station], customers: Int, think: Nanoseconds) {
    var queue = Array(repeating: 0.0, count: stations.count)
    var residence = queue
    var perNs = 0.0
    for n in 1...customers {
      var turn = think.value
      for (i, station) in stations.enumerated() {
        let met = station.discipline == .queue ? queue[i] : 0
        residence[i] = station.demand.value * (1 + met)
        turn += residence[i]
      }
      perNs = Double(n) / turn
      for i in stations.indices { queue[i] = perNs * residence[i] }
    }
    self.throughput = Rate(perSecond: perNs * 1e9)
    self.residence = residence.map { Nanoseconds($0) }
    self.queueLength = queue
    self.utilization = stations.map { perNs * $0.demand.value }
  }
}
