import Measures
import Workloads

extension Replayer {
  /// One point from its replications, each of the same weight.
  static func merge(
    _ outcomes: [Outcome], of scenario: Scenario, single: Double?, confidence: Double
  ) -> PredictionPoint {
    func mean(_ value: (Outcome) -> Double) -> Double { Statistics(outcomes.map(value)).mean }
    var throughput = Statistics(outcomes.map(\.throughput)).interval(confidence: confidence)
    throughput.low = max(0, throughput.low)
    let cpus = scenario.cpus.count
    let classes = scenario.workload.classes.enumerated().map { index, lock in
      ClassPrediction(
        name: lock.name, utilization: mean { $0.classes[index].utilization },
        waitNsMean: mean { $0.classes[index].wait },
        acquisitionsPerSecond: mean { $0.classes[index].acquisitionsPerSecond })
    }
    let share = CPUShare(
      useful: mean { $0.shares[0] }, lockWait: mean { $0.shares[1] },
      lineTransfer: mean { $0.shares[2] }, ipi: mean { $0.shares[3] },
      message: mean { $0.shares[4] }, idle: mean { $0.shares[5] })
    let unit = (single ?? 0) * Double(cpus)
    return PredictionPoint(
      layout: scenario.layout.name, cpus: cpus, throughputPerSecond: throughput,
      efficiency: unit > 0 ? throughput.value / unit : 0, cpuShare: share,
      messagesPerSecond: mean(\.messages), crossingShare: mean(\.crossingShare),
      firstSaturated: firstSaturated(classes, outcomes, scenario), classes: classes,
      groups: scenario.workload.tasks.enumerated().map { index, group in
        GroupPrediction(name: group.name, operationsPerSecond: mean { $0.groups[index] })
      })
  }

  /// The busiest of what several CPUs share: a class by its busiest instance, or the CPUs of a
  /// service OSlet; nil when nothing is ever busy.
  private static func firstSaturated(
    _ classes: [ClassPrediction], _ outcomes: [Outcome], _ scenario: Scenario
  ) -> String? {
    var best: (name: String, utilization: Double)?
    func offer(_ name: String, _ utilization: Double) {
      if utilization > best?.utilization ?? 0 { best = (name, utilization) }
    }
    let users = usersPerInstance(scenario)
    for (index, lock) in classes.enumerated() where users[index] > 1 {
      offer(lock.name, lock.utilization)
    }
    for (index, oslet) in scenario.oslets.enumerated() {
      guard let service = oslet.service else { continue }
      offer("\(service) service", Statistics(outcomes.map { $0.served[index] }).mean)
    }
    return best?.name
  }

  /// Per class, the most CPUs whose tasks are bound to one instance.
  private static func usersPerInstance(_ scenario: Scenario) -> [Int] {
    var users = Array(repeating: 0, count: scenario.instances.count)
    var lastCPU = Array(repeating: Int32(-1), count: scenario.instances.count)
    let byCPU = scenario.tasks.indices.sorted { scenario.tasks[$0].cpu < scenario.tasks[$1].cpu }
    for task in byCPU {
      for lockClass in 0..<scenario.classCount {
        let binding = scenario.binding(task: task, lockClass: lockClass)
        for instance in Int(binding.first)..<Int(binding.first + binding.count)
        where lastCPU[instance] != scenario.tasks[task].cpu {
          lastCPU[instance] = scenario.tasks[task].cpu
          users[instance] += 1
        }
      }
    }
    var most = Array(repeating: 0, count: scenario.classCount)
    for (index, instance) in scenario.instances.enumerated() {
      most[Int(instance.lockClass)] = max(most[Int(instance.lockClass)], users[index])
    }
    for (index, policy) in scenario.policies.enumerated()
    where policy.crossingShare > 0 || policy.sharing == .replicated {
      most[index] = max(most[index], min(2, scenario.cpus.count))
    }
    return most
  }
}
