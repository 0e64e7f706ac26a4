import Measures
import Testing
import Workloads

@testable import Replay

/// CPUs that have more tasks than they can run: who gets them, and for how long.
@Suite struct SchedulingTests {
  static func exponential(_ mean: Double) -> Distribution { .exponential(mean: Nanoseconds(mean)) }

  /// A machine whose scheduler costs nothing but what `constants` say.
  static func machine(
    cores: Int = 64, islands: Int = 1, smt: Int = 1, _ constants: [String: Double] = [:]
  ) -> Machine {
    var machine = TestWorkload.machine()
    machine.topology = Topology(
      sockets: 1, islandsPerSocket: islands, coresPerIsland: cores, smt: smt)
    machine.constants = [
      "context_switch_ns": 0, "wake_ns": 0, "idle_exit_ns": 0, "migration_cost_ns": 0,
    ].merging(constants) { $1 }
    return machine
  }

  static func scenario(
    _ groups: [TaskGroup], cpus: Int, machine: Machine = machine(), classes: [LockClass] = []
  ) throws -> Scenario {
    let workload = Workload(name: "cpus", recordedCPUs: 1, classes: classes, tasks: groups)
    return try Scenario(
      workload: workload, machine: machine, layout: .one, cpus: cpus, load: .fixed)
  }

  @Test("three tasks that only compute share two CPUs evenly, and leave neither idle")
  func evenShares() async throws {
    let groups = (0..<3).map {
      TaskGroup(
        name: "t\($0)", count: 1,
        loop: [
          .run(.constant(Nanoseconds(1e6))),
          .acquire(Acquisition("c\($0)", hold: .constant(.zero))),
        ])
    }
    let classes = (0..<3).map { LockClass(name: "c\($0)", kind: .spinlock, scope: .image) }
    let scenario = try Self.scenario(groups, cpus: 2, classes: classes)
    let point = await Replayer(
      precision: Precision(replications: 2, events: 24_000, maximumEvents: 48_000)
    ).point(scenario)
    #expect(point.cpuShare.idle == 0)
    for lock in point.classes {
      #expect(abs(lock.acquisitionsPerSecond / (2e3 / 3) - 1) < 0.03, "\(lock)")
    }
  }

  @Test("tasks of one CPU that only compute take turns, a slice each")
  func turns() throws {
    let group = TaskGroup(name: "t", count: 4, loop: [.run(.constant(Nanoseconds(1e5)))])
    let scenario = try Self.scenario([group], cpus: 1, machine: Self.machine(["tick_ns": 0]))
    var engine = Engine(scenario, seed: 1, replication: 0)
    var runs: [(task: Int32, from: Double)] = []
    while engine.now < 1e9 {
      engine.advance(by: 1)
      let current = engine.cpus[0].current
      if runs.last?.task != current { runs.append((current, engine.now)) }
    }
    for (run, next) in zip(runs.dropFirst(8), runs.dropFirst(9)) {
      #expect(abs(next.from - run.from - 700_000) < 1, "\(run) \(next)")
    }
    for (run, again) in zip(runs.dropFirst(8), runs.dropFirst(12)) {
      #expect(run.task == again.task)
    }
  }

  /// Mean customers present and throughput of M/M/c//N, from its birth-death chain.
  ///
  /// Source: L. Kleinrock, Queueing Systems I, 1975, section 3.8 with c servers.
  static func repairmen(
    tasks: Int, think: Double, service: Double, servers: Int
  ) -> (throughput: Double, wait: Double) {
    var weights = [1.0]
    for k in 0..<tasks {
      let arrival = Double(tasks - k) / think
      let departure = Double(min(k + 1, servers)) / service
      weights.append(weights[k] * arrival / departure)
    }
    let sum = weights.reduce(0, +)
    let busy = weights.enumerated().reduce(0) { $0 + Double(min($1.0, servers)) * $1.1 } / sum
    let present = weights.enumerated().reduce(0) { $0 + Double($1.0) * $1.1 } / sum
    let throughput = busy / service
    return (throughput * 1e9, present / throughput - service)
  }

  @Test(
    "tasks that sleep and compute find a CPU as customers of M/M/c//N do",
    arguments: [(2, 5), (4, 12), (8, 20)])
  func manyServers(cpus: Int, count: Int) async throws {
    // Bursts longer than 0.1 of a slice would be cut and served in turns; short ones run to their end.
    let group = TaskGroup(
      name: "t", count: count,
      loop: [.run(Self.exponential(20_000)), .sleep(Self.exponential(40_000))])
    let scenario = try Self.scenario([group], cpus: cpus)
    let point = await Replayer(
      precision: Precision(replications: 4, events: 30_000, maximumEvents: 240_000)
    ).point(scenario)
    let exact = Self.repairmen(tasks: count, think: 40_000, service: 20_000, servers: cpus)
    #expect(
      abs(point.throughputPerSecond.value / exact.throughput - 1) < 0.01,
      "\(point.throughputPerSecond) exact \(exact)")
    let wait = Double(count) / point.throughputPerSecond.value * 1e9 - 60_000
    #expect(abs(wait - exact.wait) < 0.03 * (exact.wait + 20_000), "\(wait) exact \(exact)")
  }

  @Test("a sleeper's latency beside one that only computes: at once, as it never had its share")
  func latency() async throws {
    let groups = [
      TaskGroup(name: "hog", count: 1, loop: [.run(.constant(Nanoseconds(1e5)))]),
      TaskGroup(
        name: "sleeper", count: 1,
        loop: [
          .sleep(Self.exponential(2e6)), .run(.constant(Nanoseconds(1e4))),
          .acquire(Acquisition("s", hold: .constant(.zero))),
        ]),
    ]
    let scenario = try Self.scenario(
      groups, cpus: 1, classes: [LockClass(name: "s", kind: .spinlock, scope: .image)])
    let point = await Replayer(
      precision: Precision(replications: 2, events: 40_000, maximumEvents: 80_000)
    ).point(scenario)
    let turn = 1e9 / point.classes[0].acquisitionsPerSecond
    // The hog is ahead of the mean whenever the sleeper comes back, unless it has only just begun.
    #expect(turn > 2.01e6 * 0.98 && turn < 2.01e6 * 1.05, "turn \(turn)")
    #expect(point.cpuShare.idle == 0)
  }

  @Test("a woken task finds an idle CPU behind its cache, an idle core first")
  func idleSearch() throws {
    // Three tasks on CPU 0 of two cores with two threads each: the second goes to the other core.
    let group = TaskGroup(
      name: "t", count: 3,
      cpus: [0, 0, 0], loop: [.run(.constant(Nanoseconds(1e8))), .sleep(.constant(Nanoseconds(1)))])
    let machine = Self.machine(cores: 2, smt: 2)
    var workload = Workload(name: "w", recordedCPUs: 1, classes: [], tasks: [group])
    workload.recordedCPUs = 4
    let scenario = try Scenario(
      workload: workload, machine: machine,
      layout: Layout(name: "one", partition: .one, placement: .cpu), cpus: 4, load: .fixed)
    #expect(scenario.tasks.map(\.cpu) == [0, 0, 0])
    var engine = Engine(scenario, seed: 1, replication: 0)
    while engine.now < 1e7 { engine.advance(by: 1) }
    let cores = engine.tasks.indices.map { scenario.cpus[Int(engine.tasks[$0].home)].core }
    #expect(Set(engine.tasks.indices.map { engine.tasks[$0].home }).count == 3)
    #expect(Set(cores).count == 2)
  }

  @Test("no task leaves its image, whatever its load")
  func images() throws {
    let group = TaskGroup(
      name: "t", count: 12,
      loop: [.run(Self.exponential(50_000)), .sleep(Self.exponential(50_000))])
    let workload = Workload(name: "w", recordedCPUs: 1, classes: [], tasks: [group])
    let scenario = try Scenario(
      workload: workload, machine: Self.machine(),
      layout: Layout(name: "2x", partition: .uniform(count: nil, size: 2)), cpus: 8, load: .fixed)
    var engine = Engine(scenario, seed: 1, replication: 0)
    var moved = 0
    for _ in 0..<400 {
      engine.advance(by: 50)
      for (task, placed) in scenario.tasks.enumerated() {
        let home = engine.tasks[task].home
        #expect(scenario.osletOfCPU[Int(home)] == placed.oslet)
        if home != placed.cpu { moved += 1 }
      }
    }
    #expect(moved > 0)
  }

  @Test("a CPU between two tasks takes one that balancing gives it")
  func balancedMeanwhile() throws {
    let group = TaskGroup(name: "t", count: 2, loop: [.run(.constant(Nanoseconds(1e8)))])
    let workload = Workload(name: "w", recordedCPUs: 1, classes: [], tasks: [group])
    let scenario = try Scenario(
      workload: workload, machine: Self.machine(), layout: .one, cpus: 1, load: .fixed)
    var engine = Engine(scenario, seed: 1, replication: 0)
    let waiting = engine.cpus[0].runHead
    engine.removeFromRunQueue(waiting, after: -1, of: 0)
    engine.cpus[0].current = -1
    engine.cpus[0].sliceEnd = engine.now
    engine.enqueue(waiting, on: 0)
    #expect(engine.cpus[0].runHead == waiting)
    #expect(engine.nextToRun(0).task == waiting)
  }
}
