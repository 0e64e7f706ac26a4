import Measures
import Workloads

extension ScenarioNetwork {
  /// How a visit of a task on `oslet` reaches its lock.
  ///
  /// A polled round trip R without service is four line moves, two of them on the owner's CPU; a
  /// notified one is the machine's notified round trip of which the sender's interrupt is its own time
  /// (docs/model.md; the replay engine plays the same four moves one by one).
  func crossing(_ visit: Turn.Visit, task: Int, oslet: Int32) -> Crossing {
    var crossing = Crossing()
    // A bare counter is one modified line, whatever its owner does with it.
    guard scenario.oslets.count > 1, scenario.workload.classes[visit.lockClass].kind != .counter
    else { return crossing }
    let policy = scenario.policies[visit.lockClass]
    let polled = scenario.machine.message.polled.value
    let notified = policy.message == .notified
    switch policy.sharing {
    case .hardwareShared:
      return crossing
    case .replicated:
      if visit.write { replicate(visit, polled, &crossing) }
      return crossing
    case .door:
      crossing.door = ownedElsewhere(task, visit, oslet) * 2 * kernel.addressSpaceSwitch
      crossing.share = crossing.door > 0 ? 1 : 0
      return crossing
    case .private:
      crossing.share = policy.crossingShare
    case .owned, .striped:
      crossing.share = ownedElsewhere(task, visit, oslet)
      let binding = scenario.binding(task: task, lockClass: visit.lockClass)
      if policy.sharing == .owned || binding.count == 1 {
        crossing.owner = Int(scenario.instances[Int(binding.first)].owner)
      }
    }
    crossing.message = notified ? max(scenario.machine.message.notified.value, polled) : polled
    crossing.served = polled / 2
    crossing.sleeps = notified
    crossing.messages = crossing.share
    return crossing
  }

  /// The share of the instances of a binding that another OSlet owns.
  private func ownedElsewhere(_ task: Int, _ visit: Turn.Visit, _ oslet: Int32) -> Double {
    let binding = scenario.binding(task: task, lockClass: visit.lockClass)
    let range = Int(binding.first)..<Int(binding.first + binding.count)
    let away = range.reduce(0) { sum, index in
      let owner = scenario.instances[index].owner
      return sum + (owner >= 0 && owner != oslet ? 1 : 0)
    }
    return Double(away) / Double(binding.count)
  }

  /// A write to every replica: the sender writes one message after the other (flat), to its group and
  /// one forwarder a group (tree), or to its neighbour (ring), and waits for the slowest.
  private func replicate(_ visit: Turn.Visit, _ polled: Double, _ crossing: inout Crossing) {
    let line = polled / 4
    var sizes: [Int32: Int] = [:]
    for oslet in scenario.oslets where oslet.service == nil {
      sizes[oslet.group, default: 0] += 1
    }
    let replicas = Double(sizes.values.reduce(0, +))
    guard replicas > 1 else { return }
    let groups = Double(sizes.count)
    let largest = Double(sizes.values.max() ?? 1)
    crossing.messages = replicas - 1
    switch scenario.broadcast {
    case .flat: crossing.replication = (replicas + 1) * line
    case .tree: crossing.replication = (largest - 1 + groups - 1 + 3 + largest - 1) * line
    case .ring: crossing.replication = (2 * (replicas - 1) + 1) * line
    }
    // Applied on a CPU of each replica: the message's half round trip and the write itself.
    crossing.served = polled / 2
    crossing.replication += polled / 2 + visit.hold
    crossing.share = 1
  }
}
