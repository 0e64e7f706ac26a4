import Measures
import Testing
import TraceFormat
import Workloads

@testable import Analysis

@Suite("Owners that sleep")
struct OwnerSleepTests {
  /// Four tasks that compute 12 us and hold one mutex for 3 us; in every fourth hold they sleep 50 us for
  /// something else, and get a CPU 200 us after that.
  private static let simulated: SimulatedTasks = {
    var simulated = SimulatedTasks(
      tasks: Array(
        repeating: [
          .compute(12_000), .lock(0), .compute(3_000), .sleep(50_000, share: 0.25), .unlock(0),
        ], count: 4))
    simulated.locks = 1
    simulated.wakeNs = 200_000
    return simulated
  }()

  @Test(
    "what they sleep is neither hold nor think time, the way to a CPU neither", arguments: [1, 2])
  func inferred(_ seed: UInt64) throws {
    let trace = Self.simulated.run(contentions: 20_000, seed: seed)
    let workload = try trace.analyzed().workload(name: "sleepers").validated()
    // Whoever has the CPU meanwhile is another group.
    func taken(_ group: TaskGroup) -> [Acquisition] {
      group.loop.compactMap { if case .acquire(let taken) = $0 { taken } else { nil } }
    }
    let group = try #require(workload.tasks.first { !taken($0).isEmpty })
    #expect(group.count == 4)
    let first = try #require(taken(group).first)
    // The line and the probes of a hand-over are taken off.
    #expect(abs(first.hold.mean.value / 3_000 - 1) < 0.1, "\(first.hold.mean.value)")
    guard case .sleep(let slept) = try #require(first.nested.first) else {
      Issue.record("an owner does not sleep: \(first.nested)")
      return
    }
    #expect(first.nested.count == 1)
    #expect(abs(slept.mean.value / (0.25 * 50_000) - 1) < 0.1, "\(slept.mean.value)")
    // All that they sleep they sleep as owners.
    let outside = group.loop.reduce(0.0) {
      if case .sleep(let span) = $1 { $0 + span.mean.value } else { $0 }
    }
    #expect(outside < 0.05 * Double(taken(group).count) * slept.mean.value, "\(outside)")
  }

  @Test("a handful of sleeps is no habit")
  func few() {
    #expect(OwnerSleep([0, 0, 1e6, 0, 0, 1e6]) == nil)
    let known = OwnerSleep([0, 10_000, 20_000, 30_000, 40_000, 50_000, 0, 0, 0, 0])
    #expect(known?.share == 0.5)
    #expect(known.map { abs($0.mean - 15_000) < 1 } == true)
    // Of tasks that sleep half as often half of it.
    #expect(known?.distribution(0.5).map { abs($0.mean.value - 7_500) < 1 } == true)
  }
}
