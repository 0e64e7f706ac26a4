public import Workloads

/// What a layout makes of one workload at its largest size: the part of a `Scenario` that a report
/// tells.
public struct LayoutFacts: Hashable, Sendable, Codable {
  /// The layout's name, as the prediction has it.
  public var name: String
  /// CPUs it was expanded to.
  public var cpus: Int
  /// How many OSlets that gives; 1 for one image.
  public var oslets: Int
  /// Whether it keeps one image and applies conventional fixes inside it.
  public var isConventional: Bool
  /// What becomes of each class, in the workload's order.
  public var classes: [ClassSharing]
  /// What the layout refused or had to bend, one line each.
  public var refusals: [String]

  /// Rings that the layout needs, one per ordered pair that talks directly; nil where unknown.
  public var rings: Int?
  /// The OSlet that serving others asks most of, in words; nil where nothing crosses.
  public var busiestOwner: String?
  /// Its share of all requests, 0...1.
  public var crowding = 0.0
  /// The share of its CPU time that serving asks when nobody waits; may exceed 1.
  public var servingShare = 0.0
  /// Tasks of the fullest OSlet over the mean's.
  public var imbalance = 1.0

  /// What becomes of one class.
  public struct ClassSharing: Hashable, Sendable, Codable {
    /// The class.
    public var name: String
    /// Who shares one of its instances in the recording.
    public var scope: Scope
    /// The policy under this layout.
    public var sharing: ClassPolicy.Sharing
    /// How its crossings travel.
    public var message: ClassPolicy.Message
    /// How many instances there are.
    public var instances: Int

    /// A class under a layout; see the properties.
    public init(
      name: String, scope: Scope, sharing: ClassPolicy.Sharing, message: ClassPolicy.Message,
      instances: Int
    ) {
      self.name = name
      self.scope = scope
      self.sharing = sharing
      self.message = message
      self.instances = instances
    }
  }

  /// A layout; see the properties.
  public init(
    name: String, cpus: Int, oslets: Int, isConventional: Bool, classes: [ClassSharing],
    refusals: [String]
  ) {
    self.name = name
    self.cpus = cpus
    self.oslets = oslets
    self.isConventional = isConventional
    self.classes = classes
    self.refusals = refusals
  }

  /// What `scenario` made of its layout.
  ///
  /// O(tasks x steps + instances).
  public init(_ scenario: Scenario) {
    var instances = [Int](repeating: 0, count: scenario.classCount)
    for instance in scenario.instances { instances[Int(instance.lockClass)] += 1 }
    self.init(
      name: scenario.layout.name, cpus: scenario.cpus.count, oslets: scenario.oslets.count,
      isConventional: scenario.layout.partition == .one && scenario.layout.services.isEmpty
        && !scenario.layout.fixes.isEmpty,
      classes: scenario.workload.classes.enumerated().map { index, lockClass in
        ClassSharing(
          name: lockClass.name, scope: lockClass.scope,
          sharing: scenario.policies[index].sharing, message: scenario.policies[index].message,
          instances: instances[index])
      },
      refusals: scenario.refusals)
    rings = scenario.rings
    let load = scenario.ownerLoad
    if let (oslet, share) = load.busiest {
      let service = scenario.oslets[oslet].service.map { " (\($0))" } ?? ""
      busiestOwner = "OSlet \(oslet)\(service)"
      servingShare = share
    }
    (crowding, imbalance) = (load.crowding, load.imbalance)
  }
}
