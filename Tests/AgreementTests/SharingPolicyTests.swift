import Measures
import Queueing
import Replay
import Testing
import Workloads

/// Every sharing policy against a closed form worked by hand from the message model of docs/model.md:
/// both engines have to give it.
///
/// The machine moves a line in 50 ns within its socket; a polled round trip takes 400 ns, of which the
/// owner reads the request and writes the reply in 100 each.
@Suite("Sharing policies by hand")
struct SharingPolicyTests {
  static let line = 50.0
  static let polled = 400.0
  static let notified = 2_000.0
  static let doorSwitch = 250.0

  static let machine = Machine(
    name: "hand", topology: Topology(sockets: 1, coresPerIsland: 1_024),
    lineTransfer: .levels(
      smt: Nanoseconds(line), island: Nanoseconds(line), socket: Nanoseconds(line),
      cross: Nanoseconds(line)),
    interrupt: InterruptCost(
      send: Nanoseconds(300), deliver: Nanoseconds(900), acknowledge: Nanoseconds(500)),
    message: MessageCost(polled: Nanoseconds(polled), notified: Nanoseconds(notified)),
    constants: ["address_space_switch_ns": doorSwitch])

  static let think = 10_000.0
  static let hold = 1_000.0

  /// `tasks` tasks that think and hold the one lock of the image, constant spans or exponential ones.
  static func workload(
    tasks: Int, think: Double = think, constant: Bool = true, lines: Double = 0, locks: Bool = true
  ) -> Workload {
    func span(_ ns: Double) -> Distribution {
      constant ? .constant(Nanoseconds(ns)) : .exponential(mean: Nanoseconds(ns))
    }
    return Workload(
      name: "hand", recordedCPUs: tasks,
      classes: [
        LockClass(name: "a", kind: .spinlock, scope: .image, lines: lines, group: "served")
      ],
      tasks: [
        TaskGroup(
          name: "t", count: tasks,
          loop: [.run(span(think))] + (locks ? [.acquire(Acquisition("a", hold: span(hold)))] : []))
      ])
  }

  static func layout(
    _ size: Int, _ policy: PolicyOverride, servers: Int = 0, of cpus: Int = 1
  ) -> Layout {
    Layout(
      name: "hand", partition: .uniform(count: nil, size: size),
      services: servers > 0 ? [Service(group: "served", count: servers, size: cpus)] : [],
      policies: ["a": policy])
  }

  /// Operations a second by both engines; constant spans need few events, random ones many.
  static func throughput(
    _ workload: Workload, _ layout: Layout, cpus: Int, events: Int = 2_000
  ) async throws -> (replay: PredictionPoint, model: PredictionPoint) {
    let scenario = try Scenario(
      workload: workload, machine: machine, layout: layout, cpus: cpus, load: .fixed)
    let precision = Precision(
      replications: 2, events: events, eventsPerCPU: 0, maximumEvents: 2 * events)
    return (
      await Replayer(seed: 5, precision: precision).point(scenario),
      ClosedFormEngine().point(scenario)
    )
  }

  /// Expects both engines within `share` of `expected` operations a second.
  static func expect(
    _ found: (replay: PredictionPoint, model: PredictionPoint), _ expected: Double,
    within share: Double = 0.01, model: Double? = nil, _ place: SourceLocation = #_sourceLocation
  ) {
    let replay = found.replay.throughputPerSecond.value / expected - 1
    let solved = found.model.throughputPerSecond.value / expected - 1
    #expect(abs(replay) < share, "replay is off by \(replay)", sourceLocation: place)
    #expect(abs(solved) < model ?? share, "the model is off by \(solved)", sourceLocation: place)
  }

  @Test("private: sixteen OSlets of four are sixteen machines of four, M/M/1//4 each")
  func isPrivate() async throws {
    let found = try await Self.throughput(
      Self.workload(tasks: 64, constant: false), Self.layout(4, PolicyOverride(.private)), cpus: 64,
      events: 80_000)
    // The machine repairman, by its sum over states (Kleinrock, Queueing Systems 1, section 3.8).
    var terms = [1.0]
    for busy in 1...4 { terms.append(terms[busy - 1] * Double(5 - busy) * Self.hold / Self.think) }
    let each = (1 - 1 / terms.reduce(0, +)) * 1e9 / Self.hold
    Self.expect(found, 16 * each)
    #expect(found.replay.messagesPerSecond == 0)
  }

  @Test("owned: one client pays think, hold and a round trip; forty saturate the one owner")
  func owned() async throws {
    let layout = Self.layout(1, PolicyOverride(.owned, message: .polled), servers: 1)
    let alone = try await Self.throughput(Self.workload(tasks: 1), layout, cpus: 2)
    Self.expect(alone, 1e9 / (Self.think + Self.hold + Self.polled), model: 0.02)
    #expect(abs(alone.replay.crossingShare - 1) < 1e-9)
    let crowd = try await Self.throughput(
      Self.workload(tasks: 40), layout, cpus: 41, events: 10_000)
    // The owner's CPU reads, serves and replies, one request after the other.
    Self.expect(crowd, 1e9 / (Self.hold + Self.polled / 2), within: 0.02, model: 0.05)
  }

  @Test("door: the caller switches address space twice and sends nothing")
  func door() async throws {
    let layout = Self.layout(1, PolicyOverride(.door), servers: 1)
    let alone = try await Self.throughput(Self.workload(tasks: 1), layout, cpus: 2)
    Self.expect(alone, 1e9 / (Self.think + Self.hold + 2 * Self.doorSwitch))
    #expect(alone.replay.messagesPerSecond == 0 && alone.replay.crossingShare > 0.99)
    let crowd = try await Self.throughput(
      Self.workload(tasks: 40), layout, cpus: 41, events: 10_000)
    // Everybody's contention for the owner's lock, whoever runs it; a switch may fall into the hold.
    for point in [crowd.replay, crowd.model] {
      let rate = point.throughputPerSecond.value
      #expect(rate <= 1.02e9 / Self.hold && rate >= 0.98e9 / (Self.hold + Self.doorSwitch))
    }
  }

  @Test("replicated: readers of a replica pay nothing, a write reaches the three others in turn")
  func replicated() async throws {
    let layout = Self.layout(2, PolicyOverride(.replicated))
    let write = try await Self.throughput(Self.workload(tasks: 1), layout, cpus: 8)
    // The last of three requests leaves after 300 and travels 100; it is read, applied and answered in
    // 100 + 1,000 + 100; the answer travels 100.
    Self.expect(write, 1e9 / (Self.think + Self.hold + 400 + 1_200 + 100), model: 0.02)
    var readers = Self.workload(tasks: 8)
    readers.classes[0].kind = .rwlock
    readers.classes[0].mode = .read
    let read = try await Self.throughput(readers, layout, cpus: 8)
    Self.expect(read, 8e9 / (Self.think + Self.hold))
    #expect(read.replay.messagesPerSecond == 0)
  }

  @Test("striped: three quarters of the operations on four owners cross, each for a round trip")
  func striped() async throws {
    let layout = Self.layout(1, PolicyOverride(.striped, message: .notified, stripes: 4))
    let found = try await Self.throughput(Self.workload(tasks: 1), layout, cpus: 4, events: 40_000)
    Self.expect(found, 1e9 / (Self.think + Self.hold + 0.75 * Self.notified), model: 0.02)
    #expect(abs(found.replay.crossingShare - 0.75) < 0.02)
    #expect(abs(found.model.crossingShare - 0.75) < 1e-9)
  }

  @Test(
    "hardware-shared: a saturated lock hands over every hold and two lines, wherever its users are")
  func hardwareShared() async throws {
    let workload = Self.workload(tasks: 64, lines: 2)
    let apart = try await Self.throughput(
      workload, Self.layout(1, PolicyOverride(.hardwareShared)), cpus: 64, events: 10_000)
    Self.expect(apart, 1e9 / (Self.hold + 2 * Self.line), within: 0.02, model: 0.03)
    #expect(apart.replay.messagesPerSecond == 0 && apart.replay.crossingShare == 0)
    let together = try await Self.throughput(workload, .one, cpus: 64, events: 10_000)
    Self.expect(together, apart.replay.throughputPerSecond.value, within: 0.02, model: 0.03)
  }

  @Test("physical: what no lock and no message guards is N / think under every layout")
  func physical() async throws {
    let workload = Self.workload(tasks: 64, locks: false)
    for layout in ["one", "1x", "4x", "16x", "by=l3"] {
      let found = try await Self.throughput(workload, try Layout(layout), cpus: 64)
      Self.expect(found, 64e9 / Self.think, within: 0.005)
    }
  }
}
