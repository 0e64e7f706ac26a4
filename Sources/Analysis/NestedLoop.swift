import Measures
import Workloads

/// The acquisitions of one group in a turn, those nested in others within them.
///
/// What an owner does of its own in a hold is the hold less those nested in it, which a hand-over shows
/// as one.
struct NestedLoop {
  private struct Member {
    var writes: Int
    var reads: Int
    var hold: Distribution
    /// How long readers hold it.
    var readerHold: Distribution
    /// What the group waits for it in a turn, nanoseconds, and whether `hold` has what its owners wait
    /// for other locks in it.
    var waitNs: Double
    var holdHasWaits: Bool
    /// Steps nested in its acquisitions.
    var inner: [Step] = []

    var all: Int { writes + reads }
    /// Of all its acquisitions, nanoseconds.
    var meanHold: Double {
      (Double(writes) * hold.mean.value + Double(reads) * readerHold.mean.value) / Double(all)
    }
  }

  private let plan: NestingPlan
  private let group: Int
  private var members: [Int: Member] = [:]

  /// Least part of a hold that stays the owner's own: estimates of inner and outer holds err.
  private static let least = 0.1

  init(_ plan: NestingPlan, group: Int) {
    self.plan = plan
    self.group = group
  }

  /// Adds the acquisitions of a class.
  ///
  /// - Parameters:
  ///   - waitNs: what the group waits for the class in a turn.
  ///   - holdHasWaits: whether the hold is known from what others waited, which has all that its owners
  ///     did in it; one between hand-overs is what they moved on in.
  mutating func add(
    _ index: Int, writes: Int, reads: Int, hold: Distribution, readerHold: Distribution? = nil,
    waitNs: Double, holdHasWaits: Bool
  ) {
    guard writes + reads > 0 else { return }
    members[index] = Member(
      writes: writes, reads: reads, hold: hold, readerHold: readerHold ?? hold, waitNs: waitNs,
      holdHasWaits: holdHasWaits)
  }

  /// How many acquisitions of `index` are nested, and in which class; nil for none.
  ///
  /// Owners that others name are never readers: what is nested is so in acquisitions of others.
  private func nested(_ index: Int) -> (outer: Int, count: Int)? {
    guard let member = members[index], let (outer, share) = plan.outer(of: index, group: group),
      let around = members[outer], around.writes > 0
    else { return nil }
    let count = Int((share * Double(member.all)).rounded())
    return count > 0 ? (outer, count) : nil
  }

  /// The time of a turn spent in holds, each moment counted once, nanoseconds.
  var holdsNs: Double {
    members.keys.sorted().reduce(0) {
      $0 + Double(members[$1]?.writes ?? 0) * (hold($1)?.mean.value ?? 0)
        + Double(members[$1]?.reads ?? 0) * (hold($1, isReader: true)?.mean.value ?? 0)
    }
  }

  /// What an owner, or a reader, does of its own in a hold; nil for a class without acquisitions.
  func hold(_ index: Int, isReader: Bool = false) -> Distribution? {
    guard let member = members[index] else { return nil }
    if isReader { return member.readerHold }
    let mean = member.hold.mean.value
    let inner = plan.order.reduce(0.0) { sum, other in
      guard let (outer, count) = nested(other), outer == index, let inside = members[other] else {
        return sum
      }
      let waited = member.holdHasWaits ? inside.waitNs / Double(inside.all) : 0
      return sum + Double(count) * (inside.meanHold + waited)
    }
    guard inner > 0, mean > 0 else { return member.hold }
    return member.hold.scaled(by: max(Self.least, 1 - inner / Double(member.writes) / mean))
  }

  /// The acquisitions of `index` as a reader or not, each a copy of `model` with its share of what is
  /// nested in the class.
  func acquisitions(_ index: Int, isReader: Bool, of model: Acquisition) -> [Step] {
    guard let member = members[index] else { return [] }
    let count = isReader ? member.reads : member.writes
    return (0..<count).map { place in
      var made = model
      if !isReader { made.nested += Self.part(place, of: count, member.inner) }
      return .acquire(made)
    }
  }

  /// Nests in its outer class what of the acquisitions of `index` belongs there.
  ///
  /// - Returns: the others, in lists to be spread over the turn.
  mutating func keepingNested(_ steps: [Step], of index: Int) -> [[Step]] {
    guard let member = members[index] else { return [] }
    guard let (outer, count) = nested(index) else {
      return [Array(steps.prefix(member.writes)), Array(steps.dropFirst(member.writes))]
    }
    var kept: [Step] = []
    for (place, step) in steps.enumerated() {
      if (place + 1) * count / steps.count > place * count / steps.count {
        members[outer]?.inner.append(step)
      } else {
        kept.append(step)
      }
    }
    return [kept]
  }

  /// The part of `steps` that belongs to the place-th of `count` places.
  private static func part(_ place: Int, of count: Int, _ steps: [Step]) -> ArraySlice<Step> {
    steps[place * steps.count / count..<(place + 1) * steps.count / count]
  }
}
