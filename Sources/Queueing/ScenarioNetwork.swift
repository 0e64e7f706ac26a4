import Measures
import Workloads

/// A scenario as a closed queueing network: chains of equal tasks that visit stations.
struct ScenarioNetwork {
  /// Tasks that do the same on the same OSlet with the same lock instances.
  struct Chain {
    /// Their group.
    var group: Int
    /// How many.
    var customers: Int
    /// Their OSlet.
    var oslet: Int
    /// Per visit of the group's turn: the station; -1 where nobody else comes.
    var stations: [Int]
    /// The stations, each once.
    var distinct: [Int]
    /// Per visit: where its station stands in `distinct`; -1 where nobody else comes.
    var slots: [Int]
    /// Per visit: how it crosses.
    var crossings: [Crossing]
    /// Per call: how many CPUs it interrupts.
    var targets: [Double]
  }

  /// How a visit reaches a lock of another OSlet.
  struct Crossing {
    /// Share of visits that cross by message.
    var share = 0.0
    /// Time a message adds to one that crosses, the owner's service left out.
    var message = 0.0
    /// Of that, on a CPU of the owner.
    var served = 0.0
    /// Whether the sender gives up its CPU meanwhile.
    var sleeps = false
    /// Time of passing a door, both ways.
    var door = 0.0
    /// For a write to a replicated class: sending to all replicas and waiting for the slowest.
    var replication = 0.0
    /// Messages sent.
    var messages = 0.0
    /// The queue of writes at the replicas of the class; -1 for none.
    var replicas = -1
    /// The OSlet whose CPUs serve it; -1 for none or several.
    var owner = -1
  }

  /// Equal lock instances that the same tasks choose from.
  struct Station {
    /// Index into the workload's classes.
    var lockClass: Int
    /// How many instances.
    var instances: Double
    /// How far the lines of one move.
    var travel: TravelMean
    /// Whether it is the queue of writes at the replicas of a class.
    var replicas = false
  }

  let scenario: Scenario
  let turns: [Turn]
  private(set) var chains: [Chain] = []
  private(set) var stations: [Station] = []
  let kernel: SleepCosts
  /// What siblings take, and per OSlet how many siblings in use a CPU has on average.
  let siblingSlowdown: SiblingSlowdown
  let siblings: [Double]

  /// The network of a scenario.
  ///
  /// O(tasks x visits).
  init(_ scenario: Scenario) {
    self.scenario = scenario
    let workload = scenario.workload
    var index: [String: Int] = [:]
    for (place, lockClass) in workload.classes.enumerated() { index[lockClass.name] = place }
    turns = workload.tasks.map { Turn($0, classes: workload.classes, index: index) }
    kernel = SleepCosts(scenario.machine)
    siblingSlowdown = scenario.machine.siblingSlowdown
    var threads: [Int: Int] = [:]
    for place in scenario.cpus { threads[place.core, default: 0] += 1 }
    siblings = scenario.oslets.map { oslet in
      let others = oslet.cpus.reduce(0) { $0 + (threads[scenario.cpus[$1].core] ?? 1) - 1 }
      return Double(others) / Double(oslet.cpus.count)
    }
    var users: [[Int32: [Int32]]] = Array(repeating: [:], count: workload.classes.count)
    for (task, placed) in scenario.tasks.enumerated() {
      for lockClass in Set(turns[Int(placed.group)].visits.map(\.lockClass)) {
        let binding = scenario.binding(task: task, lockClass: lockClass)
        users[lockClass][binding.first, default: []].append(placed.cpu)
      }
    }
    build(users)
  }

  /// Whether any two CPUs in use share a core whose threads slow each other.
  var isSlowedBySiblings: Bool {
    siblingSlowdown.working > 0 && siblings.contains { $0 > 0 }
  }

  private mutating func build(_ users: [[Int32: [Int32]]]) {
    let costs = TransferCosts(scenario.machine)
    let cpusOfProcess = processCPUs()
    var stationAt: [[Int32: Int]] = Array(repeating: [:], count: users.count)
    var chainAt: [[Int32]: Int] = [:]
    for (task, placed) in scenario.tasks.enumerated() {
      let turn = turns[Int(placed.group)]
      var places: [Int] = []
      var key: [Int32] = [placed.group, placed.oslet]
      for visit in turn.visits {
        let binding = scenario.binding(task: task, lockClass: visit.lockClass)
        let sharers = users[visit.lockClass][binding.first] ?? []
        if sharers.count < 2 {
          places.append(-1)
        } else if let known = stationAt[visit.lockClass][binding.first] {
          places.append(known)
        } else {
          stationAt[visit.lockClass][binding.first] = stations.count
          places.append(stations.count)
          stations.append(
            Station(
              lockClass: visit.lockClass, instances: Double(binding.count),
              travel: TravelMean(
                servingCPUs(binding, sharers), places: scenario.cpus, costs: costs)))
        }
        key.append(Int32(places[places.count - 1]))
      }
      let targets = turn.calls.map { call in
        targetCount(call.interrupt.targets, placed, cpusOfProcess[Int(placed.process)] ?? [:])
      }
      key += targets.map { Int32($0) }
      if let known = chainAt[key] {
        chains[known].customers += 1
        continue
      }
      chainAt[key] = chains.count
      var crossings = turn.visits.map { crossing($0, task: task, oslet: placed.oslet) }
      var distinct: [Int] = []
      for place in places where place >= 0 && !distinct.contains(place) { distinct.append(place) }
      for (place, visit) in turn.visits.enumerated() where crossings[place].replication > 0 {
        crossings[place].replicas = replicaStation(of: visit.lockClass, costs)
        if !distinct.contains(crossings[place].replicas) {
          distinct.append(crossings[place].replicas)
        }
      }
      chains.append(
        Chain(
          group: Int(placed.group), customers: 1, oslet: Int(placed.oslet), stations: places,
          distinct: distinct, slots: places.map { distinct.firstIndex(of: $0) ?? -1 },
          crossings: crossings, targets: targets))
    }
  }

  /// The station where the writes of all OSlets to a replicated class queue.
  private mutating func replicaStation(of lockClass: Int, _ costs: TransferCosts) -> Int {
    if let known = stations.firstIndex(where: { $0.lockClass == lockClass && $0.replicas }) {
      return known
    }
    // A replica's CPUs apply writes in turn.
    let first = scenario.oslets.first { $0.service == nil }?.cpus ?? 0..<scenario.cpus.count
    stations.append(
      Station(
        lockClass: lockClass, instances: 1,
        travel: TravelMean(first.map { Int32($0) }, places: scenario.cpus, costs: costs),
        replicas: true))
    return stations.count - 1
  }

  /// The CPUs on which the critical sections of a binding run: the owner's for a class whose crossings
  /// travel by message, else those of its users.
  private func servingCPUs(_ binding: Scenario.Binding, _ users: [Int32]) -> [Int32] {
    let instance = scenario.instances[Int(binding.first)]
    let sharing = scenario.policies[Int(instance.lockClass)].sharing
    guard sharing == .owned || sharing == .striped, instance.owner >= 0, scenario.oslets.count > 1
    else { return users }
    let range = scenario.oslets[Int(instance.owner)].cpus
    return users.enumerated().map { place, cpu in
      range.contains(Int(cpu)) ? cpu : Int32(range.lowerBound + place % range.count)
    }
  }

  private func processCPUs() -> [Int: [Int32: Int]] {
    var found: [Int: [Int32: Int]] = [:]
    for task in scenario.tasks {
      found[Int(task.process), default: [:]][task.cpu, default: 0] += 1
    }
    return found
  }

  /// How many CPUs an interrupt reaches: the sender's own is never one.
  private func targetCount(
    _ targets: Interrupt.Targets, _ task: Scenario.PlacedTask, _ process: [Int32: Int]
  ) -> Double {
    let others = Double(scenario.oslets[Int(task.oslet)].cpus.count - 1)
    switch targets {
    case .one: return min(1, others)
    case .all: return others
    case .count(let count): return min(Double(count), others)
    case .mm: return Double(process.count - 1)
    }
  }
}
