import Measures
public import Workloads

/// The line-transfer costs of a machine as bare nanoseconds, read once, with the factors that a
/// calibration may move.
public struct TransferCosts: Hashable, Sendable {
  /// Between threads of a core.
  public var smt: Double
  /// Behind one last-level cache.
  public var island: Double
  /// Between islands of a socket.
  public var socket: Double
  /// Between sockets.
  public var cross: Double

  /// The costs of `machine`.
  public init(_ machine: Machine) {
    func cost(_ distance: Distance) -> Double {
      machine.lineTransfer.cost(at: distance, in: machine.topology).value
    }
    smt = cost(.smt)
    island = cost(.island)
    socket = machine.topology.islandsPerSocket > 1 ? cost(.socket) : island
    cross = machine.topology.sockets > 1 ? cost(.cross) : socket
  }

  /// These costs with what crosses sockets beyond the cost inside one multiplied by `factor`.
  public func crossing(times factor: Double) -> TransferCosts {
    var scaled = self
    scaled.cross = socket + (cross - socket) * factor
    return scaled
  }

  /// The mean over shares of pairs by distance; `meshFill` scales what happens between cores of one
  /// socket.
  public func mean(over shares: [Distance: Double], mesh: Double) -> Double {
    (shares[.smt] ?? 0) * smt + (shares[.island] ?? 0) * island * mesh
      + (shares[.socket] ?? 0) * socket * mesh + (shares[.cross] ?? 0) * cross
  }
}
