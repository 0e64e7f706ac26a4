/// One workload on one machine under one layout at one size, expanded to CPUs, OSlets, tasks and
/// lock instances: what both engines run.
public struct Scenario: Sendable {
  /// The workload.
  public let workload: Workload
  /// The machine, at least as large as `cpus`.
  public let machine: Machine
  /// The layout.
  public let layout: Layout
  /// The rule by which the load grew.
  public let load: LoadRule
  /// The CPUs in use, in the machine's order of use.
  public let cpus: [CPUPlace]
  /// The OSlets, each a run of CPUs; one for the layout `one`.
  public let oslets: [OSlet]
  /// The OSlet of each CPU.
  public let osletOfCPU: [Int32]
  /// The tasks, placed.
  public let tasks: [PlacedTask]
  /// The lock instances, those of one binding side by side.
  public let instances: [LockInstance]
  /// The policy of each class under this layout.
  public let policies: [ClassPolicy]
  /// Where each task finds the instances of each class: element `task * classCount + class`.
  public let bindings: [Binding]
  /// What the layout refused or had to bend, one line each (a process over two OSlets).
  public let refusals: [String]

  /// Lock classes of the workload.
  public var classCount: Int { workload.classes.count }

  /// Where `task` finds the instances of class `lockClass`.
  ///
  /// O(1).
  @inlinable
  public func binding(task: Int, lockClass: Int) -> Binding {
    bindings[task * workload.classes.count + lockClass]
  }

  /// An image that owns a slice of CPUs.
  public struct OSlet: Hashable, Sendable {
    /// Its CPUs: indices into `cpus`.
    public var cpus: Range<Int>
    /// The class group it serves for others; nil for one that runs applications.
    public var service: String?

    /// An OSlet; see the properties.
    public init(cpus: Range<Int>, service: String? = nil) {
      self.cpus = cpus
      self.service = service
    }
  }

  /// One task at its place.
  public struct PlacedTask: Hashable, Sendable {
    /// Its group: an index into the workload's `tasks`.
    public var group: Int32
    /// Its address space, numbered over the scenario.
    public var process: Int32
    /// The CPU it runs on: an index into `cpus`.
    ///
    /// Several tasks may share one.
    public var cpu: Int32
    /// Its OSlet.
    public var oslet: Int32

    /// A placed task; see the properties.
    public init(group: Int32, process: Int32, cpu: Int32, oslet: Int32) {
      self.group = group
      self.process = process
      self.cpu = cpu
      self.oslet = oslet
    }
  }

  /// One lock in memory.
  public struct LockInstance: Hashable, Sendable {
    /// Its class: an index into the workload's `classes`.
    public var lockClass: Int32
    /// The OSlet that owns it; -1 for one that no single OSlet owns (hardware-shared).
    public var owner: Int32

    /// A lock instance; see the properties.
    public init(lockClass: Int32, owner: Int32) {
      self.lockClass = lockClass
      self.owner = owner
    }
  }

  /// The instances that one task chooses from, evenly, when it takes one class.
  public struct Binding: Hashable, Sendable {
    /// Index of the first instance.
    public var first: Int32
    /// How many there are; at least 1.
    public var count: Int32

    /// A binding; see the properties.
    public init(first: Int32, count: Int32) {
      self.first = first
      self.count = count
    }
  }
}
