import Measures
import Queueing
import Replay
import Testing
import Workloads

/// The two engines know nothing of each other; here they predict the same scenarios.
@Suite("Replay and closed form")
struct EngineAgreementTests {
  static let machine = Machine(
    name: "test", topology: Topology(sockets: 4, islandsPerSocket: 4, coresPerIsland: 8),
    lineTransfer: .levels(
      smt: Nanoseconds(10), island: Nanoseconds(25), socket: Nanoseconds(60),
      cross: Nanoseconds(150)),
    interrupt: InterruptCost(
      send: Nanoseconds(300), deliver: Nanoseconds(900), acknowledge: Nanoseconds(500)),
    message: MessageCost(polled: Nanoseconds(400), notified: Nanoseconds(2_000)))

  /// A workload, a layout, and how far the engines may differ beyond the replay's interval.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var classes: [LockClass] = []
    var loop: [Step]
    var layout = Layout.one
    var cpus = [4, 48]
    var allowance = 0.03
    var testDescription: String { name }
  }

  static func exponential(_ mean: Double) -> Distribution { .exponential(mean: Nanoseconds(mean)) }

  static func lock(
    _ name: String, _ kind: LockKind = .spinlock, _ scope: Scope = .image, lines: Double = 0,
    instances: Int = 1
  ) -> LockClass {
    LockClass(name: name, kind: kind, scope: scope, instances: instances, lines: lines)
  }

  static func run(_ mean: Double) -> Step { .run(exponential(mean)) }

  static func take(
    _ name: String, _ hold: Double, _ mode: LockMode? = nil, _ nested: [Step] = []
  ) -> Step {
    .acquire(Acquisition(name, mode: mode, hold: exponential(hold), nested: nested))
  }

  static func interrupt(_ targets: Interrupt.Targets, waits: Bool) -> Step {
    .ipi(
      Interrupt(
        targets: targets, function: "f", waits: waits, handler: .constant(Nanoseconds(500))))
  }

  static func eights(_ policy: PolicyOverride) -> Layout {
    Layout(partition: .uniform(count: nil, size: 8), policies: ["g": policy])
  }

  static let cases: [Case] = [
    Case(
      name: "machine repairman", classes: [lock("a")], loop: [run(20_000), take("a", 1_000)],
      allowance: 0.01),
    Case(
      name: "constant hold", classes: [lock("a")],
      loop: [
        run(20_000), .acquire(Acquisition("a", hold: .constant(Nanoseconds(1_000)))),
      ], allowance: 0.01),
    Case(
      name: "two locks", classes: [lock("a"), lock("b")],
      loop: [run(20_000), take("a", 500), take("b", 900)], allowance: 0.01),
    Case(
      name: "queued lock with lines", classes: [lock("a", lines: 2)],
      loop: [run(10_000), take("a", 200)]),
    Case(
      name: "ticket lock with lines", classes: [lock("a", .ticket, lines: 2)],
      loop: [run(10_000), take("a", 200)], allowance: 0.08),
    Case(
      name: "test-and-set with lines", classes: [lock("a", .tas, lines: 2)],
      loop: [run(10_000), take("a", 200)], allowance: 0.08),
    Case(
      name: "NUMA-aware with lines", classes: [lock("a", .cna, lines: 2)],
      loop: [run(10_000), take("a", 200)], allowance: 0.06),
    Case(
      name: "hash of 16 locks", classes: [lock("a", lines: 1, instances: 16)],
      loop: [run(3_000), take("a", 300)]),
    Case(
      name: "nested locks", classes: [lock("a"), lock("b")],
      loop: [run(20_000), take("a", 300, nil, [take("b", 400)]), run(5_000), take("b", 200)],
      allowance: 0.08),
    Case(
      name: "bare counter", classes: [lock("a", .counter, lines: 1)],
      loop: [run(5_000), .touch("a")], allowance: 0.06),
    Case(
      name: "readers and writers", classes: [lock("a", .rwlock, lines: 1)],
      loop: [run(5_000), take("a", 500, .read), run(45_000), take("a", 500, .write)],
      allowance: 0.06),
    Case(name: "interrupts to one", loop: [run(10_000), interrupt(.one, waits: false)]),
    Case(name: "interrupts to all", loop: [run(100_000), interrupt(.all, waits: true)]),
    Case(
      name: "private", classes: [lock("g", lines: 1)], loop: [run(4_000), take("g", 1_000)],
      layout: eights(PolicyOverride(.private))),
    Case(
      name: "private, one in ten elsewhere", classes: [lock("g", lines: 1)],
      loop: [run(10_000), take("g", 300)],
      layout: eights(PolicyOverride(.private, message: .polled, crossingShare: 0.1))),
    Case(
      name: "owned, notified", classes: [lock("g", lines: 1)],
      loop: [run(100_000), take("g", 300)],
      layout: eights(PolicyOverride(.owned, message: .notified))),
    Case(
      name: "owned, polled", classes: [lock("g", lines: 1)],
      loop: [run(100_000), take("g", 300)],
      layout: eights(PolicyOverride(.owned, message: .polled)), allowance: 0.05),
    Case(
      name: "door", classes: [lock("g", lines: 1)], loop: [run(100_000), take("g", 300)],
      layout: eights(PolicyOverride(.door))),
    Case(
      name: "striped", classes: [lock("g", lines: 1)], loop: [run(100_000), take("g", 300)],
      layout: eights(PolicyOverride(.striped, message: .polled, stripes: 4)), allowance: 0.05),
    Case(
      name: "replicated", classes: [lock("g", lines: 1)], loop: [run(10_000), take("g", 300)],
      layout: eights(PolicyOverride(.replicated))),
    Case(
      name: "hardware-shared", classes: [lock("g", lines: 1)],
      loop: [run(10_000), take("g", 300)], layout: eights(PolicyOverride(.hardwareShared))),
  ]

  @Test("throughput agrees within the replay's interval and the stated allowance", arguments: cases)
  func throughput(example: Case) async throws {
    let workload = Workload(
      name: "w", recordedCPUs: 1, classes: example.classes,
      tasks: [TaskGroup(name: "t", count: 1, loop: example.loop)])
    // Of three short replications one interval in ten is to the side of the truth: more and longer ones.
    let precision = Precision(
      relativeHalfWidth: 0.02, replications: 6, events: 12_000, eventsPerCPU: 160,
      maximumEvents: 100_000)
    for cpus in example.cpus {
      let scenario = try Scenario(
        workload: workload, machine: Self.machine, layout: example.layout, cpus: cpus,
        load: .replicate)
      let played = await Replayer(seed: 3, precision: precision).point(scenario)
        .throughputPerSecond
      let solved = ClosedFormEngine().point(scenario).throughputPerSecond.value
      let room = example.allowance * played.value
      #expect(
        (played.low - room...played.high + room).contains(solved),
        "\(cpus) CPUs: replay \(played), closed form \(solved)")
    }
  }
}
