import Measures
import Queueing
import Replay
import Testing
import Workloads

/// The replay against the closed forms, where they are exact; the two share no code.
@Suite struct ClosedFormAgreementTests {
  let replayer = Replayer(
    precision: Precision(
      relativeHalfWidth: 0.006, replications: 4, events: 25_000, eventsPerCPU: 60,
      maximumEvents: 200_000))

  func point(
    _ classes: [LockClass], _ loop: [Step], customers: Int, layout: Layout = .one, cpus: Int? = nil
  ) async throws -> PredictionPoint {
    let workload = Workload(
      name: "test", recordedCPUs: 1, classes: classes,
      tasks: [TaskGroup(name: "t", count: customers, loop: loop)])
    let machine = Machine(
      name: "test", topology: Topology(sockets: 2, coresPerIsland: 64),
      lineTransfer: .levels(
        smt: Nanoseconds(50), island: Nanoseconds(50), socket: Nanoseconds(50),
        cross: Nanoseconds(50)),
      interrupt: InterruptCost(
        send: Nanoseconds(300), deliver: Nanoseconds(900), acknowledge: Nanoseconds(500)),
      message: MessageCost(polled: .zero, notified: .zero))
    return await replayer.point(
      try Scenario(
        workload: workload, machine: machine, layout: layout, cpus: cpus ?? customers,
        load: .fixed))
  }

  static func exponential(_ mean: Double) -> Distribution { .exponential(mean: Nanoseconds(mean)) }

  func expectMeet(_ found: Interval, _ exact: Rate, _ what: String) {
    #expect(abs(found.value / exact.perSecond - 1) < 0.01, "\(what): \(found), exact \(exact)")
  }

  @Test("two locks in product form, as mean value analysis", arguments: [2, 8, 32])
  func twoLocks(customers: Int) async throws {
    let found = try await point(
      [
        LockClass(name: "a", kind: .spinlock, scope: .image),
        LockClass(name: "b", kind: .spinlock, scope: .image),
      ],
      [
        .run(Self.exponential(20_000)), .acquire(Acquisition("a", hold: Self.exponential(1_000))),
        .run(Self.exponential(5_000)), .acquire(Acquisition("b", hold: Self.exponential(700))),
      ], customers: customers)
    let exact = MeanValueAnalysis(
      stations: [
        Station("a", demand: Nanoseconds(1_000)), Station("b", demand: Nanoseconds(700)),
      ], customers: customers, think: Nanoseconds(25_000))
    expectMeet(found.throughputPerSecond, exact.throughput, "\(customers) customers")
    for (index, lock) in found.classes.enumerated() {
      #expect(abs(lock.utilization - exact.utilization[index]) < 0.02)
      let demand = index == 0 ? 1_000.0 : 700
      let wait = exact.residence[index].value - demand
      #expect(abs(lock.waitNsMean - wait) < 0.05 * (wait + demand))
    }
  }

  @Test("constant holds, as M/D/1//N", arguments: [2, 8, 16, 64])
  func constantHolds(customers: Int) async throws {
    let found = try await point(
      [LockClass(name: "a", kind: .spinlock, scope: .image)],
      [
        .run(Self.exponential(10_000)),
        .acquire(Acquisition("a", hold: .constant(Nanoseconds(1_000)))),
      ], customers: customers)
    let exact = FiniteSource.solve(
      customers: customers, think: Nanoseconds(10_000), service: Nanoseconds(1_000),
      shape: .constant)
    expectMeet(found.throughputPerSecond, exact.throughput, "\(customers) customers")
    #expect(abs(found.classes[0].utilization - exact.utilization) < 0.02)
  }

  @Test("a service OSlet of two CPUs with free messages, as M/M/2//N", arguments: [2, 8, 24])
  func service(customers: Int) async throws {
    let layout = Layout(
      name: "service", partition: .uniform(count: 1, size: customers),
      services: [Service(group: "fs", count: 1, size: 2)],
      policies: ["a": PolicyOverride(.owned, message: .polled)])
    let found = try await point(
      [LockClass(name: "a", kind: .rcu, scope: .image, group: "fs")],
      [.run(Self.exponential(8_000)), .acquire(Acquisition("a", hold: Self.exponential(1_000)))],
      customers: customers, layout: layout, cpus: customers + 2)
    let exact = multiserverRepairman(
      customers: customers, think: Nanoseconds(8_000), service: Nanoseconds(1_000), servers: 2)
    expectMeet(found.throughputPerSecond, exact.throughput, "\(customers) customers")
    #expect(abs(found.crossingShare - 1) < 0.01)
  }

  @Test("a ticket lock's hand-over, as a server whose service grows with its queue")
  func ticket() async throws {
    // Exponential holds plus 50 ns x (2 + (k - 2) / 2) when k customers are present and one leaves.
    let customers = 48
    let found = try await point(
      [LockClass(name: "a", kind: .ticket, scope: .image, lines: 2)],
      [.run(Self.exponential(20_000)), .acquire(Acquisition("a", hold: Self.exponential(1_000)))],
      customers: customers)
    let exact = stateDependentRepairman(
      customers: customers, think: Nanoseconds(20_000),
      service: { 1_000 + 50 * (2 + Double(max(0, $0 - 1)) / 2) })
    // The chain charges the queue as it changes, the lock as it was at the hand-over: 2 %.
    #expect(abs(found.throughputPerSecond.value / exact.throughput.perSecond - 1) < 0.02)
  }
}
