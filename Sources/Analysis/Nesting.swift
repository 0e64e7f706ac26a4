import TraceFormat

/// Which locks tasks wait for while they have another.
///
/// A wait that a proven hold of another lock covers is *inside* it. One during which somebody else was
/// granted a lock that its task has at other times is *outside*: the task cannot have had that lock.
/// Both need somebody who comes for the outer lock meanwhile, so that the share of those inside among
/// the two is the share of all, nearly. Waits that neither shows stay out of the count. A busy loop that
/// takes one lock after the other has no wait inside.
struct Nesting {
  /// Waits of one task for an inner class by whether it had the outer one.
  struct Entry: Sendable {
    var task: Int32
    var outer: Int32
    var inner: Int32
    var inside: Double
    /// Their wait, nanoseconds.
    var insideNs: Double
    var outside: Double
  }

  /// By task, outer and inner class, in order of first sight.
  private(set) var entries: [Entry] = []

  /// Waits inside that a pair must have, and their least share.
  static let fewest = 10.0
  static let leastShare = 0.05

  private let waits: [Wait]
  private let classOf: [Int32]
  /// Indices of the waits that proofs speak of, by task, each in order of time.
  private var byTask: [[Int32]] = []

  /// Looks for waits inside holds.
  ///
  /// O((waits + proofs) x log waits).
  ///
  /// - Parameters:
  ///   - proofs: holds of tasks, in any order.
  ///   - waits: paired waits in order of their ends.
  ///   - classOf: the class of each lock, or -1.
  ///   - families: the family of each class.
  init(_ proofs: [ProvenHold], waits: [Wait], classOf: [Int32], families: [LockFamily]) {
    self.waits = waits
    self.classOf = classOf
    guard !proofs.isEmpty, families.count < Self.stride else { return }
    let tasks = waits.reduce(-1) { max($0, Int($1.task)) } + 1
    var isOwner = Array(repeating: false, count: tasks)
    for proof in proofs where 0..<tasks ~= Int(proof.owner) { isOwner[Int(proof.owner)] = true }
    byTask = Array(repeating: [], count: tasks)
    for (index, wait) in waits.enumerated() where isOwner[Int(wait.task)] {
      byTask[Int(wait.task)].append(Int32(truncatingIfNeeded: index))
    }
    var tally = PairTally()
    var insideOf: [Int32: Set<Int32>] = [:]
    var owned: [Pair: Set<Int32>] = [:]
    for proof in proofs {
      let outer = classOf[Int(proof.lock)]
      guard outer >= 0, 0..<tasks ~= Int(proof.owner) else { continue }
      for index in covered(by: proof) {
        let wait = waits[Int(index)]
        let inner = classOf[Int(wait.lock)]
        guard inner >= 0, inner != outer,
          // Whoever spins for a lock does not sleep while it has it.
          !families[Int(outer)].spins || families[Int(inner)].spins
        else { continue }
        owned[Pair(first: wait.task, second: outer), default: []].insert(proof.lock)
        guard insideOf[index, default: []].insert(outer).inserted else { continue }
        tally.add(wait.task, outer &* Self.stride + inner, amount: Double(wait.length))
      }
    }
    let outside = countOutside(tally, insideOf: insideOf, owned: owned)
    entries = zip(tally.entries, outside).map { entry, outside in
      Entry(
        task: entry.first, outer: entry.second / Self.stride, inner: entry.second % Self.stride,
        inside: Double(entry.count), insideNs: entry.total, outside: outside)
    }
  }

  private struct Pair: Hashable {
    var first: Int32
    var second: Int32
  }

  /// More classes than a trace has; its square fits into a handle.
  private static let stride: Int32 = 1 << 15

  /// The waits of the owner that the proof covers.
  private func covered(by proof: ProvenHold) -> [Int32] {
    let own = byTask[Int(proof.owner)]
    var low = 0
    var high = own.count
    while low < high {
      let middle = (low + high) / 2
      if waits[Int(own[middle])].end < proof.from { low = middle + 1 } else { high = middle }
    }
    var found: [Int32] = []
    for index in own[low...] {
      let wait = waits[Int(index)]
      let begin = wait.end - min(wait.end, wait.length)
      if begin > proof.to { break }
      if wait.lock != proof.lock, proof.covers(from: begin, to: wait.end) { found.append(index) }
    }
    return found
  }

  /// For each pair with waits inside, the waits of the task for the inner class during which another
  /// task was granted one of the outer locks.
  private func countOutside(
    _ tally: PairTally, insideOf: [Int32: Set<Int32>], owned: [Pair: Set<Int32>]
  ) -> [Double] {
    var grants: [Int32: [UInt64]] = [:]
    var takers: [Int32: [Int32]] = [:]
    for locks in owned.values { for lock in locks { grants[lock] = [] } }
    var together: [Int32: UInt64] = [:]
    for entry in tally.entries { together[entry.second, default: 0] += entry.count }
    for wait in waits where wait.acquired && grants[wait.lock] != nil {
      grants[wait.lock]?.append(wait.end)
      takers[wait.lock, default: []].append(wait.task)
    }
    return tally.entries.map { entry in
      let (outer, inner) = (entry.second / Self.stride, entry.second % Self.stride)
      let locks = owned[Pair(first: entry.first, second: outer)] ?? []
      var outside = 0.0
      guard Double(together[entry.second] ?? 0) >= Self.fewest else { return 0 }
      for index in byTask[Int(entry.first)] {
        let wait = waits[Int(index)]
        guard classOf[Int(wait.lock)] == inner, insideOf[index]?.contains(outer) != true
        else { continue }
        let isOutside = locks.contains { lock in
          guard let times = grants[lock], let tasks = takers[lock] else { return false }
          return Self.isGranted(
            times, tasks, from: wait.end - min(wait.end, wait.length), to: wait.end,
            toOtherThan: wait.task)
        }
        if isOutside { outside += 1 }
      }
      return outside
    }
  }

  /// Whether another task was granted the lock between two times.
  private static func isGranted(
    _ times: [UInt64], _ tasks: [Int32], from: UInt64, to: UInt64, toOtherThan own: Int32
  ) -> Bool {
    var low = 0
    var high = times.count
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= from { low = middle + 1 } else { high = middle }
    }
    while low < times.count, times[low] < to {
      if tasks[low] != own { return true }
      low += 1
    }
    return false
  }
}
