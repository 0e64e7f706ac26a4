import Measures
import Testing
import Workloads

@Suite("Sharing policies and fixes in a scenario")
struct ScenarioPolicyTests {
  typealias Base = ScenarioTests

  /// Two classes of the image, `inner` taken under `outer`, and one of the process.
  static func nested() -> Workload {
    let hold = Distribution.constant(Nanoseconds(100))
    let classes = [
      Base.lock("outer", .image, instances: 2), Base.lock("inner", .image),
      Base.lock("alone", .image), Base.lock("mm", .process),
    ]
    let loop: [Step] = [
      .run(.constant(Nanoseconds(1_000))),
      .acquire(
        Acquisition("outer", hold: hold, nested: [.acquire(Acquisition("inner", hold: hold))])),
      .acquire(Acquisition("alone", hold: hold)), .acquire(Acquisition("mm", hold: hold)),
      .ipi(Interrupt(targets: .mm, function: "flush_tlb_func", waits: true, handler: hold)),
    ]
    return Workload(
      name: "nested", recordedCPUs: 2, classes: classes,
      tasks: [TaskGroup(name: "t", count: 2, process: "p", loop: loop)])
  }

  private func owners(_ scenario: Scenario, _ lockClass: Int) -> [Int32] {
    scenario.instances.filter { $0.lockClass == Int32(lockClass) }.map(\.owner)
  }

  @Test("owned and door keep one set of instances; nested classes share an owner")
  func owned() throws {
    let scenario = try Base.make(
      Self.nested(), "4x+owned:outer+door:inner+owned:alone", cpus: 64)
    #expect(scenario.policies.map(\.sharing) == [.owned, .door, .owned, .private])
    #expect(owners(scenario, 0).count == 2 && owners(scenario, 1).count == 1)
    #expect(Set(owners(scenario, 0) + owners(scenario, 1)).count == 1)
    #expect(owners(scenario, 2) != owners(scenario, 1))
    #expect(scenario.policies[0].message == .notified)
    #expect(scenario.home(oslet: 0, lockClass: 0).count == 0)
  }

  @Test("unknown classes asked for as a whole have one owner: the worst case")
  func worstCase() throws {
    let scenario = try Base.make(Self.nested(), "4x+owned:unknown", cpus: 64)
    #expect(Set((0..<3).flatMap { owners(scenario, $0) }) == [0])
    #expect(scenario.policies[3].sharing == .private)
  }

  @Test("replicated has an instance in every OSlet that runs tasks, busy or not")
  func replicated() throws {
    let scenario = try Base.make(Self.nested(), "4x+replicated:alone", cpus: 64, load: .fixed)
    #expect(owners(scenario, 2) == (0..<16).map(Int32.init))
    for (task, placed) in scenario.tasks.enumerated() {
      let first = Int(scenario.binding(task: task, lockClass: 2).first)
      #expect(scenario.instances[first].owner == placed.oslet)
    }
  }

  @Test("stripes are independent of the number of OSlets", arguments: [1, 3, 16, 40])
  func striped(stripes: Int) throws {
    let scenario = try Base.make(Self.nested(), "4x+striped:outer=\(stripes)", cpus: 64)
    let dealt = owners(scenario, 0)
    #expect(dealt.count == 2 * stripes)
    #expect(scenario.binding(task: 5, lockClass: 0).count == Int32(2 * stripes))
    let load = Dictionary(grouping: dealt) { $0 }.mapValues(\.count)
    #expect(load.count == min(stripes, 16))
    #expect((load.values.max() ?? 0) - (load.values.min() ?? 0) <= 2)
  }

  @Test("hardware-shared has no owner, a crossing share stays with private classes")
  func hardware() throws {
    let scenario = try Base.make(
      Self.nested(), "4x+shared:outer+cross:alone=0.25+cross:outer=0.1", cpus: 64)
    #expect(owners(scenario, 0) == [-1, -1])
    #expect(scenario.policies[2].crossingShare == 0.25)
    #expect(scenario.policies[0].crossingShare == 0)
    #expect(scenario.refusals.contains { $0.contains("'outer'") && $0.contains("crossing share") })
  }

  @Test("a class wins over its group, the group over all")
  func precedence() throws {
    var workload = Self.nested()
    workload.classes[0].group = "g"
    workload.classes[1].group = "g"
    let scenario = try Base.make(
      workload, "4x+owned:*+striped:g+polled:g+replicated:outer", cpus: 16)
    #expect(scenario.policies.map(\.sharing) == [.replicated, .striped, .owned, .owned])
    #expect(scenario.policies.map(\.message) == [.polled, .polled, .notified, .notified])
  }

  @Test("fixes change classes, not tasks")
  func fixes() throws {
    let plain = try Base.make(Self.nested(), "one", cpus: 64)
    let sharded = try Base.make(Self.nested(), "one+shard:outer=16", cpus: 64)
    #expect(sharded.binding(task: 0, lockClass: 0).count == 32)
    let perCPU = try Base.make(Self.nested(), "one+percpu:alone", cpus: 64)
    #expect(owners(perCPU, 2).count == 64)
    let cna = try Base.make(Self.nested(), "one+numa-handover", cpus: 64)
    #expect(cna.workload.classes.allSatisfy { $0.kind == .cna })
    let split = try Base.make(Self.nested(), "one+split:alone@l3", cpus: 64)
    let islands = Set(split.cpus.map(\.island))
    #expect(owners(split, 2).count == islands.count)
    for (task, placed) in split.tasks.enumerated() {
      for (other, beside) in split.tasks.enumerated() {
        let same = split.cpus[Int(placed.cpu)].island == split.cpus[Int(beside.cpu)].island
        #expect(
          (split.binding(task: task, lockClass: 2) == split.binding(task: other, lockClass: 2))
            == same)
      }
    }
    let broadcast = try Base.make(Self.nested(), "one+broadcast-tlb", cpus: 64)
    #expect(broadcast.workload.tasks[0].loop.last == .run(.constant(Nanoseconds(400))))
    for scenario in [sharded, perCPU, cna, split, broadcast] {
      #expect(scenario.tasks == plain.tasks)
    }
  }

  @Test("lockless frees the readers of a class with readers and says what it assumes of others")
  func lockless() throws {
    let hold = Distribution.constant(Nanoseconds(100))
    let loop: [Step] = [
      .acquire(Acquisition("rw", mode: .read, hold: hold)), .acquire(Acquisition("rw", hold: hold)),
      .acquire(Acquisition("spin", hold: hold)),
    ]
    let workload = Workload(
      name: "w", recordedCPUs: 1,
      classes: [LockClass(name: "rw", kind: .rwsem, scope: .image), Base.lock("spin", .image)],
      tasks: [TaskGroup(name: "t", count: 1, loop: loop)])
    let scenario = try Base.make(workload, "one+lockless:rw+lockless:spin", cpus: 4)
    #expect(scenario.workload.classes.map(\.kind) == [.rwsem, .rcu, .rcu])
    #expect(scenario.workload.classes[2].name == "rw readers")
    let taken = scenario.workload.tasks[0].loop.map { step in
      if case .acquire(let acquisition) = step { acquisition.lockClass } else { "" }
    }
    #expect(taken == ["rw readers", "rw", "spin"])
    #expect(scenario.refusals.count == 1 && scenario.refusals[0].contains("best case"))
    #expect(try scenario.workload.validated() == scenario.workload)
  }

  @Test("a name that the workload does not have is refused with those it has")
  func unknownNames() {
    for text in ["4x+owned:nope", "one+shard:nope=2", "one+split:nope@l3", "one+lockless:nope"] {
      let error = #expect(throws: WorkloadError.self) {
        try Base.make(Self.nested(), text, cpus: 4)
      }
      #expect(error?.description.contains("outer, inner, alone, mm") == true)
    }
  }
}
