/// Who shares one instance of a lock class: the tasks of a scenario divided by a scope, and within
/// it by a region of the machine where a fix splits the class.
struct SharingDomains {
  /// What divides the tasks.
  struct Key: Hashable {
    /// The scope of the class.
    var scope: Scope
    /// The cut its instances are split along inside one image; nil for none.
    var split: TopologyCut?
  }

  /// One domain seen from one OSlet.
  struct Pair: Hashable {
    /// The OSlet.
    var oslet: Int32
    /// The domain.
    var domain: Int32
  }

  /// Domains.
  let count: Int
  /// The domain of each task.
  let ofTask: [Int32]
  /// Every OSlet that a domain reaches, ordered by OSlet.
  let pairs: [Pair]
  /// The pair of each task: an index into `pairs`.
  let pairOfTask: [Int32]
  /// The OSlet of each domain's first task; the first that runs tasks where it has none.
  let home: [Int32]
  /// Whether it is one for the machine, whatever tasks there are.
  let isMachineWide: Bool
  /// Whether an OSlet can have its own instance; one address space or task cannot be divided.
  let mayBeDivided: Bool

  /// Divides the tasks of `placement`.
  ///
  /// A cgroup and a file system are cloned with each copy of the recorded load; a device and what
  /// is image-wide are one for the machine.
  init(
    _ key: Key, placement: TaskPlacement, cpus: [CPUPlace], osletOfCPU: [Int32], running: [Int32]
  ) {
    let tasks = placement.tasks
    isMachineWide = key.scope >= .device
    mayBeDivided = key.scope != .process && key.scope != .task
    var regionOfCPU = [Int32](repeating: 0, count: cpus.count)
    var regions = 1
    if let cut = key.split {
      var number: [Int: Int32] = [:]
      for (cpu, place) in cpus.enumerated() {
        let region = cut.region(of: place)
        let known = number[region] ?? Int32(number.count)
        number[region] = known
        regionOfCPU[cpu] = known
      }
      regions = number.count
    }
    let scopes: Int
    let scopeOf: (Int) -> Int32
    switch key.scope {
    case .cpu: (scopes, scopeOf) = (cpus.count, { tasks[$0].cpu })
    case .task: (scopes, scopeOf) = (tasks.count, { Int32($0) })
    case .process: (scopes, scopeOf) = (placement.processCount, { tasks[$0].process })
    case .cgroup, .filesystem:
      (scopes, scopeOf) = (placement.copies, { placement.copyOfTask[$0] })
    case .device, .image: (scopes, scopeOf) = (1, { _ in 0 })
    }
    count = scopes * regions
    ofTask = tasks.indices.map { task in
      scopeOf(task) * Int32(regions) + regionOfCPU[Int(tasks[task].cpu)]
    }
    var home = [Int32](repeating: -1, count: count)
    var reached = Set(zip(tasks, ofTask).map { Pair(oslet: $0.oslet, domain: $1) })
    for (task, domain) in ofTask.enumerated() where home[Int(domain)] < 0 {
      home[Int(domain)] = tasks[task].oslet
    }
    if isMachineWide {
      for (cpu, oslet) in osletOfCPU.enumerated() {
        let pair = Pair(oslet: oslet, domain: regionOfCPU[cpu])
        if !reached.contains(pair), running.contains(oslet) { reached.insert(pair) }
      }
    }
    self.home = home.map { $0 < 0 ? running[0] : $0 }
    pairs = reached.sorted { ($0.oslet, $0.domain) < ($1.oslet, $1.domain) }
    let position = Dictionary(uniqueKeysWithValues: pairs.enumerated().map { ($1, Int32($0)) })
    pairOfTask = zip(tasks, ofTask).map { position[Pair(oslet: $0.oslet, domain: $1)] ?? 0 }
  }
}
