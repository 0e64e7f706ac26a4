import Measures

extension Workload {
  /// The workload itself, when every name resolves and every number is in range.
  ///
  /// - Throws: `WorkloadError.unknownName` or `.range`, naming the task and step.
  public func validated() throws(WorkloadError) -> Workload {
    guard recordedCPUs >= 1 else { throw .range("recorded_cpus must be at least 1") }
    guard (0...10).contains(computingError) else {
      throw .range("computing_error must be from 0 to 10")
    }
    var known: Set<String> = []
    for lock in classes {
      guard known.insert(lock.name).inserted else {
        throw .range("class '\(lock.name)' is defined twice")
      }
      guard lock.instances >= 1 else {
        throw .range("class '\(lock.name)': instances must be at least 1")
      }
      guard lock.lines.isFinite, lock.lines >= 0 else {
        throw .range("class '\(lock.name)': lines must be zero or more")
      }
      guard (0...10).contains(lock.demandError) else {
        throw .range("class '\(lock.name)': demand_error must be from 0 to 10")
      }
    }
    guard !tasks.isEmpty else { throw .range("a workload needs at least one task") }
    let groups = Set(tasks.map(\.name))
    for task in tasks {
      guard task.count >= 1 else { throw .range("task '\(task.name)': count must be at least 1") }
      if let cpus = task.cpus {
        guard cpus.count == task.count, cpus.allSatisfy({ 0..<recordedCPUs ~= $0 }) else {
          throw .range(
            "task '\(task.name)': cpus names one CPU per task, from 0 to \(recordedCPUs - 1)")
        }
      }
      guard !task.loop.isEmpty else { throw .range("task '\(task.name)': the loop is empty") }
      try Self.check(task.loop, of: task.name, classes: known, groups: groups, held: [])
      guard task.takesTime else {
        throw .range("task '\(task.name)': no step of the loop takes time, so it would never end")
      }
    }
    for edge in edges {
      for end in [edge.from, edge.to] {
        guard let group = tasks.first(where: { $0.name == end.group }) else {
          throw .unknownName("edges name '\(end.group)', which is no task")
        }
        if let task = end.task, !(0..<group.count).contains(task) {
          throw .range("edges name task \(task) of '\(end.group)', which has \(group.count)")
        }
      }
      guard edge.perSecond.isFinite, edge.perSecond > 0 else {
        throw .range("edge '\(edge.from.group)' to '\(edge.to.group)': per_s must be above zero")
      }
    }
    return self
  }

  private static func check(
    _ steps: [Step], of task: String, classes: Set<String>, groups: Set<String>, held: [String]
  ) throws(WorkloadError) {
    for (index, step) in steps.enumerated() {
      let place = "step \(index + 1) of task '\(task)'"
      switch step {
      case .acquire(let acquisition):
        guard classes.contains(acquisition.lockClass) else {
          throw .unknownName("\(place) acquires '\(acquisition.lockClass)', which is no class")
        }
        guard !held.contains(acquisition.lockClass) else {
          throw .range("\(place) acquires '\(acquisition.lockClass)' while it holds it")
        }
        try check(
          acquisition.nested, of: task, classes: classes, groups: groups,
          held: held + [acquisition.lockClass])
      case .touch(let name):
        guard classes.contains(name) else {
          throw .unknownName("\(place) touches '\(name)', which is no class")
        }
      case .wake(let name):
        guard groups.contains(name) else {
          throw .unknownName("\(place) wakes '\(name)', which is no task")
        }
      case .operation(let n):
        guard n.isFinite, n >= 0 else { throw .range("\(place): operation must be zero or more") }
      case .ipi(let interrupt):
        if case .count(let n) = interrupt.targets, n < 1 {
          throw .range("\(place): targets must be at least 1")
        }
      case .run, .sleep: break
      }
    }
  }
}

extension TaskGroup {
  /// Whether one turn of the loop takes time even when nobody contends.
  var takesTime: Bool {
    func positive(_ steps: [Step]) -> Bool {
      steps.contains { step in
        switch step {
        case .run(let span), .sleep(let span): span.mean.value > 0
        case .acquire(let acquisition):
          acquisition.hold.mean.value > 0 || positive(acquisition.nested)
        case .ipi, .touch, .wake, .operation: false
        }
      }
    }
    return positive(loop)
  }
}
