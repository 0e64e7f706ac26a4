import Measures
import Testing
import Workloads

@testable import Replay

/// A bottleneck that a task meets rarely, and whose queue fills long after a machine has started.
@Suite struct SettlingTests {
  /// Tasks that compute 250 times for 1 us and then take one lock for 6 us.
  static let rare = Workload(
    name: "rare", recordedCPUs: 1,
    classes: [LockClass(name: "rare", kind: .spinlock, scope: .image)],
    tasks: [
      TaskGroup(
        name: "worker", count: 1,
        loop: (0..<250).flatMap { _ in
          [Step.run(.exponential(mean: Nanoseconds(1_000))), .operation(1)]
        } + [.acquire(Acquisition("rare", hold: .exponential(mean: Nanoseconds(6_000))))])
    ])

  @Test(
    "many CPUs are held to what a rare lock lets through, however long its queue takes to fill",
    arguments: [128, 512])
  func bound(cpus: Int) async throws {
    let scenario = try TestWorkload.scenario(Self.rare, cpus: cpus)
    let replayer = Replayer(
      precision: Precision(
        replications: 2, events: 20_000, eventsPerCPU: 100, maximumEvents: 100_000))
    let point = await replayer.point(scenario)
    // Asymptotic bound: operations a turn over the lock's time a turn (Denning and Buzen 1978).
    let bound = 250 / 6_000.0 * 1e9
    #expect(point.throughputPerSecond.value < 1.1 * bound)
    #expect(point.throughputPerSecond.value > 0.6 * bound)
  }

  @Test("a task is met anywhere in a loop that is longer than the replay")
  func stationary() async throws {
    // A turn of 400 ms, of which a replay plays a few: one operation for each microsecond of computing.
    let loop = (0..<400).flatMap { _ in
      [Step.run(.exponential(mean: Nanoseconds(1_000_000))), .operation(1_000)]
    }
    let workload = Workload(
      name: "long", recordedCPUs: 8, classes: [],
      tasks: [
        TaskGroup(name: "busy", count: 8, loop: loop),
        TaskGroup(
          name: "asleep", count: 8,
          loop: loop + [.sleep(.exponential(mean: Nanoseconds(1_200_000_000)))]),
      ])
    let scenario = try TestWorkload.scenario(workload, cpus: 16, load: .fixed)
    let point = await Replayer(
      precision: Precision(
        relativeHalfWidth: 1, replications: 32, events: 400, eventsPerCPU: 1,
        maximumEvents: 20_000)
    ).point(scenario)
    let groups = Dictionary(
      uniqueKeysWithValues: point.groups.map { ($0.name, $0.operationsPerSecond) })
    #expect(abs((groups["busy"] ?? 0) / 8e6 - 1) < 0.05, "\(groups)")
    #expect(abs((groups["asleep"] ?? 0) / 2e6 - 1) < 0.2, "\(groups)")
  }

  @Test("a count drifts when tasks pile up, or when throughput falls, and else does not")
  func steadiness() {
    func census(_ time: Double, _ operations: Double, _ waiting: Int) -> Census {
      Census(time: time, operations: operations, waiting: waiting, tasks: 1_000)
    }
    let start = census(0, 0, 100)
    let middle = census(1, 50, 100)
    #expect(Census.isSteady(start, middle, census(2, 100, 100)))
    #expect(!Census.isSteady(start, middle, census(2, 100, 200)))
    #expect(!Census.isSteady(start, middle, census(2, 90, 100)))
  }
}
