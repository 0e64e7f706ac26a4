import Workloads

/// Which tasks of a trace meet: one wakes the other, or they own the same lock one after the other.
///
/// Wake-ups are all there; of the owners of a lock only those that waited for it are known.
struct TaskMeetings {
  /// A task as a workload names it: an index into its groups, and which of the group's tasks.
  private struct Member: Hashable, Comparable {
    var group: Int
    var task: Int

    static func < (a: Member, b: Member) -> Bool { (a.group, a.task) < (b.group, b.task) }
  }

  private struct Pair: Hashable {
    var low: Member
    var high: Member
  }

  private let names: [String]
  private var counts: [Pair: Double] = [:]

  /// A meeting rarer than this share of what both of its ends do with others is left out: who meets
  /// everybody alike is tied to nobody.
  private static let rare = 0.01

  /// The meetings in `evidence` of the tasks of `grouping`, those whose group is among `tasks`.
  ///
  /// A group with more tasks over time than at a time numbers them round.
  init(_ evidence: Evidence, _ grouping: TaskGrouping, tasks: [TaskGroup]) {
    names = tasks.map(\.name)
    let position = Dictionary(uniqueKeysWithValues: tasks.enumerated().map { ($1.name, $0) })
    var seen = Array(repeating: 0, count: tasks.count)
    let members = grouping.groupOf.map { group -> Member? in
      guard group >= 0, let place = position[grouping.groups[group].name] else { return nil }
      defer { seen[place] += 1 }
      return Member(group: place, task: seen[place] % tasks[place].count)
    }
    for entry in evidence.wakes + evidence.handOvers {
      guard let a = members[Int(entry.first)], let b = members[Int(entry.second)], a != b else {
        continue
      }
      counts[Pair(low: min(a, b), high: max(a, b)), default: 0] += Double(entry.count)
    }
  }

  /// The meetings as edges of a workload, in the order of its tasks.
  func edges(duration: Double) -> [TaskEdge] {
    guard duration > 0 else { return [] }
    var all: [Member: Double] = [:]
    for (pair, count) in counts {
      all[pair.low, default: 0] += count
      all[pair.high, default: 0] += count
    }
    return counts.filter { pair, count in
      count >= Self.rare * min(all[pair.low] ?? 0, all[pair.high] ?? 0)
    }
    .sorted { ($0.key.low, $0.key.high) < ($1.key.low, $1.key.high) }
    .map { pair, count in
      TaskEdge(
        from: TaskEdge.End(names[pair.low.group], task: pair.low.task),
        to: TaskEdge.End(names[pair.high.group], task: pair.high.task),
        perSecond: count * 1e9 / duration)
    }
  }

  /// Pairs of tasks that owned a lock one after the other, both after waiting, and how often.
  ///
  /// - Parameters:
  ///   - waits: in order of their ends.
  ///   - locks: how many there are.
  static func handOvers(_ waits: [Wait], locks: Int) -> [PairTally.Entry] {
    var owner = Array(repeating: Int32(-1), count: locks)
    var pairs = PairTally()
    for wait in waits where wait.acquired {
      let before = owner[Int(wait.lock)]
      if before >= 0, before != wait.task { pairs.add(before, wait.task) }
      owner[Int(wait.lock)] = wait.task
    }
    return pairs.entries
  }
}
