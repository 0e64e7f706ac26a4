public import Measures

/// What moving one modified cache line between two CPUs costs, one way.
public enum LineTransfer: Hashable, Sendable {
  /// One cost per level of distance.
  case levels(smt: Nanoseconds, island: Nanoseconds, socket: Nanoseconds, cross: Nanoseconds)
  /// A measured matrix over CPU numbers, nanoseconds, row = from; symmetric or not.
  case matrix([[Double]])

  /// The cost at a level of distance: the level itself, or the mean of the matrix over the pairs of
  /// that level under `topology`.
  ///
  /// Zero for the same CPU. O(1) for levels, O(CPUs^2) for a matrix.
  public func cost(at distance: Distance, in topology: Topology) -> Nanoseconds {
    switch self {
    case .levels(let smt, let island, let socket, let cross):
      switch distance {
      case .same: return .zero
      case .smt: return smt
      case .island: return island
      case .socket: return socket
      case .cross: return cross
      }
    case .matrix(let rows):
      var statistics = Statistics()
      for (from, row) in rows.enumerated() where from < topology.cpuCount {
        for (to, cost) in row.enumerated() where to < topology.cpuCount {
          let apart = topology.place(ofCPU: from).distance(to: topology.place(ofCPU: to))
          if apart == distance, from != to { statistics.add(cost) }
        }
      }
      return Nanoseconds(statistics.mean)
    }
  }
}
