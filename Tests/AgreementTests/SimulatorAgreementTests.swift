import Measures
import Replay
import Testing
import Workloads

/// The replay against SimPy, which knows nothing of it: models with a queue discipline that no closed
/// form covers.
@Suite(
  .enabled(if: Oracle.python != nil, "needs python3 with simpy; make test installs both"))
struct SimulatorAgreementTests {
  /// A model that `oracle.py` plays under the same name.
  struct Model: CustomTestStringConvertible {
    var name: String
    var customers = 8
    var cpus = 8
    var classes: [LockClass]
    var loop: [Step]
    var layout = Layout.one
    var testDescription: String { name }
  }

  static func exponential(_ mean: Double) -> Distribution { .exponential(mean: Nanoseconds(mean)) }

  static let models: [Model] = [
    Model(
      name: "constant-hold", classes: [LockClass(name: "a", kind: .spinlock, scope: .image)],
      loop: [
        .run(exponential(10_000)), .acquire(Acquisition("a", hold: .constant(Nanoseconds(1_000)))),
      ]),
    Model(
      name: "nested",
      classes: [
        LockClass(name: "outer", kind: .mcs, scope: .image),
        LockClass(name: "inner", kind: .spinlock, scope: .image, instances: 2),
      ],
      loop: [
        .run(exponential(10_000)),
        .acquire(
          Acquisition(
            "outer", hold: exponential(500),
            nested: [.acquire(Acquisition("inner", hold: exponential(700)))])),
        .run(exponential(3_000)),
        .acquire(Acquisition("inner", hold: exponential(700))),
      ]),
    Model(
      name: "readers-writers", classes: [LockClass(name: "a", kind: .rwlock, scope: .image)],
      loop: [LockMode.read, .read, .read, .write].flatMap { mode in
        [
          .run(exponential(5_000)),
          .acquire(Acquisition("a", mode: mode, hold: exponential(1_000))),
        ] as [Step]
      }),
    Model(
      name: "random-order", classes: [LockClass(name: "a", kind: .tas, scope: .image)],
      loop: [
        .run(exponential(10_000)),
        .acquire(Acquisition("a", hold: .logNormal(mean: Nanoseconds(1_000), variation: 1))),
      ]),
    Model(
      name: "service", cpus: 10,
      classes: [LockClass(name: "a", kind: .rcu, scope: .image, group: "fs")],
      loop: [.run(exponential(4_000)), .acquire(Acquisition("a", hold: exponential(1_000)))],
      layout: Layout(
        name: "service", partition: .uniform(count: nil, size: 8),
        services: [Service(group: "fs", count: 1, size: 2)],
        policies: ["a": PolicyOverride(.owned, message: .polled)])),
    Model(
      name: "moving-line",
      classes: [LockClass(name: "a", kind: .spinlock, scope: .image, lines: 3)],
      loop: [.run(exponential(4_000)), .acquire(Acquisition("a", hold: exponential(500)))]),
    Model(
      name: "ticket", classes: [LockClass(name: "a", kind: .ticket, scope: .image, lines: 2)],
      loop: [.run(exponential(4_000)), .acquire(Acquisition("a", hold: exponential(700)))]),
    Model(
      name: "numa-hand-over",
      classes: [LockClass(name: "a", kind: .cna, scope: .image, lines: 2)],
      loop: [.run(exponential(4_000)), .acquire(Acquisition("a", hold: exponential(700)))]),
    Model(
      name: "sleeping-hand-off", classes: [LockClass(name: "a", kind: .rtmutex, scope: .image)],
      loop: [.run(exponential(10_000)), .acquire(Acquisition("a", hold: exponential(1_000)))]),
  ]

  /// Sockets of four cores, 50 ns within and 150 across; a polled round trip of 400 ns; a NUMA-aware lock
  /// stays on a socket for 20 us.
  static let machine = Machine(
    name: "test", topology: Topology(sockets: 4, coresPerIsland: 4),
    lineTransfer: .levels(
      smt: Nanoseconds(10), island: Nanoseconds(50), socket: Nanoseconds(50),
      cross: Nanoseconds(150)),
    interrupt: InterruptCost(
      send: Nanoseconds(300), deliver: Nanoseconds(900), acknowledge: Nanoseconds(500)),
    message: MessageCost(polled: Nanoseconds(400), notified: Nanoseconds(2_000)),
    constants: ["cna_threshold_ns": 20_000])

  @Test("the intervals of both simulators meet", arguments: models)
  func meets(model: Model) async throws {
    let workload = Workload(
      name: model.name, recordedCPUs: 1, classes: model.classes,
      tasks: [TaskGroup(name: "t", count: model.customers, loop: model.loop)])
    let scenario = try Scenario(
      workload: workload, machine: Self.machine, layout: model.layout, cpus: model.cpus,
      load: .fixed)
    let precision = Precision(
      relativeHalfWidth: 0, replications: 5, events: 40_000, maximumEvents: 200_000)
    let ours = await Replayer(precision: precision).point(scenario).throughputPerSecond
    let theirs = try Oracle.throughput(model.name, customers: model.customers)
    #expect(
      ours.low <= theirs.high && theirs.low <= ours.high,
      "replay \(ours.low)...\(ours.high), SimPy \(theirs.low)...\(theirs.high)")
    #expect(abs(ours.value / theirs.value - 1) < 0.02)
  }
}
