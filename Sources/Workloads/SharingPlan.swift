/// Which policy each class follows, who serves it, and which classes share an owner.
struct SharingPlan {
  /// The policy of each class.
  var policies: [ClassPolicy] = []
  /// The service OSlets that own each class; empty where none does.
  var servers: [[Int32]] = []
  /// A number that classes with one owner have in common: those of one group, and those nested in
  /// one another, since the owner runs the whole operation.
  var ownerGroup: [Int] = []
  /// The cut each class is split along; nil for none.
  var split: [TopologyCut?] = []
  /// What a layout says to no effect, one line each.
  var notes: [String] = []

  /// Resolves the policies of `workload` under `layout`.
  ///
  /// - Throws: `WorkloadError.unknownName` for an override that names neither class nor group.
  init(_ layout: Layout, workload: Workload, oslets: [Scenario.OSlet]) throws(WorkloadError) {
    let groups = workload.classes.map { layout.defaults.group(of: $0) }
    for key in layout.policies.keys.sorted()
    where key != "*" && key != PolicyTable.unknown && !groups.contains(key) {
      _ = try workload.index(ofClass: key)
    }
    for (index, lock) in workload.classes.enumerated() {
      let serving = oslets.indices.filter {
        oslets[$0].service != nil && oslets[$0].service == groups[index]
      }
      servers.append(serving.map(Int32.init))
      let said = layout.said(of: lock.name, group: groups[index])
      var sharing = layout.defaults.rule(for: lock).sharing
      if !serving.isEmpty { sharing = serving.count > 1 ? .striped : .owned }
      sharing = said.sharing ?? sharing
      if said.crossingShare ?? 0 > 0, sharing != .private {
        notes.append(
          "class '\(lock.name)': a crossing share applies to private classes and this one is "
            + "\(sharing.rawValue); its crossings follow from where its tasks are")
      }
      policies.append(
        ClassPolicy(
          sharing, message: said.message ?? (serving.isEmpty ? .notified : .polled),
          crossingShare: sharing == .private ? said.crossingShare ?? 0 : 0,
          stripes: sharing == .striped ? said.stripes : nil))
      split.append(
        layout.fixes.lazy.compactMap { fix in
          if case .split(lock.name, let cut) = fix { cut } else { nil }
        }.first)
    }
    // What nobody knows has one owner only where the layout speaks of it as a whole.
    let whole = layout.policies["*"] != nil || layout.policies[PolicyTable.unknown] != nil
    ownerGroup = Self.ownerGroups(
      workload, groups: groups.map { $0 == PolicyTable.unknown && !whole ? nil : $0 })
  }

  /// Unites classes of one group and classes nested in one another; numbers the unions in order.
  private static func ownerGroups(_ workload: Workload, groups: [String?]) -> [Int] {
    var parent = Array(workload.classes.indices)
    func root(_ index: Int) -> Int {
      var index = index
      while parent[index] != index { index = parent[index] }
      return index
    }
    func unite(_ a: Int, _ b: Int) {
      let (low, high) = (min(root(a), root(b)), max(root(a), root(b)))
      parent[high] = low
    }
    let position = Dictionary(
      workload.classes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    func walk(_ steps: [Step], within outer: Int?) {
      for step in steps {
        guard case .acquire(let acquisition) = step, let index = position[acquisition.lockClass]
        else { continue }
        if let outer { unite(outer, index) }
        walk(acquisition.nested, within: index)
      }
    }
    for task in workload.tasks { walk(task.loop, within: nil) }
    var firstOf: [String: Int] = [:]
    for (index, group) in groups.enumerated() {
      guard let group else { continue }
      if let first = firstOf[group] { unite(first, index) } else { firstOf[group] = index }
    }
    var number: [Int: Int] = [:]
    return parent.indices.map { index in
      let top = root(index)
      if let known = number[top] { return known }
      number[top] = number.count
      return number.count - 1
    }
  }
}

extension Layout {
  /// What the layout says of a class: of itself, else of its group, else of all, field by field.
  func said(of name: String, group: String?) -> PolicyOverride {
    let layers = [policies[name], group.flatMap { policies[$0] }, policies["*"]].compactMap { $0 }
    return PolicyOverride(
      layers.lazy.compactMap(\.sharing).first,
      message: layers.lazy.compactMap(\.message).first,
      crossingShare: layers.lazy.compactMap(\.crossingShare).first,
      stripes: layers.lazy.compactMap(\.stripes).first)
  }
}
