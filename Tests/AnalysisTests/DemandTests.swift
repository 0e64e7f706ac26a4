import Analysis
import Foundation
import Measures
import Testing
import TraceFormat

@Suite("Inferring hold and think time")
struct DemandTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var lock: SimulatedLock
    /// Allowed relative error of hold, think time and acquisition rate.
    var within = 0.1
    var testDescription: String { name }
  }

  static let skewed: @Sendable (inout SeededGenerator) -> Double = { generator in
    // One hold in ten is long: mean 1,000, squared variation 5.2.
    generator.unit() < 0.1 ? -6_000 * log(1 - generator.unit()) : -444 * log(1 - generator.unit())
  }

  static let cases = [
    Case(name: "busy, exponential", lock: SimulatedLock(customers: 8)),
    Case(name: "half busy", lock: SimulatedLock(customers: 4, think: 30_000)),
    Case(
      name: "constant holds",
      lock: SimulatedLock(customers: 8, think: 12_000, hold: { _ in 1_000 })),
    Case(name: "skewed holds", lock: SimulatedLock(customers: 8, think: 20_000, hold: skewed)),
    Case(
      name: "first waiter unseen",
      lock: SimulatedLock(customers: 8, tracesFirstWaiter: false)),
    Case(
      name: "first waiter unseen, skewed",
      lock: SimulatedLock(customers: 16, think: 40_000, hold: skewed, tracesFirstWaiter: false)),
    Case(name: "one event in a hundred lost", lock: SimulatedLock(customers: 8, loss: 0.01)),
    Case(
      name: "saturated", lock: SimulatedLock(customers: 16, think: 8_000, hold: { _ in 1_000 }),
      within: 0.15),
    Case(
      name: "a hash table of 16 locks",
      lock: SimulatedLock(customers: 16, instances: 16, think: 2_000)),
    Case(name: "two CPUs", lock: SimulatedLock(customers: 2), within: 0.15),
    Case(
      name: "two CPUs, constant holds",
      lock: SimulatedLock(customers: 2, hold: { _ in 1_000 }), within: 0.15),
    Case(
      name: "two CPUs, skewed holds", lock: SimulatedLock(customers: 2, hold: skewed),
      within: 0.25),
  ]

  @Test("finds the truth behind what a kernel traces", arguments: cases)
  func roundTrip(_ wanted: Case) throws {
    let truth = wanted.lock.run(seed: 7)
    let found = truth.trace.analyzed()
    let row = try #require(found.classes.first)
    func expect(_ found: Double, _ truth: Double, _ what: Comment) {
      #expect(abs(found / truth - 1) < wanted.within, what)
    }
    expect(row.hold.mean, truth.meanHold, "hold \(row.hold.mean) for \(truth.meanHold)")
    expect(row.thinkNs, truth.meanThink, "think \(row.thinkNs) for \(truth.meanThink)")
    expect(
      row.acquisitionsPerSecond, truth.rate,
      "rate \(row.acquisitionsPerSecond) for \(truth.rate)")
    if let predicted = row.predictedWaitNs {
      expect(predicted, row.wait.mean, "wait \(predicted) for \(row.wait.mean)")
    } else {
      #expect(wanted.lock.customers == 2, "only two CPUs never queue")
    }
  }

  @Test("tells the demands on several classes apart", arguments: [true, false])
  func classes(tracesFirstWaiter: Bool) throws {
    let truth = SimulatedLock(
      customers: 12, shares: [5, 3, 1, 1], holdFactors: [0.3, 1, 4, 0.5], think: 6_000,
      tracesFirstWaiter: tracesFirstWaiter, acquisitions: 80_000
    ).run(seed: 11)
    let found = truth.trace.analyzed()
    let seen = found.classes.filter { $0.contentions >= 500 }
    #expect(seen.count >= 2)
    for row in seen {
      let index = try #require(Int(row.name.dropFirst(5)))
      let hold = row.hold.mean / truth.holds[index]
      let rate = row.acquisitionsPerSecond / truth.rates[index]
      #expect(abs(hold - 1) < 0.1, "\(row.name): hold \(hold)")
      #expect(abs(rate - 1) < 0.15, "\(row.name): rate \(rate)")
    }
  }

  @Test("a hand-over counts only where the next owner was already waiting")
  func backlogRule() throws {
    // 8 waits for whoever has it; 9 begins after 8 got it, so the time between their ends says
    // nothing of one hold; 10 waited before 9 got it, and gives one span of 300 ns.
    let found = try analyze(
      "regime spinlock every waiter\n"
        + (10..<35).map { round in
          """
          1.0\(round)000000 [1] tid=8 contention_begin lock=0xa0 flags=SPIN
          1.0\(round)000100 [1] tid=8 contention_end lock=0xa0 ret=0
          1.0\(round)000200 [2] tid=9 contention_begin lock=0xa0 flags=SPIN
          1.0\(round)000250 [3] tid=10 contention_begin lock=0xa0 flags=SPIN
          1.0\(round)000400 [2] tid=9 contention_end lock=0xa0 ret=0
          1.0\(round)000700 [3] tid=10 contention_end lock=0xa0 ret=0

          """
        }.joined())
    let hold = try #require(found.classes.first?.hold)
    #expect(hold.samples == 25 && hold.mean == 300 && hold.source == "backlog")
  }
}
