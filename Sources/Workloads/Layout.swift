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
  /// What the layout says of single classes, by class name, by group, or of all (`*`); the class
  /// wins over its group, the group over `*`, and what none says takes the default.
  public var policies: [String: PolicyOverride]
  /// The defaults by class.
  public var defaults: PolicyTable
  /// How tasks find their OSlet.
  public var placement: Placement

  /// A layout; see the properties.
  ///
  /// Without a name it is called by its short form.
  public init(
    name: String? = nil, partition: Partition, services: [Service] = [], fixes: [Fix] = [],
    policies: [String: PolicyOverride] = [:], placement: Placement = .spread,
    defaults: PolicyTable = .standard
  ) {
    self.name = name ?? ""
    self.partition = partition
    self.services = services
    self.fixes = fixes
    self.policies = policies
    self.placement = placement
    self.defaults = defaults
    if name == nil { self.name = shortForm }
  }

  /// One image over all CPUs: the control.
  public static let one = Layout(name: "one", partition: .one)
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

/// How tasks find their OSlet.
public enum Placement: String, Hashable, Sendable, CaseIterable {
  /// Whole processes dealt out in recorded order, a run of them per OSlet in proportion to its
  /// CPUs, so that tasks recorded together stay together.
  case spread
  /// By the CPU each ran on in the recording.
  case cpu
  /// By address space: a process stays whole, largest first to the least loaded OSlet.
  case process
  /// By a graph partition of who wakes whom and who shares what.
  case graph
}
