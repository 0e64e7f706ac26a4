import Measures
import Testing
import Workloads

@Suite("Placement of tasks")
struct ScenarioPlacementTests {
  typealias Base = ScenarioTests

  static func group(
    _ name: String, _ count: Int, process: String? = nil, cpus: [Int]? = nil, asleep: Double = 0
  ) -> TaskGroup {
    TaskGroup(
      name: name, count: count, process: process, cpus: cpus,
      loop: [
        .run(.constant(Nanoseconds(100))), .acquire(Acquisition("mm", hold: .constant(.zero))),
        .sleep(.constant(Nanoseconds(asleep))),
      ])
  }

  static func workload(_ groups: [TaskGroup], recordedCPUs: Int = 4) -> Workload {
    Base.workload([Base.lock("mm", .process)], tasks: groups, recordedCPUs: recordedCPUs)
  }

  @Test(
    "a process stays in one OSlet where it fits", arguments: ["4x", "4x+place=process", "by=l3"])
  func whole(layout: String) throws {
    let scenario = try Base.make(
      Self.workload([Self.group("t", 4, process: "p")]), layout, cpus: 64)
    let homes = Dictionary(grouping: scenario.tasks, by: \.process).values
      .map { Set($0.map(\.oslet)).count }
    #expect(homes.count == 16 && homes.allSatisfy { $0 == 1 })
    #expect(scenario.refusals == [])
    #expect(Dictionary(grouping: scenario.tasks, by: \.cpu).values.allSatisfy { $0.count == 1 })
  }

  @Test("one too large for any OSlet is split, and said to be; its lock stays one lock")
  func tooLarge() throws {
    let scenario = try Base.make(
      Self.workload([Self.group("t", 32, process: "big")], recordedCPUs: 32), "4x", cpus: 64)
    #expect(scenario.refusals.count == 1)
    #expect(scenario.refusals[0].contains("'big'") && scenario.refusals[0].contains("2 split"))
    #expect(scenario.instances.count == 2)
    let owners = Set(scenario.instances.map(\.owner))
    #expect(owners.count == 2)
    #expect(scenario.tasks.contains { !owners.contains($0.oslet) })
  }

  @Test("busy tasks are dealt apart, sleepers fill in")
  func balance() throws {
    let groups = [Self.group("busy", 2), Self.group("idle", 2, asleep: 900)]
    let scenario = try Base.make(Self.workload(groups, recordedCPUs: 2), "one", cpus: 8)
    for cpu in 0..<8 {
      let here = scenario.tasks.filter { $0.cpu == Int32(cpu) }.map(\.group).sorted()
      #expect(here == [0, 1])
    }
  }

  @Test("fewer tasks than CPUs are spread over the OSlets")
  func sparse() throws {
    let scenario = try Base.make(
      Self.workload([Self.group("t", 4)]), "4x", cpus: 64, load: .fixed)
    #expect(scenario.tasks.map(\.oslet) == [2, 6, 10, 14])
  }

  @Test("uneven OSlets take tasks in proportion to their CPUs")
  func uneven() throws {
    let scenario = try Base.make(Self.workload([Self.group("t", 4)]), "4,4,8,16", cpus: 32)
    let load = Dictionary(grouping: scenario.tasks, by: \.oslet).mapValues(\.count)
    #expect(load == [0: 4, 1: 4, 2: 8, 3: 16])
  }

  @Test("by trace CPU every copy keeps its own CPUs")
  func byCPU() throws {
    let groups = [Self.group("t", 4, process: "p", cpus: [3, 2, 1, 0])]
    let scenario = try Base.make(Self.workload(groups), "4x+place=cpu", cpus: 16)
    #expect(scenario.tasks.map(\.cpu) == [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12])
    let halves = try Base.make(Self.workload(groups), "2x+place=cpu", cpus: 16)
    #expect(halves.refusals.contains { $0.contains("'p'") && $0.contains("4 split") })
  }

  @Test("what a placement lacks is said, not replaced by another")
  func refused() throws {
    let workload = Self.workload([Self.group("t", 4)])
    for text in ["4x+place=cpu", "4x+place=graph", "one+place=graph", "one+place=cpu"] {
      let error = #expect(throws: WorkloadError.self) { try Base.make(workload, text, cpus: 16) }
      #expect(error?.description.contains("placement") == true, "\(text)")
    }
  }

  @Test("CPUs of tasks are checked and survive the file")
  func file() throws {
    let good = Self.workload([Self.group("t", 2, cpus: [0, 3])])
    #expect(try Workload(json: encodeDocument(good)) == good)
    for cpus in [[0], [0, 4], [-1, 0]] {
      #expect(throws: WorkloadError.self) {
        try Self.workload([Self.group("t", 2, cpus: cpus)]).validated()
      }
    }
  }

  @Test("4,096 CPUs and 20 classes of every scope are laid out alike twice")
  func large() throws {
    let machine = try KnownMachines.machine(named: "epyc-7r13").scaled(toCPUs: 4_096).machine
    let classes = (0..<20).map {
      Base.lock("class \($0)", Scope.allCases[$0 % Scope.allCases.count], instances: 1 + $0 % 3)
    }
    let workload = Base.workload(
      classes,
      tasks: [
        TaskGroup(
          name: "t", count: 2, process: "p",
          loop: classes.map { .acquire(Acquisition($0.name, hold: .constant(Nanoseconds(1)))) })
      ])
    func make() throws -> Scenario {
      try Scenario(
        workload: workload, machine: machine, layout: Layout("4x+fs:32x2"), cpus: 4_096,
        load: .replicate)
    }
    let (first, second) = (try make(), try make())
    #expect(first.tasks.count == 4_096 && first.bindings.count == 4_096 * 20)
    #expect(first.bindings == second.bindings && first.instances == second.instances)
    #expect(first.tasks == second.tasks && first.homes == second.homes)
    try Base.sane(first)
  }

  @Test("a load beyond reason is refused")
  func tooMany() {
    let many = Self.workload([Self.group("t", 1_000_000)], recordedCPUs: 1)
    #expect(throws: WorkloadError.self) { try Base.make(many, "one", cpus: 64) }
    let wide = Base.workload([Base.lock("l", .cpu, instances: 1 << 30)])
    #expect(throws: WorkloadError.self) { try Base.make(wide, "one", cpus: 64) }
  }
}
