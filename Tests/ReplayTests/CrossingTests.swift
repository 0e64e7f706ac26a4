import Measures
import Testing
import Workloads

@testable import Replay

/// What a crossing costs, by the message model of docs/model.md: a polled round trip of 400 ns is 100
/// on the way, 100 read and 100 written by the owner, 100 back.
@Suite struct CrossingTests {
  let replayer = Replayer(
    precision: Precision(
      replications: 2, events: 20_000, eventsPerCPU: 60, maximumEvents: 40_000))

  /// One task that computes 10 us and then owns the lock for 1 us, all constant.
  static func steady(kind: LockKind = .spinlock) -> Workload {
    var workload = TestWorkload.repairman(think: 1, hold: 1, kind: kind)
    workload.tasks[0].loop = [
      .run(.constant(Nanoseconds(10_000))),
      .acquire(Acquisition("a", hold: .constant(Nanoseconds(1_000)))),
    ]
    return workload
  }

  static func layout(
    _ policy: PolicyOverride, count: Int? = nil, size: Int = 2, services: [Service] = []
  ) -> Layout {
    Layout(
      name: "test", partition: .uniform(count: count, size: size), services: services,
      policies: ["a": policy])
  }

  /// Nanoseconds of one turn of the workload's single task.
  func turn(_ workload: Workload, _ layout: Layout, cpus: Int) async throws -> Double {
    let scenario = try TestWorkload.scenario(workload, cpus: cpus, layout: layout, load: .fixed)
    return 1e9 / (await replayer.point(scenario)).throughputPerSecond.value
  }

  @Test("one client of a service OSlet pays the round trip, the service, and no more")
  func roundTrip() async throws {
    var workload = Self.steady()
    workload.classes[0].group = "fs"
    let service = [Service(group: "fs", count: 1, size: 1)]
    let polled = try await turn(
      workload, Self.layout(PolicyOverride(.owned, message: .polled), services: service), cpus: 3)
    #expect(abs(polled - 11_400) < 10, "polled \(polled)")
    let notified = try await turn(
      workload, Self.layout(PolicyOverride(.owned, message: .notified), services: service), cpus: 3)
    #expect(abs(notified - 13_000) < 10, "notified \(notified)")
  }

  @Test("a door pays two switches of address space and no message")
  func door() async throws {
    var workload = Self.steady()
    workload.tasks[0].count = 2
    var machine = TestWorkload.machine()
    machine.constants["address_space_switch_ns"] = 250
    let scenario = try TestWorkload.scenario(
      workload, cpus: 4, layout: Self.layout(PolicyOverride(.door)), machine: machine,
      load: .fixed)
    let point = await replayer.point(scenario)
    // One of the two tasks lives with the owner; they meet at the lock now and then.
    let most = 1e9 / 11_000 + 1e9 / 11_500
    #expect(point.throughputPerSecond.value <= most * 1.001)
    #expect(point.throughputPerSecond.value > most * 0.9)
    #expect(point.messagesPerSecond == 0)
    #expect(abs(point.crossingShare - 0.5) < 0.02)
  }

  @Test("a saturated owner serves one request in read, service and reply time")
  func saturatedOwner() async throws {
    var workload = Self.steady()
    workload.classes[0].group = "fs"
    workload.tasks[0].count = 40
    let layout = Self.layout(
      PolicyOverride(.owned, message: .polled), services: [Service(group: "fs", count: 1, size: 1)])
    let scenario = try TestWorkload.scenario(workload, cpus: 41, layout: layout, load: .fixed)
    let point = await replayer.point(scenario)
    #expect(abs(point.throughputPerSecond.value / (1e9 / 1_200) - 1) < 0.01)
    #expect(point.firstSaturated == "fs service")
    #expect(abs(point.crossingShare - 1) < 1e-9)
    #expect(abs(point.messagesPerSecond / point.throughputPerSecond.value - 1) < 0.01)
  }

  @Test("256 OSlets of 4 with a lock each behave as 256 machines of 4")
  func privateLocks() async throws {
    let workload = TestWorkload.repairman(think: 10_000, hold: 1_000)
    let layout = Self.layout(PolicyOverride(.private), count: 256, size: 4)
    let scenario = try TestWorkload.scenario(workload, cpus: 1_024, layout: layout)
    let point = await replayer.point(scenario)
    let expected = 256 * RepairmanTests.textbook(customers: 4, think: 10_000, hold: 1_000)
    #expect(abs(point.throughputPerSecond.value / expected - 1) < 0.01)
    #expect(point.messagesPerSecond == 0)
  }

  @Test("1 % crossings on 256x4 cost 1 % of a round trip, and as many messages")
  func fewCrossings() async throws {
    let workload = TestWorkload.repairman(think: 10_000, hold: 1_000)
    // One acquisition in a hundred crosses: some 400 crossings, so within 5 % in two runs of three.
    let replayer = Replayer(
      precision: Precision(
        replications: 2, events: 20_000, eventsPerCPU: 200, maximumEvents: 40_000))
    func point(_ share: Double) async throws -> PredictionPoint {
      let layout = Self.layout(
        PolicyOverride(.private, message: .polled, crossingShare: share), count: 256, size: 4)
      return await replayer.point(
        try TestWorkload.scenario(workload, cpus: 1_024, layout: layout))
    }
    let none = try await point(0)
    let few = try await point(0.01)
    #expect(abs(few.crossingShare / 0.01 - 1) < 0.15)
    #expect(abs(few.messagesPerSecond / few.throughputPerSecond.value / 0.01 - 1) < 0.15)
    // A crossing adds 400 ns of way and at most the rest of some other step at a busy owner.
    let loss = 1 - few.throughputPerSecond.value / none.throughputPerSecond.value
    #expect(loss < 0.02, "loss \(loss)")
    let many = try await point(0.5)
    #expect(many.throughputPerSecond.value < few.throughputPerSecond.value)
    #expect(abs(many.crossingShare / 0.5 - 1) < 0.02)
  }

  @Test("a replicated write waits for the slowest replica; of many, a tree beats a flat broadcast")
  func broadcast() async throws {
    let write = PolicyOverride(.replicated)
    // 3 others: the last request leaves after 300, travels 100; read and written in 200, applied in
    // 1,000; the reply travels 100.
    let flat4 = try await turn(Self.steady(), Self.layout(write), cpus: 8)
    #expect(abs(flat4 - 12_700) < 10, "flat of 4: \(flat4)")
    func hierarchy(_ groups: Int, _ per: Int, _ way: Broadcast) -> Layout {
      Layout(
        name: "h", partition: .hierarchy(groups: groups, perGroup: per, size: 2, broadcast: way),
        policies: ["a": write])
    }
    let tree4 = try await turn(Self.steady(), hierarchy(2, 2, .tree), cpus: 8)
    #expect(tree4 >= flat4)
    let flat64 = try await turn(Self.steady(), hierarchy(8, 8, .flat), cpus: 128)
    let tree64 = try await turn(Self.steady(), hierarchy(8, 8, .tree), cpus: 128)
    let ring64 = try await turn(Self.steady(), hierarchy(8, 8, .ring), cpus: 128)
    #expect(abs(flat64 - (11_000 + 6_400 + 1_300)) < 10)
    #expect(tree64 < flat64 * 0.85, "tree \(tree64), flat \(flat64)")
    #expect(ring64 > flat64)
  }

  @Test("a request that needs the lock of the task it interrupts waits for it and is served")
  func noDeadlock() async throws {
    // Two OSlets whose tasks hold their own lock while they ask for the other's class.
    let workload = Workload(
      name: "nested", recordedCPUs: 4,
      classes: [
        LockClass(name: "own", kind: .spinlock, scope: .image),
        LockClass(name: "far", kind: .mutex, scope: .image, instances: 2),
      ],
      tasks: [
        TaskGroup(
          name: "t", count: 8,
          loop: [
            .run(.exponential(mean: Nanoseconds(1_000))),
            .acquire(
              Acquisition(
                "own", hold: .exponential(mean: Nanoseconds(500)),
                nested: [
                  .acquire(Acquisition("far", hold: .exponential(mean: Nanoseconds(300))))
                ])),
          ])
      ])
    for message in [ClassPolicy.Message.polled, .notified] {
      let layout = Layout(
        name: "n", partition: .uniform(count: nil, size: 2),
        policies: [
          "own": PolicyOverride(.private), "far": PolicyOverride(.striped, message: message),
        ])
      let scenario = try TestWorkload.scenario(workload, cpus: 4, layout: layout, load: .fixed)
      let point = await replayer.point(scenario)
      #expect(point.throughputPerSecond.value > 2e5, "\(message): \(point)")
      #expect(point.crossingShare > 0.1)
    }
  }
}
