/// How CPUs, lock classes and tasks of one machine are divided into OSlets.
public struct Layout: Hashable, Sendable {
  /// The short form it was read from, or the name its file gives; labels every report.
  public var name: String
  /// How the CPUs are cut.
  public var partition: Partition
  /// OSlets that own a service for the others; their CPUs come off the machine first.
  public var services: [Service]
  /// Conventional fixes applied inside each image.
  public var fixes: [Fix]
  /// Policies of single classes or groups; what is not named takes the default of its scope.
  public var policies: [String: ClassPolicy]
  /// How tasks find their OSlet.
  public var placement: Placement

  /// A layout; see the properties.
  public init(
    name: String, partition: Partition, services: [Service] = [], fixes: [Fix] = [],
    policies: [String: ClassPolicy] = [:], placement: Placement = .spread
  ) {
    self.name = name
    self.partition = partition
    self.services = services
    self.fixes = fixes
    self.policies = policies
    self.placement = placement
  }

  /// One image over all CPUs: the control.
  public static let one = Layout(name: "one", partition: .one)
}

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
  /// `groups` groups of `perGroup` OSlets of `size` CPUs, with one way to broadcast among them.
  case hierarchy(groups: Int, perGroup: Int, size: Int, broadcast: Broadcast)
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

/// OSlets that own a service for others.
public struct Service: Hashable, Sendable {
  /// The class group it owns: `fs`, `net`.
  public var group: String
  /// How many OSlets; classes of the group are striped over them.
  public var count: Int
  /// CPUs of each.
  public var size: Int

  /// A service; see the properties.
  public init(group: String, count: Int, size: Int) {
    self.group = group
    self.count = count
    self.size = size
  }
}

/// A conventional remedy inside one image.
public enum Fix: Hashable, Sendable {
  /// Hand queued locks to a waiter of the same socket first (CNA).
  case numaHandover
  /// Split each instance of the class into this many.
  case shard(lockClass: String, ways: Int)
  /// One instance a CPU.
  case perCPU(lockClass: String)
  /// Readers without a lock.
  case lockless(lockClass: String)
  /// TLB shootdowns by hardware broadcast.
  case broadcastTLB
  /// One instance per core, island, node or socket inside one image.
  case split(lockClass: String, cut: TopologyCut)
}

/// What becomes of the instances of a class that more than one OSlet uses.
public struct ClassPolicy: Hashable, Sendable {
  /// The sharing policies of docs/design.md.
  public enum Sharing: String, Hashable, Sendable, CaseIterable, Codable {
    /// One instance per OSlet.
    case `private`
    /// One instance at an owner; others send messages.
    case owned
    /// One instance at an owner, entered by the caller's own CPU.
    case door
    /// One replica per OSlet; every write reaches every replica.
    case replicated
    /// Instances hashed over owners.
    case striped
    /// One instance that every OSlet reaches through the hardware.
    case hardwareShared = "hardware-shared"
  }

  /// How a crossing's message travels.
  public enum Message: String, Hashable, Sendable, CaseIterable, Codable {
    /// The owner polls a ring.
    case polled
    /// A ring with a notification IPI.
    case notified
  }

  /// The sharing policy.
  public var sharing: Sharing
  /// How a crossing's message travels.
  public var message: Message
  /// For `private`: the share of acquisitions, 0...1, that go to another OSlet's instance.
  public var crossingShare: Double
  /// For `striped`: how many owners.
  public var stripes: Int?

  /// A policy; see the properties.
  public init(
    _ sharing: Sharing, message: Message = .polled, crossingShare: Double = 0,
    stripes: Int? = nil
  ) {
    self.sharing = sharing
    self.message = message
    self.crossingShare = crossingShare
    self.stripes = stripes
  }
}

/// How tasks find their OSlet.
public enum Placement: String, Hashable, Sendable, CaseIterable {
  /// Whole processes dealt out over the OSlets in turn.
  case spread
  /// By the CPU each ran on in the recording.
  case cpu
  /// By address space: a process stays whole, largest first to the least loaded OSlet.
  case process
  /// By a graph partition of who wakes whom and who shares what.
  case graph
}
