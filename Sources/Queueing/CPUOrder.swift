public import Workloads

/// The CPUs of a topology in the order a growing load uses them, with the numbering of an explicit
/// list read the way that keeps the list together.
///
/// A list of CPU numbers says nothing of how its machine numbers CPUs. Linux takes the order of the
/// firmware's tables: most servers number the cores socket by socket, many (Dell and HPE among them)
/// deal them out over the sockets in turn, so that even numbers are one socket. A list that a person
/// wrote to fill a machine visits each socket once; the reading with fewer changes of socket is taken.
public struct CPUOrder: Hashable, Sendable {
  /// The places, first used first.
  public private(set) var places: [CPUPlace]
  /// The CPU numbers of the places, as a matrix of transfer costs counts them.
  public private(set) var numbers: [Int]
  /// Whether threads go to the sockets in turn, as a scheduler spreads them: to any core of a socket.
  public let scattered: Bool
  /// Whether a list was read as dealt out over the sockets in turn.
  public private(set) var dealtOverSockets = false

  /// The order of `topology`.
  public init(_ topology: Topology) {
    places = topology.placesInOrder()
    numbers = places.map { $0.thread * topology.coreCount + $0.core }
    scattered = topology.order == .scatter
    guard case .list(let listed) = topology.order, topology.sockets > 1 else { return }
    let dealt = listed.map { topology.place(ofCPU: Self.usualNumber($0, topology)) }
    if Self.changes(dealt) < Self.changes(places) {
      places = dealt
      numbers = listed
      dealtOverSockets = true
    }
  }

  /// The number that a CPU dealt out over the sockets in turn has where sockets are numbered one by
  /// one.
  private static func usualNumber(_ number: Int, _ topology: Topology) -> Int {
    let core = number % topology.coreCount
    return number - core + (core % topology.sockets) * topology.coresPerSocket
      + core / topology.sockets
  }

  private static func changes(_ places: [CPUPlace]) -> Int {
    zip(places, places.dropFirst()).reduce(0) { $0 + ($1.0.socket == $1.1.socket ? 0 : 1) }
  }
}
