import Measures
import Queueing
import Testing
import Workloads

@Suite("Engine 'model'")
struct EngineTests {
  static let machine = Machine(
    name: "test", topology: Topology(sockets: 16, coresPerIsland: 64),
    lineTransfer: .levels(
      smt: Nanoseconds(10), island: Nanoseconds(50), socket: Nanoseconds(50),
      cross: Nanoseconds(150)),
    interrupt: InterruptCost(
      send: Nanoseconds(300), deliver: Nanoseconds(900), acknowledge: Nanoseconds(500)),
    message: MessageCost(polled: Nanoseconds(400), notified: Nanoseconds(2_000)))

  static func lock(
    _ name: String, _ kind: LockKind = .spinlock, scope: Scope = .image, lines: Double = 0
  ) -> LockClass {
    LockClass(name: name, kind: kind, scope: scope, lines: lines)
  }

  static func take(_ name: String, _ hold: Distribution, mode: LockMode? = nil) -> Step {
    .acquire(Acquisition(name, mode: mode, hold: hold))
  }

  static func exponential(_ mean: Double) -> Distribution { .exponential(mean: Nanoseconds(mean)) }

  /// One task a CPU that plays `loop`.
  static func point(
    _ classes: [LockClass], _ loop: [Step], cpus: Int, layout: String = "one",
    process: String? = nil
  ) throws -> PredictionPoint {
    let workload = Workload(
      name: "w", recordedCPUs: 1, classes: classes,
      tasks: [TaskGroup(name: "t", count: 1, process: process, loop: loop)])
    let scenario = try Scenario(
      workload: workload, machine: machine, layout: Layout(layout), cpus: cpus, load: .replicate)
    let point = ClosedFormEngine().point(scenario)
    let share = point.cpuShare
    let sum =
      share.useful + share.lockWait + share.lineTransfer + share.ipi + share.message + share.idle
    #expect(abs(sum - 1) < 1e-9)
    let progress = point.groups.reduce(0) { $0 + $1.operationsPerSecond }
    #expect(abs(progress / point.throughputPerSecond.value - 1) < 1e-9)
    #expect([share.useful, share.lockWait, share.idle].allSatisfy { $0 >= 0 })
    return point
  }

  @Test("an owner that sleeps holds the lock meanwhile and leaves its CPU", arguments: [1, 4, 16])
  func sleepingOwner(customers: Int) throws {
    let slept = try Self.point(
      [Self.lock("a", .mutex)],
      [
        .run(Self.exponential(10_000)),
        .acquire(
          Acquisition(
            "a", hold: Self.exponential(500), nested: [.sleep(Self.exponential(500))])),
      ], cpus: customers)
    let held = try Self.point(
      [Self.lock("a", .mutex)],
      [
        .run(Self.exponential(10_000)),
        .acquire(
          Acquisition("a", hold: Self.exponential(500), nested: [.run(Self.exponential(500))])),
      ], cpus: customers)
    #expect(
      abs(slept.throughputPerSecond.value / held.throughputPerSecond.value - 1) < 1e-9)
    #expect(slept.cpuShare.useful < held.cpuShare.useful)
  }

  @Test(
    "N customers at one spinlock without lines are M/M/1//N to 1e-6",
    arguments: [1, 2, 4, 16, 64, 256, 1024], [10.0, 100])
  func repairman(customers: Int, ratio: Double) throws {
    let point = try Self.point(
      [Self.lock("a")],
      [.run(Self.exponential(1_000 * ratio)), Self.take("a", Self.exponential(1_000))],
      cpus: customers)
    let expected = kleinrock(customers: customers, think: 1_000 * ratio, service: 1_000) * 1e9
    #expect(abs(point.throughputPerSecond.value / expected - 1) < 1e-6)
    #expect(point.throughputPerSecond.low == point.throughputPerSecond.high)
    let busy = customers > 1 ? expected * 1e-6 : 0
    #expect(abs(point.classes[0].utilization - busy) < 1e-6)
  }

  @Test("constant holds are M/D/1//N", arguments: [2, 8, 64])
  func constantHold(customers: Int) throws {
    let point = try Self.point(
      [Self.lock("a")],
      [.run(Self.exponential(20_000)), Self.take("a", .constant(Nanoseconds(1_000)))],
      cpus: customers)
    let expected = FiniteSource.solve(
      customers: customers, think: Nanoseconds(20_000), service: Nanoseconds(1_000),
      shape: .constant)
    #expect(
      abs(point.throughputPerSecond.value / expected.throughput.perSecond - 1) < 1e-9)
  }

  @Test("two locks are exact mean value analysis", arguments: [2, 16, 200])
  func twoLocks(customers: Int) throws {
    let point = try Self.point(
      [Self.lock("a"), Self.lock("b")],
      [
        .run(Self.exponential(30_000)), Self.take("a", Self.exponential(900)),
        Self.take("b", Self.exponential(400)),
      ], cpus: customers)
    let exact = MeanValueAnalysis(
      stations: [
        Station("a", demand: Nanoseconds(900)), Station("b", demand: Nanoseconds(400)),
      ], customers: customers, think: Nanoseconds(30_000))
    #expect(
      abs(point.throughputPerSecond.value / exact.throughput.perSecond - 1) < 1e-9)
    #expect(point.firstSaturated == "a")
  }

  @Test("a process's own lock is not contended by other processes")
  func scopes() throws {
    let loop = [Step.run(Self.exponential(500)), Self.take("a", Self.exponential(1_000))]
    let own = try Self.point([Self.lock("a", scope: .process)], loop, cpus: 128)
    #expect(abs(own.throughputPerSecond.value / (128e9 / 1_500) - 1) < 1e-9)
    #expect(abs(own.efficiency - 1) < 1e-9)
  }

  @Test("hand-over costs lines x distance: a second socket makes a saturated lock slower")
  func cliff() throws {
    let loop = [
      Step.run(Self.exponential(2_000)), Self.take("a", .constant(Nanoseconds(100))),
    ]
    let first = try Self.point([Self.lock("a", lines: 3)], loop, cpus: 64)
    let second = try Self.point([Self.lock("a", lines: 3)], loop, cpus: 128)
    // Hold 100 and three transfers of 50, or of the mean of 50 and 150.
    #expect(abs(first.throughputPerSecond.value / (1e9 / 250) - 1) < 0.01)
    #expect(abs(second.throughputPerSecond.value / (1e9 / 400) - 1) < 0.02)
    #expect(second.cpuShare.lineTransfer > 0 && second.cpuShare.lockWait > 0.8)
    let aware = try Self.point([Self.lock("a", .cna, lines: 3)], loop, cpus: 128)
    #expect(abs(aware.throughputPerSecond.value / (1e9 / 250) - 1) < 0.02)
    let ticket = try Self.point([Self.lock("a", .ticket, lines: 3)], loop, cpus: 64)
    #expect(ticket.throughputPerSecond.value < 0.3 * first.throughputPerSecond.value)
  }

  @Test("synchronous interrupts to all stop scaling, and handlers steal time")
  func interrupts() throws {
    let call = Step.ipi(
      Interrupt(
        targets: .all, function: "f", waits: true, handler: .constant(Nanoseconds(800))))
    let loop = [Step.run(Self.exponential(100_000)), call]
    let few = try Self.point([], loop, cpus: 2)
    let many = try Self.point([], loop, cpus: 256)
    #expect(few.efficiency > 0.9 && many.efficiency < 0.4)
    #expect(many.cpuShare.ipi > 0.5)
    // Every operation takes 255 handlers of 800 ns from 256 CPUs.
    #expect(many.throughputPerSecond.value < 256e9 / (255 * 800))
  }

  @Test("readers share, writers do not")
  func readers() throws {
    let hold = Self.exponential(1_000)
    let lock = [LockClass(name: "a", kind: .rwlock, scope: .image)]
    let reads = try Self.point(
      lock, [.run(Self.exponential(1_000)), Self.take("a", hold, mode: .read)], cpus: 32)
    let writes = try Self.point(
      lock, [.run(Self.exponential(1_000)), Self.take("a", hold, mode: .write)], cpus: 32)
    #expect(abs(reads.throughputPerSecond.value / 16e6 - 1) < 0.01)
    #expect(abs(writes.throughputPerSecond.value / 1e6 - 1) < 0.01)
    let mixed = try Self.point(
      lock,
      [
        .run(Self.exponential(1_000)), Self.take("a", hold, mode: .read),
        .run(Self.exponential(1_000)), Self.take("a", hold, mode: .write),
      ], cpus: 32)
    #expect(mixed.throughputPerSecond.value < 1e6)
    #expect(mixed.throughputPerSecond.value > 0.2e6)
  }

  @Test("more tasks than CPUs share them")
  func crowding() throws {
    let workload = Workload(
      name: "w", recordedCPUs: 1, classes: [],
      tasks: [TaskGroup(name: "t", count: 6, loop: [.run(Self.exponential(1_000))])])
    let scenario = try Scenario(
      workload: workload, machine: Self.machine, layout: .one, cpus: 2, load: .fixed)
    let point = ClosedFormEngine().point(scenario)
    #expect(abs(point.throughputPerSecond.value / 2e6 - 1) < 0.01)
    #expect(point.cpuShare.useful > 0.99)
  }

  @Test("many tasks with four locks come to an end, the same each time")
  func large() throws {
    let classes = [
      Self.lock("a", lines: 2), Self.lock("b", .mutex, scope: .process, lines: 1),
      Self.lock("c", .rwsem, scope: .process), Self.lock("d", .counter, lines: 1),
    ]
    let workload = Workload(
      name: "w", recordedCPUs: 2, classes: classes,
      tasks: [
        TaskGroup(
          name: "t", count: 2, process: "p",
          loop: [
            .run(.constant(Nanoseconds(50_000))), Self.take("a", .constant(Nanoseconds(20))),
            Self.take("b", Self.exponential(500)),
            Self.take("c", Self.exponential(800), mode: .read), .touch("d"),
          ])
      ])
    let scenario = try Scenario(
      workload: workload, machine: Self.machine, layout: .one, cpus: 256, load: .replicate)
    let first = ClosedFormEngine().point(scenario)
    #expect(first == ClosedFormEngine().point(scenario))
    #expect(first.throughputPerSecond.value.isFinite && first.throughputPerSecond.value > 0)
    #expect(first.classes.allSatisfy { $0.waitNsMean.isFinite && $0.waitNsMean >= 0 })
  }
}
