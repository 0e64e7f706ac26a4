/// One workload on one machine under one layout at one size, expanded to CPUs, OSlets, tasks and
/// lock instances: what both engines run.
public struct Scenario: Sendable {
  /// The workload, after the layout's fixes changed its classes and steps.
  public let workload: Workload
  /// The machine, at least as large as `cpus`.
  public let machine: Machine
  /// The layout.
  public let layout: Layout
  /// The rule by which the load grew.
  public let load: LoadRule
  /// The CPUs in use: the first `cpus` in the machine's order of use; under a layout that cuts the
  /// machine they are sorted by place, so that an OSlet's CPUs are neighbours.
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
  /// Per OSlet and class the instances that this OSlet alone keeps (policies private and
  /// replicated; count 0 for the others): element `oslet * classCount + class`.
  public let homes: [Binding]
  /// What the layout refused or had to bend, one line each (a process over two OSlets).
  public let refusals: [String]

  /// A scenario from its parts, as the engines' own tests make them.
  ///
  /// Nothing is checked; `init(workload:machine:layout:cpus:load:)` makes one from a layout.
  public init(
    workload: Workload, machine: Machine, layout: Layout, load: LoadRule, cpus: [CPUPlace],
    oslets: [OSlet], osletOfCPU: [Int32], tasks: [PlacedTask], instances: [LockInstance],
    policies: [ClassPolicy], bindings: [Binding], homes: [Binding], refusals: [String]
  ) {
    self.workload = workload
    self.machine = machine
    self.layout = layout
    self.load = load
    self.cpus = cpus
    self.oslets = oslets
    self.osletOfCPU = osletOfCPU
    self.tasks = tasks
    self.instances = instances
    self.policies = policies
    self.bindings = bindings
    self.homes = homes
    self.refusals = refusals
  }

  /// Lock classes of the workload.
  public var classCount: Int { workload.classes.count }

  /// Where `task` finds the instances of class `lockClass`.
  ///
  /// O(1).
  @inlinable
  public func binding(task: Int, lockClass: Int) -> Binding {
    bindings[task * workload.classes.count + lockClass]
  }

  /// The instances of class `lockClass` that `oslet` keeps for itself under a private or replicated
  /// policy; count 0 under any other.
  ///
  /// O(1).
  @inlinable
  public func home(oslet: Int, lockClass: Int) -> Binding {
    homes[oslet * workload.classes.count + lockClass]
  }

  /// An image that owns a slice of CPUs.
  public struct OSlet: Hashable, Sendable {
    /// Its CPUs: indices into `cpus`.
    public var cpus: Range<Int>
    /// The class group it serves for others; nil for one that runs applications.
    public var service: String?
    /// Its group in a hierarchy; 0 without one.
    public var group: Int32

    /// An OSlet; see the properties.
    public init(cpus: Range<Int>, service: String? = nil, group: Int32 = 0) {
      self.cpus = cpus
      self.service = service
      self.group = group
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
