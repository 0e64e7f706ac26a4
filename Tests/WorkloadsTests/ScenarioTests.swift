import Measures
import Testing
import Workloads

@Suite("Scenario")
struct ScenarioTests {
  static let machine = Machine(
    name: "4s", topology: Topology(sockets: 4, islandsPerSocket: 4, coresPerIsland: 8, smt: 2),
    lineTransfer: .levels(
      smt: Nanoseconds(8), island: Nanoseconds(25), socket: Nanoseconds(100),
      cross: Nanoseconds(200)),
    interrupt: InterruptCost(derivedFrom: Nanoseconds(200)),
    message: MessageCost(derivedFrom: Nanoseconds(200)))

  static func workload(
    _ classes: [LockClass], tasks: [TaskGroup]? = nil, recordedCPUs: Int = 2
  ) -> Workload {
    let steps: [Step] =
      [.run(.constant(Nanoseconds(1_000)))]
      + classes.map { .acquire(Acquisition($0.name, hold: .constant(Nanoseconds(100)))) }
    return Workload(
      name: "w", recordedCPUs: recordedCPUs, classes: classes,
      tasks: tasks ?? [TaskGroup(name: "t", count: 2, loop: steps)])
  }

  static func lock(_ name: String, _ scope: Scope, instances: Int = 1) -> LockClass {
    LockClass(name: name, kind: .spinlock, scope: scope, instances: instances)
  }

  static func make(
    _ workload: Workload, _ layout: String, cpus: Int, load: LoadRule = .replicate
  ) throws -> Scenario {
    let scenario = try Scenario(
      workload: workload, machine: machine, layout: Layout(layout), cpus: cpus, load: load)
    try sane(scenario)
    return scenario
  }

  /// What holds of every scenario.
  static func sane(_ scenario: Scenario) throws {
    #expect(scenario.bindings.count == scenario.tasks.count * scenario.classCount)
    #expect(scenario.homes.count == scenario.oslets.count * scenario.classCount)
    #expect(scenario.policies.count == scenario.classCount)
    #expect(scenario.oslets.map(\.cpus.count).reduce(0, +) == scenario.cpus.count)
    #expect(Set(scenario.cpus).count == scenario.cpus.count)
    var wrong: [String] = []
    for (task, placed) in scenario.tasks.enumerated() {
      if scenario.osletOfCPU[Int(placed.cpu)] != placed.oslet { wrong.append("oslet of \(task)") }
      if scenario.oslets[Int(placed.oslet)].service != nil { wrong.append("\(task) in a service") }
      for index in 0..<scenario.classCount {
        let binding = scenario.binding(task: task, lockClass: index)
        let bound = scenario.instances[Int(binding.first)..<Int(binding.first + binding.count)]
        if bound.isEmpty { wrong.append("\(task) has no \(index)") }
        if bound.contains(where: { $0.lockClass != Int32(index) }) {
          wrong.append("\(task) is bound to another class than \(index)")
        }
        // What a task finds in its own OSlet under private, that OSlet keeps.
        let own = bound.first?.owner == placed.oslet
        if scenario.policies[index].sharing == .private, own {
          let home = scenario.home(oslet: Int(placed.oslet), lockClass: index)
          if home.first > binding.first || home.first + home.count < binding.first + binding.count {
            wrong.append("\(index) of \(task) is not at home")
          }
        }
      }
    }
    for oslet in scenario.oslets.indices {
      for index in 0..<scenario.classCount {
        let home = scenario.home(oslet: oslet, lockClass: index)
        let kept = scenario.instances[Int(home.first)..<Int(home.first + home.count)]
        if kept.contains(where: { $0.owner != Int32(oslet) || $0.lockClass != Int32(index) }) {
          wrong.append("home of \(index) in \(oslet)")
        }
      }
    }
    #expect(wrong == [])
  }

  @Test("hand-written tasks as many as CPUs sit one on each", arguments: ["one", "4x", "by=l3"])
  func onePerCPU(layout: String) throws {
    let tasks = [
      TaskGroup(
        name: "customer", count: 64,
        loop: [.acquire(Acquisition("l", hold: .exponential(mean: Nanoseconds(100))))])
    ]
    let workload = Self.workload([Self.lock("l", .image)], tasks: tasks, recordedCPUs: 1)
    let scenario = try Self.make(workload, layout, cpus: 64, load: .fixed)
    #expect(scenario.tasks.map(\.cpu).sorted() == (0..<64).map(Int32.init))
    #expect(scenario.refusals == [])
  }

  @Test(
    "replicate makes round(count N / n) tasks, at least one",
    arguments: [(1, 2), (2, 4), (3, 6), (5, 10), (64, 128), (7, 14)])
  func fractional(cpus: Int, expected: Int) throws {
    let tasks = [
      TaskGroup(name: "a", count: 4, loop: [.run(.constant(Nanoseconds(1)))]),
      TaskGroup(name: "b", count: 1, process: "b", loop: [.run(.constant(Nanoseconds(1)))]),
    ]
    let workload = Self.workload([], tasks: tasks)
    let scenario = try Self.make(workload, "one", cpus: cpus)
    #expect(scenario.tasks.count { $0.group == 0 } == expected)
    let second = max(1, Int((Double(cpus) / 2).rounded()))
    #expect(scenario.tasks.count { $0.group == 1 } == second)
    let fixed = try Self.make(workload, "one", cpus: cpus, load: .fixed)
    #expect(fixed.tasks.count == 5)
  }

  @Test("process locks are cloned per copy; image locks are one per image")
  func cloning() throws {
    let classes = [
      Self.lock("img", .image, instances: 3), Self.lock("proc", .process), Self.lock("cpu", .cpu),
      Self.lock("task", .task), Self.lock("fs", .filesystem), Self.lock("dev", .device),
    ]
    let steps: [Step] = [.run(.constant(Nanoseconds(1)))]
    let tasks = [TaskGroup(name: "t", count: 2, process: "p", loop: steps)]
    let workload = Self.workload(classes, tasks: tasks)
    func instances(_ scenario: Scenario) -> [Int] {
      classes.indices.map { index in scenario.instances.count { $0.lockClass == index } }
    }
    let one = try Self.make(workload, "one", cpus: 64)
    #expect(instances(one) == [3, 32, 64, 64, 32, 1])
    #expect(one.instances.allSatisfy { $0.owner == 0 })
    let four = try Self.make(workload, "4x", cpus: 64)
    #expect(instances(four) == [48, 32, 64, 64, 32, 1])
    #expect(four.policies.prefix(4).allSatisfy { $0.sharing == .private })
    #expect(four.policies.suffix(2).allSatisfy { $0.sharing == .owned })
    // Two processes of two in an OSlet of four: each file system belongs where its process is.
    for (task, placed) in four.tasks.enumerated() {
      let binding = four.binding(task: task, lockClass: 4)
      #expect(four.instances[Int(binding.first)].owner == placed.oslet)
    }
  }

  @Test("service OSlets own their group, striped over them, and run no task")
  func services() throws {
    let classes = [Self.lock("dentry", .image), Self.lock("zone", .image)]
    let scenario = try Self.make(Self.workload(classes), "4x+fs:2x16", cpus: 64)
    #expect(scenario.oslets.count == 10)
    #expect(scenario.oslets[0].service == "fs" && scenario.oslets[1].cpus == 16..<32)
    #expect(scenario.policies[0].sharing == .striped && scenario.policies[0].message == .polled)
    let binding = scenario.binding(task: 0, lockClass: 0)
    #expect(binding.count == 2)
    #expect((0..<2).map { scenario.instances[Int(binding.first) + $0].owner } == [0, 1])
    #expect(scenario.instances.count { $0.lockClass == 1 } == 8)
    let small = try Self.make(Self.workload(classes), "4x+fs:2x16", cpus: 8)
    #expect(small.oslets.map(\.cpus.count) == [2, 2, 4])
    #expect(small.refusals.contains { $0.contains("shrunk to 2x2") })
    let single = try Self.make(Self.workload(classes), "4x+fs:2x16", cpus: 1)
    #expect(single.oslets.count == 1 && single.refusals.contains { $0.contains("no CPU for it") })
  }

  @Test("seed layouts have the OSlets their names say")
  func cuts() throws {
    let big = Machine(
      name: "8s", topology: Topology(sockets: 8, coresPerIsland: 128),
      lineTransfer: Self.machine.lineTransfer, interrupt: Self.machine.interrupt,
      message: Self.machine.message)
    let workload = Self.workload([Self.lock("l", .image)])
    func cut(_ layout: String, _ cpus: Int) throws -> Scenario {
      try Scenario(
        workload: workload, machine: big, layout: Layout(layout), cpus: cpus, load: .replicate)
    }
    #expect(try cut("256x4", 1_024).oslets.count == 256)
    #expect(try cut("256x4", 1_024).rings == 65_280)
    let tree = try cut("32x32/tree", 1_024)
    #expect(tree.oslets.count == 1_024 && tree.oslets[33].group == 1 && tree.broadcast == .tree)
    #expect(tree.rings == 32 * 31 + 32 * 32 * 31)
    // McKenney's arithmetic for two levels of sixteen.
    #expect(try cut("16x16/tree", 256).rings == 4_080)
    let harris = try cut("2x+fs:32x2", 1_024)
    #expect(harris.oslets.count { $0.service == nil } == 480)
    #expect(try cut("by=socket", 1_024).oslets.count == 8)
    #expect(try cut("4x", 10).oslets.map(\.cpus.count) == [4, 4, 2])
    #expect(try cut("4,8", 16).oslets.map(\.cpus.count) == [4, 8, 4])
    #expect(try cut("256x4", 64).refusals.contains { $0.contains("16 of 256") })
    let error = #expect(throws: WorkloadError.self) { try cut("16x4", 128) }
    #expect(error?.description.contains("64 CPUs") == true)
    let none = #expect(throws: WorkloadError.self) { try cut("one", 2_048) }
    #expect(none?.description.contains("1024") == true)
  }
}
