import GraphPartition

/// The edges of a meeting graph while they are collected, and the vertices of no weight that stand for
/// what many tasks share.
struct MeetingEdges {
  private let load: GrownLoad
  private let vertices: [[Int]]
  /// The weight of each vertex.
  private(set) var weights: [Int]
  /// The edges so far.
  private(set) var edges: [WeightedGraph.Edge] = []
  /// The vertex of each task, by copy, group and number.
  private var places: [[[Int]]]

  init(_ load: GrownLoad, vertices: [[Int]], weights: [Int]) {
    self.load = load
    self.vertices = vertices
    self.weights = weights
    let groups = 1 + Int(load.processes.lazy.flatMap(\.groups).max() ?? 0)
    places = Array(repeating: Array(repeating: [], count: groups), count: load.copies)
    for (index, process) in load.processes.enumerated() {
      for (position, group) in process.groups.enumerated() {
        // Tasks of a group come in the order of their numbers within a copy.
        places[process.copy][Int(group)].append(vertices[index][position])
      }
    }
  }

  /// What the workload says itself, in every copy that has both ends.
  mutating func addStated(_ workload: Workload) {
    let number = Self.numbers(workload)
    for edge in workload.edges {
      guard let from = number[edge.from.group], let to = number[edge.to.group] else { continue }
      for copy in places.indices {
        let (ends, others) = (
          members(of: copy, from, edge.from.task), members(of: copy, to, edge.to.task)
        )
        connect(ends, others, edge.perSecond)
      }
    }
  }

  /// A wake-up step ties every task of its group to all of the group it wakes, in the same copy.
  mutating func addWakeUps(_ workload: Workload) {
    let number = Self.numbers(workload)
    for (group, task) in workload.tasks.enumerated() {
      var woken: [Int: Double] = [:]
      Self.visit(task.loop) { step in
        if case .wake(let name) = step, let other = number[name] { woken[other, default: 0] += 1 }
      }
      for (other, times) in woken.sorted(by: { $0.key < $1.key }) {
        let perSecond = times * task.turnsPerSecond * Double(task.count)
        for copy in places.indices {
          connect(members(of: copy, group, nil), members(of: copy, other, nil), perSecond)
        }
      }
    }
  }

  /// Locks and shootdowns of an address space tie the tasks of one that is not kept whole; locks of a
  /// cgroup or a file system those of a copy, where there is more than one.
  mutating func addSharing(_ workload: Workload) {
    let scopes = Dictionary(
      workload.classes.map { ($0.name, $0.scope) }, uniquingKeysWith: { first, _ in first })
    let rates = workload.tasks.map { task in
      var (ofProcess, ofCopy) = (0.0, 0.0)
      Self.visit(task.loop) { step in
        switch step {
        case .acquire(let acquisition):
          switch scopes[acquisition.lockClass] {
          case .process: ofProcess += task.turnsPerSecond
          case .cgroup, .filesystem: ofCopy += task.turnsPerSecond
          default: break
          }
        case .ipi(let call) where call.targets == .mm: ofProcess += task.turnsPerSecond
        default: break
        }
      }
      return (ofProcess, ofCopy)
    }
    for (index, process) in load.processes.enumerated() where Set(vertices[index]).count > 1 {
      star(process.groups.indices.map { (vertices[index][$0], rates[Int(process.groups[$0])].0) })
    }
    guard load.copies > 1 else { return }
    for copy in places {
      star(copy.indices.flatMap { group in copy[group].map { ($0, rates[group].1) } })
    }
  }

  /// Ties both sides: directly where that is one pair, else through a vertex of no weight.
  private mutating func connect(
    _ ends: [Int], _ others: [Int], _ perSecond: Double
  ) {
    guard let first = ends.first, let second = others.first else { return }
    if ends.count == 1, others.count == 1 {
      edges.append(WeightedGraph.Edge(first, second, weight: perSecond))
    } else {
      star(
        ends.map { ($0, perSecond / Double(ends.count)) }
          + others.map { ($0, perSecond / Double(others.count)) })
    }
  }

  private mutating func star(_ members: [(vertex: Int, perSecond: Double)]) {
    guard members.contains(where: { $0.perSecond > 0 }), Set(members.map(\.vertex)).count > 1
    else { return }
    for member in members where member.perSecond > 0 {
      edges.append(WeightedGraph.Edge(member.vertex, weights.count, weight: member.perSecond))
    }
    weights.append(0)
  }

  private func members(of copy: Int, _ group: Int, _ task: Int?) -> [Int] {
    guard group < places[copy].count else { return [] }
    let all = places[copy][group]
    guard let task else { return all }
    return task < all.count ? [all[task]] : []
  }

  private static func numbers(_ workload: Workload) -> [String: Int] {
    Dictionary(
      workload.tasks.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private static func visit(_ steps: [Step], _ body: (Step) -> Void) {
    for step in steps {
      body(step)
      if case .acquire(let acquisition) = step { visit(acquisition.nested, body) }
    }
  }
}
