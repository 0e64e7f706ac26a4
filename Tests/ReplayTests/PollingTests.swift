import Measures
import Replay
import Testing
import Workloads

/// CPUs that serve others' requests while their own tasks sleep and wake, or poll.
@Suite struct PollingTests {
  /// Tasks that read thrice and write once a semaphore per OSlet, on 16 CPUs in OSlets of four.
  static func point(kind: LockKind, tasksPerCPU: Int) async throws -> PredictionPoint {
    func take(_ mode: LockMode) -> [Step] {
      [
        .run(.exponential(mean: Nanoseconds(12_000))),
        .acquire(Acquisition("a", mode: mode, hold: .exponential(mean: Nanoseconds(1_000)))),
      ]
    }
    let workload = Workload(
      name: "w", recordedCPUs: 1, classes: [LockClass(name: "a", kind: kind, scope: .image)],
      tasks: [
        TaskGroup(
          name: "t", count: tasksPerCPU,
          loop: take(.read) + take(.read) + take(.read) + take(.write))
      ])
    let layout = Layout(
      name: "striped", partition: .uniform(count: nil, size: 4),
      policies: ["a": PolicyOverride(.striped, message: .polled, stripes: 4)])
    let replayer = Replayer(
      precision: Precision(
        relativeHalfWidth: 0.02, replications: 3, events: 40_000, maximumEvents: 240_000))
    return await replayer.point(
      try TestWorkload.scenario(workload, cpus: 16, layout: layout))
  }

  @Test("a task that wakes finds the CPU free that only serves a request")
  func wokenBesideRequests() async throws {
    // With a task a CPU none waits for a CPU: a turn is four steps of 13 us, their messages, and the
    // waits for readers that sleep, well under as long again.
    let point = try await Self.point(kind: .rwsem, tasksPerCPU: 1)
    let undisturbed = 16 * 1e9 / (4 * 13_300)
    #expect(point.throughputPerSecond.value > 0.75 * undisturbed, "\(point.throughputPerSecond)")
    #expect(point.throughputPerSecond.value < undisturbed)
    #expect(point.classes[0].waitNsMean < 4_000)
  }

  @Test(
    "a task that polls gives up its CPU to one behind it that owns what it polls for",
    arguments: [LockKind.rwsem, .rtmutex, .futex, .mutex])
  func pollingIsGivenUp(kind: LockKind) async throws {
    let point = try await Self.point(kind: kind, tasksPerCPU: 3)
    // An owner that wakes waits for its CPU until the slices of two others end, at a tick of 4 ms each;
    // every CPU serves somebody in that time. Polling for ever would stop all of them.
    let least = 16 * 1e9 / 12e6
    #expect(point.throughputPerSecond.value > least, "\(point.throughputPerSecond)")
  }
}
