/// How the CPUs of a machine are cut into OSlets.
public enum Partition: Hashable, Sendable {
  /// One image.
  case one
  /// OSlets of `size` CPUs: `count` of them, or as many as fit when nil.
  case uniform(count: Int?, size: Int)
  /// One OSlet per core, L3 island, NUMA node or socket.
  case topology(TopologyCut)
  /// OSlets of these sizes; CPUs beyond their sum form a last one.
  case uneven([Int])
  /// `groups` groups of `perGroup` OSlets of `size` CPUs (nil: what the CPUs in use give, at least
  /// 1), with one way to broadcast among them.
  case hierarchy(groups: Int, perGroup: Int, size: Int?, broadcast: Broadcast)
}

/// Along which level of the topology a machine is cut.
public enum TopologyCut: String, Hashable, Sendable, CaseIterable {
  /// One OSlet a core.
  case core
  /// One OSlet a last-level cache.
  case l3
  /// One OSlet a NUMA node (a socket, where a machine does not say otherwise).
  case node
  /// One OSlet a socket.
  case socket
}

/// How a message to every OSlet travels.
public enum Broadcast: String, Hashable, Sendable, CaseIterable {
  /// The sender sends each.
  case flat
  /// A forwarder in each group sends on.
  case tree
  /// Each sends to its neighbour.
  case ring
}
