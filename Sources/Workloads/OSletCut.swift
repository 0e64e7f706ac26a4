/// The CPUs of a scenario cut into OSlets.
struct OSletCut {
  /// The CPUs in use, each OSlet's side by side.
  var cpus: [CPUPlace]
  /// The OSlets: services first, then those that run tasks.
  var oslets: [Scenario.OSlet]
  /// What had to be bent, one line each.
  var notes: [String]

  /// Cuts the first `count` CPUs of `machine` along `layout`.
  ///
  /// - Throws: `WorkloadError.range` when the machine is too small, or the layout names fewer CPUs
  ///   than are in use.
  init(_ layout: Layout, machine: Machine, count: Int) throws(WorkloadError) {
    let order = machine.topology.placesInOrder()
    guard count >= 1 else { throw .range("cpus must be at least 1") }
    guard count <= order.count else {
      throw .range(
        "\(count) CPUs on machine '\(machine.name)', which has \(order.count): "
          + "scale the machine or name a larger one")
    }
    cpus = Array(order.prefix(count))
    oslets = []
    notes = []
    let whole = layout.partition == .one && layout.services.isEmpty
    if !whole { cpus.sort(by: Self.neighbours) }
    for service in fitting(layout.services) {
      for _ in 0..<service.count { append(size: service.size, service: service.group) }
    }
    let rest = cpus.count - (oslets.last?.cpus.upperBound ?? 0)
    try cut(layout, rest: rest)
  }

  private static func neighbours(_ a: CPUPlace, _ b: CPUPlace) -> Bool {
    (a.socket, a.island, a.core, a.thread) < (b.socket, b.island, b.core, b.thread)
  }

  private mutating func append(size: Int, service: String? = nil, group: Int = 0) {
    let start = oslets.last?.cpus.upperBound ?? 0
    oslets.append(
      Scenario.OSlet(cpus: start..<start + size, service: service, group: Int32(group)))
  }

  /// The services as they fit: together they take at most half of the CPUs, so that a sweep down to
  /// few CPUs keeps a meaning; what shrinks is noted.
  private mutating func fitting(_ services: [Service]) -> [Service] {
    let wanted = services.reduce(0) { $0 + $1.count * $1.size }
    let budget = cpus.count / 2
    guard wanted > budget else { return services }
    var fitted: [Service] = []
    var left = budget
    for service in services {
      let share = min(left, max(1, service.count * service.size * budget / wanted))
      guard share > 0 else {
        notes.append("service \(service.group): no CPU for it; its classes go to other OSlets")
        continue
      }
      let count = min(service.count, share)
      let size = min(service.size, share / count)
      left -= count * size
      fitted.append(Service(group: service.group, count: count, size: size))
      notes.append(
        "service \(service.group): \(service.count)x\(service.size) of \(cpus.count) CPUs "
          + "shrunk to \(count)x\(size), so that half remain for tasks")
    }
    return fitted
  }

  private mutating func cut(_ layout: Layout, rest: Int) throws(WorkloadError) {
    switch layout.partition {
    case .one: append(size: rest)
    case .uniform(let wanted, let size):
      try uniform(rest: rest, size: size, most: wanted, name: layout.name)
    case .topology(let level):
      let first = cpus.count - rest
      var start = first
      for next in first + 1...cpus.count
      where next == cpus.count || level.region(of: cpus[next]) != level.region(of: cpus[start]) {
        append(size: next - start)
        start = next
      }
    case .uneven(let sizes):
      var left = rest
      for size in sizes where left > 0 {
        append(size: min(size, left))
        left -= min(size, left)
      }
      if left > 0 {
        append(size: left)
        notes.append("\(left) CPUs beyond the sizes named form a last OSlet")
      } else if rest < sizes.reduce(0, +) {
        notes.append(
          "\(rest) CPUs are fewer than the sizes named, \(sizes.reduce(0, +)): the last OSlets "
            + "are smaller or missing")
      }
    case .hierarchy(let groups, let perGroup, let size, _):
      let size = size ?? max(1, rest / (groups * perGroup))
      let before = oslets.count
      try uniform(rest: rest, size: size, most: groups * perGroup, name: layout.name)
      for index in before..<oslets.count {
        oslets[index].group = Int32(min(groups - 1, (index - before) / perGroup))
      }
    }
  }

  private mutating func uniform(
    rest: Int, size: Int, most: Int?, name: String
  ) throws(WorkloadError) {
    let whole = rest / size
    if let most, whole > most || (whole == most && rest % size > 0) {
      throw .range(
        "layout \(name) has room for \(most * size) CPUs and \(rest) are in use: "
          + "use '\(size)x' for as many OSlets as fit")
    }
    for _ in 0..<whole { append(size: size) }
    let left = rest % size
    if left > 0 {
      append(size: left)
      notes.append(
        whole == 0
          ? "\(rest) CPUs make one OSlet smaller than \(size)"
          : "\(left) CPUs are left over: a last OSlet of \(left) instead of \(size)")
    }
    let made = whole + (left > 0 ? 1 : 0)
    if let most, made < most {
      notes.append("\(rest) CPUs have room for \(made) of \(most) OSlets")
    }
  }
}

extension TopologyCut {
  /// The core, island or socket of a CPU; a NUMA node is a socket, as topologies here name none.
  public func region(of place: CPUPlace) -> Int {
    switch self {
    case .core: place.core
    case .l3: place.island
    case .node, .socket: place.socket
    }
  }
}
