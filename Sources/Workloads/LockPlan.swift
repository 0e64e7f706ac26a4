/// The lock instances of a scenario, their owners, and where each task finds them.
///
/// O(tasks x classes + instances), with one sort of the tasks per distinct scope.
struct LockPlan {
  /// The instances, class by class; those that one OSlet keeps for itself side by side.
  var instances: [Scenario.LockInstance] = []
  /// Element `task * classCount + class`.
  var bindings: [Scenario.Binding]
  /// Element `oslet * classCount + class`.
  var homes: [Scenario.Binding]

  private let classCount: Int
  /// The OSlets that run tasks.
  private let running: [Int32]

  /// More instances than any layout needs; 2 GiB of them.
  static let mostInstances = 1 << 28

  /// Lays out the instances of every class of `workload`.
  ///
  /// - Throws: `WorkloadError.range` when there would be more than `mostInstances`.
  init(
    _ workload: Workload, plan: SharingPlan, placement: TaskPlacement, oslets: [Scenario.OSlet],
    cpus: [CPUPlace], osletOfCPU: [Int32]
  ) throws(WorkloadError) {
    classCount = workload.classes.count
    running = oslets.indices.filter { oslets[$0].service == nil }.map(Int32.init)
    let none = Scenario.Binding(first: 0, count: 0)
    bindings = Array(repeating: none, count: placement.tasks.count * classCount)
    homes = Array(repeating: none, count: oslets.count * classCount)
    var known: [SharingDomains.Key: SharingDomains] = [:]
    for (index, lock) in workload.classes.enumerated() {
      let key = SharingDomains.Key(scope: lock.scope, split: plan.split[index])
      let domains =
        known[key]
        ?? SharingDomains(
          key, placement: placement, cpus: cpus, osletOfCPU: osletOfCPU, running: running)
      known[key] = domains
      let policy = plan.policies[index]
      let owners = plan.servers[index].isEmpty ? running : plan.servers[index]
      let stripes = policy.sharing == .striped ? policy.stripes ?? owners.count : 1
      let most =
        Double(lock.instances) * Double(max(domains.count, domains.pairs.count)) * Double(stripes)
      guard Double(instances.count) + most <= Double(Self.mostInstances) else {
        throw .range("class '\(lock.name)': more than \(Self.mostInstances) lock instances")
      }
      switch policy.sharing {
      case .private where domains.mayBeDivided, .replicated:
        layPerOSlet(index, domains, size: lock.instances)
      case .private, .owned, .door:
        let owner = (0..<domains.count).map { domain in
          if !plan.servers[index].isEmpty {
            return owners[(plan.ownerGroup[index] + domain) % owners.count]
          }
          if domains.isMachineWide { return owners[plan.ownerGroup[index] % owners.count] }
          return domains.home[domain]
        }
        layOwned(index, domains, size: lock.instances, owner, keeps: policy.sharing == .private)
      case .striped:
        layStriped(index, domains, size: lock.instances, stripes: stripes, owners)
      case .hardwareShared:
        layStriped(index, domains, size: lock.instances, stripes: 1, [-1])
      }
    }
  }

  private mutating func append(_ lockClass: Int, owner: Int32, _ count: Int) {
    for _ in 0..<count {
      instances.append(Scenario.LockInstance(lockClass: Int32(lockClass), owner: owner))
    }
  }

  private mutating func extendHome(of oslet: Int32, _ lockClass: Int, by count: Int) {
    let place = Int(oslet) * classCount + lockClass
    if homes[place].count == 0 { homes[place].first = Int32(instances.count - count) }
    homes[place].count += Int32(count)
  }

  /// One set of instances for every OSlet that a domain reaches.
  private mutating func layPerOSlet(_ lockClass: Int, _ domains: SharingDomains, size: Int) {
    let base = instances.count
    for pair in domains.pairs {
      append(lockClass, owner: pair.oslet, size)
      extendHome(of: pair.oslet, lockClass, by: size)
    }
    for (task, pair) in domains.pairOfTask.enumerated() {
      bindings[task * classCount + lockClass] = Scenario.Binding(
        first: Int32(base + Int(pair) * size), count: Int32(size))
    }
  }

  /// One set of instances for every domain, at its owner.
  private mutating func layOwned(
    _ lockClass: Int, _ domains: SharingDomains, size: Int, _ owner: [Int32], keeps: Bool
  ) {
    var first = [Int32](repeating: 0, count: domains.count)
    for domain in owner.indices.sorted(by: { (owner[$0], $0) < (owner[$1], $1) }) {
      first[domain] = Int32(instances.count)
      append(lockClass, owner: owner[domain], size)
      if keeps { extendHome(of: owner[domain], lockClass, by: size) }
    }
    bind(lockClass, domains, first, count: size)
  }

  /// `stripes` sets of instances for every domain, dealt over the owners as evenly as they go.
  private mutating func layStriped(
    _ lockClass: Int, _ domains: SharingDomains, size: Int, stripes: Int, _ owners: [Int32]
  ) {
    var first = [Int32](repeating: 0, count: domains.count)
    for domain in 0..<domains.count {
      first[domain] = Int32(instances.count)
      for stripe in 0..<stripes {
        let owner =
          stripes < owners.count
          ? owners[stripe * owners.count / stripes] : owners[stripe % owners.count]
        append(lockClass, owner: owner, size)
      }
    }
    bind(lockClass, domains, first, count: size * stripes)
  }

  private mutating func bind(
    _ lockClass: Int, _ domains: SharingDomains, _ first: [Int32], count: Int
  ) {
    for (task, domain) in domains.ofTask.enumerated() {
      bindings[task * classCount + lockClass] = Scenario.Binding(
        first: first[Int(domain)], count: Int32(count))
    }
  }
}
