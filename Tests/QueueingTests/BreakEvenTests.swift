import Measures
import Queueing
import Testing
import Workloads

/// The one case whose break-even is arithmetic.
///
/// One image of N CPUs completes an operation a hold time h. With an OSlet a CPU the lock is private, a turn takes z + h, and p notified round trips R on top of it; the wait at a
/// lock that is busy 1/N of the time is left out. The gain ends where N / (z + h + p R) = 1 / h.
@Suite("Break-even of one saturated lock")
struct BreakEvenTests {
  static let cpus = 32
  static let think = 10_000.0
  static let hold = 1_000.0

  static let workload = Workload(
    name: "saturated", recordedCPUs: 1,
    classes: [EngineTests.lock("a"), EngineTests.lock("b", scope: .process)],
    tasks: [
      TaskGroup(
        name: "t", count: 1,
        loop: [
          .run(EngineTests.exponential(think)),
          EngineTests.take("a", EngineTests.exponential(hold)),
        ])
    ])

  static func machine(notified: Double) -> Machine {
    var machine = EngineTests.machine
    machine.message = MessageCost(polled: Nanoseconds(0), notified: Nanoseconds(notified))
    machine.constants = ["idle_exit_ns": 0, "wake_ns": 0]
    return machine
  }

  static func find(
    notified: Double = 100_000, layout: String = "1x", crossing: Double = 0.01,
    workload: Workload = workload, gain: Interval? = nil
  ) throws -> BreakEvenSearch.Result? {
    try BreakEvenSearch(workload, on: machine(notified: notified), cpus: cpus, load: .replicate)
      .find(Layout(layout), crossing: crossing, gain: gain)
  }

  /// p R in nanoseconds.
  static let budget = Double(cpus) * hold - think - hold

  @Test("the crossing share is (N h - z - h) / R", arguments: [30_000, 100_000, 1_000_000, 1e7])
  func share(roundTrip: Double) throws {
    let found = try #require(try Self.find(notified: roundTrip)?.crossingShare)
    let expected = Self.budget / roundTrip
    #expect(abs(found.value / expected - 1) < 0.02, "\(found.value) against \(expected)")
    #expect(found.low <= found.value && found.value <= found.high)
  }

  @Test("the round trip is (N h - z - h) / p", arguments: [0.01, 0.1, 0.5])
  func roundTrip(share: Double) throws {
    let found = try #require(try Self.find(crossing: share)?.roundTripNs)
    let expected = Self.budget / share
    #expect(abs(found.value / expected - 1) < 0.02, "\(found.value) against \(expected)")
  }

  @Test("a gain that another engine found is gone at (z + h) (G - 1) / R", arguments: [1.5, 2, 4])
  func statedGain(gain: Double) throws {
    let interval = Interval(value: gain, low: gain * 0.9, high: gain * 1.1)
    let found = try #require(try Self.find(notified: 1e6, gain: interval)?.crossingShare)
    let expected = (Self.think + Self.hold) * (gain - 1) / 1e6
    #expect(abs(found.value / expected - 1) < 0.02, "\(found.value) against \(expected)")
    #expect(found.low < found.value && found.value < found.high)
  }

  @Test("a message cheaper than the wait it saves never eats the gain")
  func never() throws {
    let found = try #require(try Self.find(notified: 10_000))
    #expect(found.crossingShare == nil)
    #expect(found.roundTripNs != nil)
  }

  @Test("one image, and locks that nobody outside a process takes, have no break-even")
  func nothingCrosses() throws {
    #expect(try Self.find(layout: "one") == nil)
    #expect(try Self.find(layout: "one+numa-handover") == nil)
    var own = Self.workload
    own.classes[0].scope = .process
    #expect(try Self.find(workload: own) == nil)
  }

  @Test("the interval holds the point, and without a gain it is zero")
  func noGain() throws {
    var idle = Self.workload
    idle.tasks[0].loop[0] = .run(EngineTests.exponential(1e9))
    let found = try #require(try Self.find(layout: "2x", workload: idle)?.crossingShare)
    #expect(found.low == 0)
    #expect(found.contains(found.value))
  }
}
