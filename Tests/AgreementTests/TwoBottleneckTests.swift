import Measures
import Queueing
import Replay
import Testing
import Workloads

/// Two locks, each enough to hold 64 CPUs: taking away one alone gains nothing, and the point names the
/// other.
@Suite("Two bottlenecks")
struct TwoBottleneckTests {
  static func workload(_ first: Double, _ second: Double) -> Workload {
    Workload(
      name: "two", recordedCPUs: 1,
      classes: ["first", "second"].map { LockClass(name: $0, kind: .spinlock, scope: .image) },
      tasks: [
        TaskGroup(
          name: "t", count: 1,
          loop: [
            .run(.exponential(mean: Nanoseconds(10_000))),
            .acquire(Acquisition("first", hold: .exponential(mean: Nanoseconds(first)))),
            .acquire(Acquisition("second", hold: .exponential(mean: Nanoseconds(second)))),
          ])
      ])
  }

  static func points(
    _ layout: String, _ first: Double, _ second: Double
  ) async throws -> [PredictionPoint] {
    let scenario = try Scenario(
      workload: workload(first, second), machine: SharingPolicyTests.machine,
      layout: Layout(layout),
      cpus: 64, load: .replicate)
    let precision = Precision(
      replications: 2, events: 30_000, eventsPerCPU: 0, maximumEvents: 60_000)
    return [
      await Replayer(seed: 4, precision: precision).point(scenario),
      ClosedFormEngine().point(scenario),
    ]
  }

  @Test("where the second binds, removing the first gains nothing and the second is named")
  func secondBinds() async throws {
    let before = try await Self.points("one", 950, 1_000)
    let first = try await Self.points("one+percpu:first", 950, 1_000)
    let second = try await Self.points("one+percpu:second", 950, 1_000)
    let both = try await Self.points("one+percpu:first+percpu:second", 950, 1_000)
    for engine in before.indices {
      let base = before[engine].throughputPerSecond.value
      // Bound by 1 / hold of what is left, whatever else is taken away.
      #expect(base <= 1e6 * 1.02)
      #expect(abs(first[engine].throughputPerSecond.value / 1e6 - 1) < 0.02)
      #expect(first[engine].throughputPerSecond.value < base * 1.04)
      #expect(first[engine].firstSaturated == "second")
      #expect(second[engine].throughputPerSecond.value <= 1e9 / 950 * 1.02)
      #expect(second[engine].firstSaturated == "first")
      #expect(both[engine].throughputPerSecond.value > base * 5)
    }
  }

  @Test("where the first alone binds, removing it gains until the second does")
  func firstBinds() async throws {
    let before = try await Self.points("one", 2_000, 400)
    let after = try await Self.points("one+percpu:first", 2_000, 400)
    for engine in before.indices {
      #expect(before[engine].firstSaturated == "first")
      #expect(abs(before[engine].throughputPerSecond.value / 5e5 - 1) < 0.02)
      #expect(after[engine].firstSaturated == "second")
      #expect(abs(after[engine].throughputPerSecond.value / 2.5e6 - 1) < 0.03)
    }
  }
}
