import Measures
public import Workloads

/// The pairs of CPUs to measure: all of them, or an even sample of each level of distance.
public struct PairChoice: Hashable, Sendable {
  /// One pair; `a` before `b` in the list of CPUs.
  public struct Pair: Hashable, Sendable {
    /// Index of the first CPU.
    public var a: Int
    /// Index of the second CPU.
    public var b: Int
    /// How far apart they are.
    public var distance: Distance
  }

  /// The pairs, nearest level first.
  public var pairs: [Pair]
  /// Whether every pair is among them.
  public var isComplete: Bool

  /// At most `most` pairs of `places`, and at least one of every level there is.
  ///
  /// The same places and seed give the same pairs. O(CPUs^2).
  public init(_ places: [CPUPlace], most: Int, seed: UInt64) {
    var levels: [[Pair]] = Array(repeating: [], count: Distance.allCases.count)
    for a in places.indices {
      for b in places.indices where b > a {
        let distance = places[a].distance(to: places[b])
        levels[distance.rawValue].append(Pair(a: a, b: b, distance: distance))
      }
    }
    let total = levels.reduce(0) { $0 + $1.count }
    isComplete = total <= most
    if isComplete {
      pairs = levels.flatMap { $0 }
      return
    }
    var generator = SeededGenerator(seed: seed)
    let share = max(1, most / max(1, levels.count { !$0.isEmpty }))
    pairs = levels.flatMap { level in
      level.shuffled(using: &generator).prefix(share)
        .sorted { ($0.a, $0.b) < ($1.a, $1.b) }
    }
  }
}
