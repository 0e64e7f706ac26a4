import Measures

/// What a layout asks of each OSlet, before any waiting: how crowded its owners are, and how unevenly
/// its tasks lie.
public struct OwnerLoad: Hashable, Sendable {
  /// Requests of other OSlets a second, by OSlet, when nobody waits.
  public var requestsPerSecond: [Double]
  /// The share of each OSlet's CPU time that serving them takes: reading, the critical section,
  /// replying; above 1 the owner saturates before anybody waits for a lock.
  public var servingShare: [Double]
  /// CPUs that the tasks placed on each OSlet would keep busy, over the CPUs it has.
  public var taskShare: [Double]

  /// The OSlet with the highest serving share and that share; nil where nothing crosses.
  public var busiest: (oslet: Int, share: Double)? {
    let most = servingShare.indices.max { servingShare[$0] < servingShare[$1] }
    return most.flatMap { servingShare[$0] > 0 ? ($0, servingShare[$0]) : nil }
  }

  /// The share of all requests that the OSlet with the most gets, 0...1.
  public var crowding: Double {
    let all = requestsPerSecond.reduce(0, +)
    return all > 0 ? (requestsPerSecond.max() ?? 0) / all : 0
  }

  /// The task share of the fullest OSlet over the mean of those with tasks; 1 when all are alike.
  public var imbalance: Double {
    let shares = taskShare.filter { $0 > 0 }
    let mean = shares.reduce(0, +) / Double(max(1, shares.count))
    return mean > 0 ? (shares.max() ?? 0) / mean : 1
  }
}

extension Scenario {
  /// The load on each OSlet when nobody waits.
  ///
  /// What is nested in an acquisition runs where that does and asks nobody again. O(tasks x steps +
  /// instances).
  public var ownerLoad: OwnerLoad {
    var load = OwnerLoad(
      requestsPerSecond: Array(repeating: 0, count: oslets.count),
      servingShare: Array(repeating: 0, count: oslets.count),
      taskShare: Array(repeating: 0, count: oslets.count))
    let position = Dictionary(
      workload.classes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let visits = workload.tasks.map { task in
      task.loop.compactMap { step -> Visit? in
        guard case .acquire(let acquisition) = step,
          let lockClass = position[acquisition.lockClass]
        else { return nil }
        let mode = acquisition.mode ?? workload.classes[lockClass].mode
        return Visit(
          lockClass: lockClass, perSecond: task.turnsPerSecond,
          holdNs: step.busyNs, writes: mode == .write)
      }
    }
    let demand = workload.tasks.map(\.busyShare)
    var owners: [Int32: [(oslet: Int, share: Double)]] = [:]
    let running = oslets.indices.filter { oslets[$0].service == nil }
    for (index, task) in tasks.enumerated() {
      let home = Int(task.oslet)
      load.taskShare[home] += demand[Int(task.group)] / Double(oslets[home].cpus.count)
      for visit in visits[Int(task.group)] {
        let policy = policies[visit.lockClass]
        switch policy.sharing {
        case .private where policy.crossingShare > 0, .replicated where visit.writes:
          let isWrite = policy.sharing == .replicated
          let each = isWrite ? 1 : policy.crossingShare / Double(max(1, running.count - 1))
          for other in running where other != home { load.add(visit, each, to: other, self) }
        case .owned, .striped:
          let binding = binding(task: index, lockClass: visit.lockClass)
          let known = owners[binding.first] ?? ownerShares(binding)
          owners[binding.first] = known
          for owner in known where owner.oslet != home {
            load.add(visit, owner.share, to: owner.oslet, self)
          }
        default: break
        }
      }
    }
    return load
  }

  fileprivate struct Visit {
    var lockClass: Int
    var perSecond: Double
    var holdNs: Double
    var writes: Bool
  }

  private func ownerShares(_ binding: Binding) -> [(oslet: Int, share: Double)] {
    var counts: [Int: Int] = [:]
    for index in binding.first..<binding.first + binding.count {
      let owner = Int(instances[Int(index)].owner)
      if owner >= 0 { counts[owner, default: 0] += 1 }
    }
    return counts.sorted { $0.key < $1.key }
      .map { ($0.key, Double($0.value) / Double(binding.count)) }
  }
}

extension OwnerLoad {
  fileprivate mutating func add(
    _ visit: Scenario.Visit, _ share: Double, to oslet: Int, _ scenario: Scenario
  ) {
    let perSecond = visit.perSecond * share
    // Half of a polled round trip is the owner's: it reads the request and writes the reply.
    let served = visit.holdNs + scenario.machine.message.polled.value / 2
    requestsPerSecond[oslet] += perSecond
    servingShare[oslet] += perSecond * served / 1e9 / Double(scenario.oslets[oslet].cpus.count)
  }
}

extension Step {
  /// What the step computes when nobody disturbs, nested steps included, nanoseconds.
  fileprivate var busyNs: Double {
    switch self {
    case .run(let span): span.mean.value
    case .acquire(let acquisition):
      acquisition.hold.mean.value + acquisition.nested.reduce(0) { $0 + $1.busyNs }
    case .sleep, .ipi, .touch, .wake, .operation: 0
    }
  }
}
