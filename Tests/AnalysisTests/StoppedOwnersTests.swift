import Foundation
import Measures
import Testing
import TraceFormat
import Workloads

@testable import Analysis

@Suite("Stopped owners")
struct StoppedOwnersTests {
  /// Four tasks that take one mutex for 3 us and then compute for 12, and lose their CPU for 300 us now
  /// and then.
  private static func simulated(names: Bool = true) -> SimulatedTasks {
    var simulated = SimulatedTasks(
      tasks: Array(
        repeating: [.compute(12_000), .lock(0), .compute(3_000), .unlock(0)], count: 4))
    simulated.locks = 1
    simulated.sliceNs = 200_000
    simulated.stopNs = 300_000
    simulated.namesOwners = names
    return simulated
  }

  @Test("as many owners are found stopped as hold the lock", arguments: [1, 2, 3])
  func share(_ seed: UInt64) throws {
    let trace = Self.simulated().run(contentions: 40_000, seed: seed)
    var analyzer = Analyzer(facts: trace.facts)
    for event in trace.events { analyzer.add(event) }
    analyzer.closeSegments()
    var waits = PairTally()
    for wait in analyzer.pairing.waits { waits.add(wait.task, 0) }
    let sample = try #require(
      analyzer.stopped.samples(
        analyzer.tasks.tasks, waits: waits.entries, classOf: [0], families: [.mutex])[0])
    // 3 us of the 15 that are not spun: who spins is not stopped here.
    let tasks = analyzer.tasks.tasks.filter { $0.id >= 100 }
    let stops = tasks.reduce(0) { $0 + Double($1.stops) }
    let ran = tasks.reduce(0) { $0 + Double($1.ran) }
    #expect(sample.found > 500)
    #expect(abs(sample.found / stops / 0.2 - 1) < 0.15, "\(sample.found) of \(stops)")
    #expect(abs(sample.rate / (stops / ran) - 1) < 0.05)
    let lengths = sample.lengths
    #expect(abs(lengths.sums.sum() / lengths.counts.sum() / 300_000 - 1) < 0.01)
  }

  @Test(
    "an owner whose way back to its CPU is missing was not found stopped", arguments: [false, true])
  func missing(isLost: Bool) {
    var facts = TraceFacts.unknown
    facts.topology = TopologyFacts(
      online: [0, 1], core: [0, 1], cache: [0, 0], node: [0, 0], socket: [0, 0])
    func event(
      _ time: UInt64, _ cpu: UInt16, _ task: Int32, _ kind: EventKind, a: UInt64 = 0,
      value: UInt32 = 0
    ) -> Event {
      Event(
        time: TraceTime(nanosecondsSinceBoot: time), cpu: cpu, task: TaskID(task), kind: kind, a: a,
        value: value)
    }
    let flags = LockFlags([.spin, .mutex]).rawValue
    var named = event(20_000, 1, 101, .contentionBegin, a: 0x1000, value: flags)
    named.owner = LockOwner(task: TaskID(100))
    var events = [event(10_000, 0, 100, .schedSwitch, a: 10), named]
    if isLost {
      // It came back before it was named, and left once more.
      events.append(
        event(25_000, 0, 0, .gap, a: 1, value: UInt32(EventKind.schedSwitch.rawValue)))
      events.append(event(28_000, 0, 100, .schedSwitch, a: 10))
    }
    events.append(event(30_000, 0, 10, .schedSwitch, a: 100, value: 1))
    var analyzer = Analyzer(facts: facts)
    for event in events { analyzer.add(event) }
    #expect(analyzer.stopped.found.entries.map(\.count) == (isLost ? [] : [1]))
  }

  @Test("spinlocks, and traces that name no owner, are not corrected")
  func unnamed() {
    let trace = Self.simulated(names: false).run(contentions: 4_000, seed: 1)
    var analyzer = Analyzer(facts: trace.facts)
    for event in trace.events { analyzer.add(event) }
    func sample(_ family: LockFamily, _ analyzer: borrowing Analyzer) -> StoppedOwners.Sample? {
      var waits = PairTally()
      for wait in analyzer.pairing.waits { waits.add(wait.task, 0) }
      return analyzer.stopped.samples(
        analyzer.tasks.tasks, waits: waits.entries, classOf: [0], families: [family])[0]
    }
    #expect(analyzer.stopped.found.entries.isEmpty)
    #expect(sample(.mutex, analyzer) == nil)
    let named = Self.simulated().run(contentions: 4_000, seed: 1)
    analyzer = Analyzer(facts: named.facts)
    for event in named.events { analyzer.add(event) }
    #expect(sample(.mutex, analyzer) != nil)
    #expect(sample(.spinlock, analyzer) == nil)
  }

  @Test("owners found stopped correct a hold as far as they say more")
  func weighed() throws {
    var customers = CustomerCount()
    for task in 0..<4 {
      customers.add(unit: 0, task: Int32(task), cpu: UInt16(task), alive: 1)
    }
    var demand = ClassDemand(
      scope: .image, regime: .everyWaiter, family: .mutex, members: [0], contentions: [50_000],
      unit: { _ in 0 }, customers: customers,
      hold: HoldEstimate(backlogs: [], waits: Array(repeating: 2_000, count: 100)),
      occupied: HoldEstimate(backlogs: [], waits: Array(repeating: 2_000, count: 100)),
      meanWait: 3_000, duration: 1e9)
    demand.error = 0.5
    let hold = try #require(demand.hold?.mean)
    // A stop in a millisecond of CPU time, long enough for others to come.
    var sample = StoppedOwners.Sample()
    sample.rate = 1e-6
    // Acquisitions a second, for one second, times nanoseconds held.
    let expected = demand.acquisitionRate * hold * sample.rate
    func corrected(found: Double, _ length: Double = 1e7) throws -> Double {
      var changed = demand
      sample.found = found
      sample.lengths = StopLengths()
      sample.lengths.add(UInt64(length))
      changed.correct(by: sample, writers: 1)
      #expect(changed.error <= demand.error)
      return try #require(changed.hold?.mean) / hold
    }
    // As many as expected change nothing; twice as many nearly double it, none nearly end it.
    #expect(abs(try corrected(found: expected) - 1) < 1e-6)
    let spread = 1 + expected / 100
    let due = expected / spread
    #expect(abs(try corrected(found: 2 * expected) - (4 + 2 * due) / (4 + due)) < 1e-6)
    #expect(abs(try corrected(found: 0) - 4 / (4 + due)) < 1e-6)
    #expect(due > 20)
    // Where nobody can have come, none found says nothing.
    #expect(abs(try corrected(found: 0, 0) - 1) < 1e-6)
  }
}
