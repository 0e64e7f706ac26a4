import Workloads

/// The CPUs of one image behind one last-level cache: among these a woken task looks for an idle CPU,
/// and an idle CPU first for a waiting task (`sd_llc`, kernel/sched/topology.c, Linux 6.12).
struct SchedulingDomain {
  /// Its CPUs: `members[first ..< first + count]` of `SchedulingDomains`.
  let first: Int32
  let count: Int32
  /// CPUs without a task.
  var idle: Int32
  /// Tasks in its run queues.
  var waiting: Int32 = 0
}

/// The scheduling domains of a scenario.
struct SchedulingDomains: ~Copyable {
  /// The domain of each CPU.
  let ofCPU: [Int32]
  /// The CPUs domain by domain, ascending in each.
  let members: [Int32]
  /// The domains of OSlet o: `firstOfOSlet[o] ..< firstOfOSlet[o + 1]`.
  let firstOfOSlet: [Int32]
  /// All domains.
  var domains: Cells<SchedulingDomain>
  /// Tasks in the run queues of each OSlet.
  var waiting: Cells<Int32>

  /// Divides each OSlet's CPUs by island; every CPU is idle.
  init(_ scenario: Scenario) {
    var ofCPU = Array(repeating: Int32(0), count: scenario.cpus.count)
    var members: [Int32] = []
    var first: [Int32] = []
    var domains: [SchedulingDomain] = []
    for oslet in scenario.oslets {
      first.append(Int32(domains.count))
      let byIsland = oslet.cpus.sorted {
        (scenario.cpus[$0].island, $0) < (scenario.cpus[$1].island, $1)
      }
      for island in byIsland.chunked(by: { scenario.cpus[$0].island }) {
        for cpu in island { ofCPU[cpu] = Int32(domains.count) }
        domains.append(
          SchedulingDomain(
            first: Int32(members.count), count: Int32(island.count), idle: Int32(island.count)))
        members += island.map { Int32($0) }
      }
    }
    first.append(Int32(domains.count))
    self.ofCPU = ofCPU
    self.members = members
    firstOfOSlet = first
    self.domains = Cells(domains)
    waiting = Cells(Array(repeating: 0, count: scenario.oslets.count))
  }
}

extension Array {
  /// Runs of neighbours with the same key, in order.
  fileprivate func chunked<Key: Equatable>(by key: (Element) -> Key) -> [ArraySlice<Element>] {
    var runs: [ArraySlice<Element>] = []
    var start = startIndex
    for index in indices where key(self[index]) != key(self[start]) {
      runs.append(self[start..<index])
      start = index
    }
    if start < endIndex { runs.append(self[start...]) }
    return runs
  }
}
