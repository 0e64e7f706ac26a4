import Measures
import Testing
import Workloads

@testable import Replay

/// Sleeps that other tasks end, and tasks that give way to all others.
@Suite struct WakeUpTests {
  private static func group(_ name: String, _ loop: [Step], background: Bool? = nil) -> TaskGroup {
    TaskGroup(name: name, count: 1, loop: loop, background: background)
  }

  private static func throughput(_ tasks: [TaskGroup], cpus: Int) async throws -> Double {
    let workload = Workload(name: "wake", recordedCPUs: cpus, classes: [], tasks: tasks)
    let scenario = try TestWorkload.scenario(workload, cpus: cpus, load: .fixed)
    return await Replayer().point(scenario).throughputPerSecond.value
  }

  @Test("a wake-up that finds nobody asleep is kept for the next sleep")
  func kept() async throws {
    let found = try await Self.throughput(
      [
        Self.group(
          "waker", [.run(.constant(Nanoseconds(10_000))), .operation(0), .wake("sleeper")]),
        Self.group(
          "sleeper",
          [
            .run(.constant(Nanoseconds(15_000))), .operation(1),
            .sleep(.constant(Nanoseconds(1e6))),
          ]),
      ], cpus: 2)
    // The waker's turn counts one as well, since it counts none. Forgotten, a wake-up would make the
    // sleeper wait for the next: 50,000 turns a second.
    #expect(abs(found / (100_000 + 1e9 / 15_000) - 1) < 0.01, "\(found)")
  }

  @Test("no wake-up ends the sleep of a task that has a lock")
  func ownersSleepOn() async throws {
    let sleeper: [Step] = [
      .acquire(
        Acquisition(
          "lock", hold: .constant(Nanoseconds(1_000)),
          nested: [.sleep(.constant(Nanoseconds(100_000)))])),
      .operation(1),
    ]
    let waker: [Step] = [.run(.constant(Nanoseconds(10_000))), .operation(0), .wake("sleeper")]
    let workload = Workload(
      name: "wake", recordedCPUs: 2,
      classes: [LockClass(name: "lock", kind: .mutex, scope: .image, lines: 0)],
      tasks: [Self.group("waker", waker), Self.group("sleeper", sleeper)])
    let scenario = try TestWorkload.scenario(workload, cpus: 2, load: .fixed)
    let found = await Replayer().point(scenario).throughputPerSecond.value
    // 1 us held, 100 us asleep, 2 us until an idle CPU runs it and 1.5 us of a switch at most.
    let own = found - 100_000
    #expect(own < 1e9 / 101_000 && own > 1e9 / 105_000, "\(own)")
  }

  @Test("on one CPU two tasks that wake each other take turns; neither sleeps on")
  func pingPong() async throws {
    func half(_ name: String, _ other: String) -> TaskGroup {
      Self.group(
        name,
        [.run(.constant(Nanoseconds(20_000))), .wake(other), .sleep(.constant(Nanoseconds(1e6)))])
    }
    let found = try await Self.throughput([half("a", "b"), half("b", "a")], cpus: 1)
    // A turn of either is its run and the switch to it.
    #expect(abs(found / (1e9 / 21_500) - 1) < 0.05, "\(found)")
  }

  @Test("a background task loses its CPU to any other that wakes")
  func background() async throws {
    let ahead: [Step] = [
      .run(.constant(Nanoseconds(3e6))), .operation(1), .sleep(.constant(Nanoseconds(1e6))),
    ]
    let rest = Self.group("rest", [.run(.constant(Nanoseconds(5e6))), .operation(1e-9)])
    var behind = rest
    behind.background = true
    let fair = try await Self.throughput([Self.group("ahead", ahead), rest], cpus: 1)
    let first = try await Self.throughput([Self.group("ahead", ahead), behind], cpus: 1)
    // Alone it would make 250 turns a second; shared fairly it has half the CPU, 167.
    #expect(fair < 190 && first > 235, "\(fair) \(first)")
  }
}
