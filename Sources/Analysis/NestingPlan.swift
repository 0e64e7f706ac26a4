/// Which classes a workload nests in which, and how much of each.
///
/// All groups nest in one order, so that no two tasks of a replay wait for each other.
struct NestingPlan {
  /// How often a group's waits for an inner class lie inside its holds of an outer one.
  private struct Share {
    var inside = 0.0
    var outside = 0.0

    var value: Double { inside / (inside + outside) }
  }

  private struct Key: Hashable {
    var group: Int
    var inner: Int
  }

  private var parents: [Key: (outer: Int, share: Double)] = [:]
  /// Classes, those nested in others before those.
  private(set) var order: [Int] = []

  /// Plans for the groups of `grouping` and the classes that `kept` has.
  init(_ entries: [Nesting.Entry], _ grouping: TaskGrouping, kept: [Bool]) {
    var shares: [[Int]: Share] = [:]
    for entry in entries {
      let (outer, inner) = (Int(entry.outer), Int(entry.inner))
      let group = grouping.groupOf[Int(entry.task)]
      guard group >= 0, kept[outer], kept[inner] else { continue }
      shares[[outer, inner, group], default: Share()].inside += entry.inside
      shares[[outer, inner, group]]?.outside += entry.outside
    }
    let sorted = shares.filter {
      $0.value.inside >= Nesting.fewest && $0.value.value >= Nesting.leastShare
    }.sorted {
      $0.value.inside != $1.value.inside
        ? $0.value.inside > $1.value.inside : $0.key.lexicographicallyPrecedes($1.key)
    }
    // An order that holds for all: the pair seen more often is right where two contradict each other.
    var within: [Int: Set<Int>] = [:]
    func contains(_ outer: Int, _ inner: Int) -> Bool {
      outer == inner || (within[outer] ?? []).contains { contains($0, inner) }
    }
    var allowed: [(outer: Int, inner: Int, group: Int, share: Double)] = []
    for (key, share) in sorted where !contains(key[1], key[0]) {
      within[key[0], default: []].insert(key[1])
      allowed.append((key[0], key[1], key[2], share.value))
    }
    // A lock inside two is inside the inner one of them.
    for pair in allowed {
      let key = Key(group: pair.group, inner: pair.inner)
      if let known = parents[key] {
        let isDeeper = known.outer != pair.outer && contains(known.outer, pair.outer)
        guard isDeeper, pair.share >= known.share / 2 else { continue }
      }
      parents[key] = (pair.outer, pair.share)
    }
    var done = Set<Int>()
    func visit(_ index: Int) {
      guard done.insert(index).inserted else { return }
      for inner in (within[index] ?? []).sorted() { visit(inner) }
      order.append(index)
    }
    for index in kept.indices { visit(index) }
  }

  /// The class that the group has while it takes `inner`, and for what share of times; nil for none.
  func outer(of inner: Int, group: Int) -> (outer: Int, share: Double)? {
    parents[Key(group: group, inner: inner)]
  }
}
