import Workloads

/// A write to a replicated class: every replica applies it, and the writer waits for the slowest.
///
/// Flat: the sender writes one message after the other. Tree: it writes to its own group and to one
/// forwarder of each other group, which sends on to its group. Ring: each sends to its neighbour. A
/// replica applies writes one at a time, on the CPUs of its OSlet in turn, and steals their time; its
/// readers are not held up beyond that. Source: docs/model.md; the limit by the slowest replica is that
/// of the shared log of node replication (I. Calciu et al., "Black-box concurrent data structures for
/// NUMA architectures", ASPLOS 2017).
extension Engine {
  /// Starts the wait for all replicas; true when there is no other.
  mutating func writeToReplicas(_ task: Int32, _ lock: Int32, hold: Int) -> Bool {
    let cpu = tasks[Int(task)].cpu
    let here = Int(cpus[Int(cpu)].oslet)
    let l = Int(lock)
    let lockClass = Int(locks[l].lockClass)
    let offset = lock - homes[here * classCount + lockClass].first
    let line = messageCost.polled / 4
    var way = Way(sent: 0, slowest: 0, forwarded: 0, group: -1, hops: 0)
    var reached = 0
    for step in 1..<max(oslets.count, 2) {
      // Neighbours in turn: the order in which a ring reaches them.
      let other = (here + step) % oslets.count
      let home = homes[other * classCount + lockClass]
      guard other != here, offset >= 0, offset < home.count else { continue }
      let arrival = reach(other, from: here, line, &way)
      apply(home.first + offset, on: other, at: arrival, hold: hold, &way)
      reached += 1
    }
    guard reached > 0 else { return true }
    events += reached / 4
    messages += Double(reached)
    counters[lockClass].crossings += 1
    let wait = max(way.sent, way.slowest + line - now)
    payForWait(task, wait)
    return false
  }

  private struct Way {
    /// Time the sender spent sending.
    var sent: Double
    /// When the last replica was done.
    var slowest: Double
    /// When the forwarder of `group` is free to send on, or the ring has come so far.
    var forwarded: Double
    var group: Int32
    var hops: Int
  }

  /// When a message to `other` arrives.
  private mutating func reach(
    _ other: Int, from here: Int, _ line: Double, _ way: inout Way
  ) -> Double {
    let group = oslets[other].group
    switch broadcast {
    case .flat:
      way.sent += line
      return now + way.sent + line
    case .ring:
      // Each hop: written by one, read and written on by the next.
      way.sent = line
      way.hops += 1
      return now + Double(way.hops) * 2 * line
    case .tree:
      if group == oslets[here].group || group != way.group {
        way.sent += line
        if group != oslets[here].group {
          way.group = group
          way.forwarded = now + way.sent + 2 * line
        }
        return now + way.sent + line
      }
      way.forwarded += line
      _ = steal(from: forwarder(of: other), span: line, at: way.forwarded, as: .message)
      return way.forwarded + line
    }
  }

  /// A CPU of the OSlet that forwards to the group of `oslet`.
  private func forwarder(of oslet: Int) -> Int32 {
    let group = oslets[oslet].group
    var first = oslet
    while first > 0, oslets[first - 1].group == group { first -= 1 }
    return Int32(oslets[first].cpus.lowerBound)
  }

  /// Applies a write to one replica.
  private mutating func apply(
    _ replica: Int32, on oslet: Int, at arrival: Double, hold: Int, _ way: inout Way
  ) {
    let r = Int(replica)
    let range = oslets[oslet].cpus
    let next = rings[oslet].cursor + 1
    let cpu = Int(next) < range.upperBound ? next : Int32(range.lowerBound)
    rings[oslet].cursor = cpu
    let lines = locks[r].lines * travel(from: locks[r].lastCPU, to: cpu)
    locks[r].lastCPU = cpu
    let work =
      messageCost.polled / 2 + lines + program.samplers[hold].sample(&random, program.table)
    let end = steal(from: cpu, span: work, at: max(arrival, locks[r].appliedAt), as: .message)
    locks[r].appliedAt = end
    locks[r].busy += work
    served[oslet] += work
    way.slowest = max(way.slowest, end)
  }

  private mutating func payForWait(_ task: Int32, _ span: Double) {
    shift(span, to: .message)
    startSegment(task, span, mode: .waiting)
  }
}
