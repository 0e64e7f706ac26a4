import Measures

extension Machine {
  /// A machine from its counts and its cost per level, checked.
  ///
  /// A level left out costs what the next nearer one does; interrupts and messages left out are
  /// derived from the farthest transfer.
  ///
  /// - Throws: `WorkloadError.range` for a count outside 1...65536, more than 65536 CPUs, or a cost
  ///   that is negative or not finite.
  public init(
    name: String, sockets: Int, islandsPerSocket: Int = 1, coresPerIsland: Int,
    smt threads: Int = 1, order: Topology.Order = .socketSMTLast, smtNs: Double = 0,
    islandNs: Double? = nil,
    socketNs: Double? = nil, crossNs: Double? = nil, interrupt: InterruptCost? = nil,
    message: MessageCost? = nil, constants: [String: Double] = [:], sources: [String] = []
  ) throws(WorkloadError) {
    let counts = [sockets, islandsPerSocket, coresPerIsland, threads]
    var product = 1
    for count in counts {
      guard (1...65_536).contains(count), product <= 65_536 / count else {
        throw .range(
          "machine '\(name)': sockets, islands, cores and threads are at least 1 and make at most "
            + "65536 CPUs")
      }
      product *= count
    }
    let island = islandNs ?? smtNs
    let socket = socketNs ?? island
    let cross = crossNs ?? socket
    let costs = [smtNs, island, socket, cross] + constants.values
    guard costs.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw .range("machine '\(name)': every cost must be zero or more nanoseconds")
    }
    let far = Nanoseconds(sockets > 1 ? cross : islandsPerSocket > 1 ? socket : island)
    self.init(
      name: name,
      topology: Topology(
        sockets: sockets, islandsPerSocket: islandsPerSocket, coresPerIsland: coresPerIsland,
        smt: threads, order: order),
      lineTransfer: .levels(
        smt: Nanoseconds(smtNs), island: Nanoseconds(island), socket: Nanoseconds(socket),
        cross: Nanoseconds(cross)),
      interrupt: interrupt ?? InterruptCost(derivedFrom: far),
      message: message ?? MessageCost(derivedFrom: far), constants: constants, sources: sources)
  }
}
