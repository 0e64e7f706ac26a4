import Measures
import Testing
import Workloads

@testable import Replay

/// Interrupts cost 300 ns a target to send, 900 on the way, 500 to acknowledge.
@Suite struct InterruptTests {
  let replayer = Replayer(
    precision: Precision(replications: 2, events: 20_000, eventsPerCPU: 0, maximumEvents: 40_000))

  /// One sender beside three tasks of its process that compute; and two of another process.
  static func workload(waits: Bool, targets: Interrupt.Targets) -> Workload {
    Workload(
      name: "shootdown", recordedCPUs: 6,
      classes: [LockClass(name: "sent", kind: .rcu, scope: .image)],
      tasks: [
        TaskGroup(
          name: "sender", count: 1, process: "p",
          loop: [
            .run(.constant(Nanoseconds(20_000))),
            .ipi(
              Interrupt(
                targets: targets, function: "flush_tlb_func", waits: waits,
                handler: .constant(Nanoseconds(800)))),
            .acquire(Acquisition("sent", hold: .constant(.zero))),
          ]),
        TaskGroup(
          name: "same", count: 3, process: "p", loop: [.run(.constant(Nanoseconds(1_000)))]),
        TaskGroup(
          name: "other", count: 2, process: "q", loop: [.run(.constant(Nanoseconds(1_000)))]),
      ])
  }

  func point(_ workload: Workload, cpus: Int = 6) async throws -> PredictionPoint {
    await replayer.point(try TestWorkload.scenario(workload, cpus: cpus, load: .fixed))
  }

  @Test("a synchronous sender waits for the slowest of its process's CPUs")
  func waits() async throws {
    let point = try await point(Self.workload(waits: true, targets: .mm))
    // Sent to three in 900; the last handler runs from 1,800 to 2,600 and is seen at 3,100.
    let turn = 1e9 / point.classes[0].acquisitionsPerSecond
    #expect(abs(turn / 23_100 - 1) < 0.005, "turn \(turn)")
    // Sender 3,100 and three handlers of 800 in 6 x 23,100.
    #expect(abs(point.cpuShare.ipi / ((3_100.0 + 2_400) / (6 * 23_100)) - 1) < 0.02)
    #expect(abs(point.cpuShare.useful + point.cpuShare.ipi - 1) < 1e-9)
  }

  @Test("an asynchronous sender pays for sending alone; the handlers are stolen from the targets")
  func asynchronous() async throws {
    let point = try await point(Self.workload(waits: false, targets: .mm))
    let turn = 1e9 / point.classes[0].acquisitionsPerSecond
    #expect(abs(turn / 20_900 - 1) < 0.005, "turn \(turn)")
    // Three targets lose 800 of every 20,900; the two of the other process nothing.
    let computing = point.throughputPerSecond.value - point.classes[0].acquisitionsPerSecond
    #expect(abs(computing / (1e6 * (2 + 3 * (1 - 800.0 / 20_900))) - 1) < 0.002)
  }

  @Test("a broadcast reaches every other CPU, idle ones after they woke")
  func all() async throws {
    let point = try await point(Self.workload(waits: true, targets: .all), cpus: 7)
    // Sent to six in 1,800; the sixth is idle: 900 + 2,000 on the way, 800, 500.
    let turn = 1e9 / point.classes[0].acquisitionsPerSecond
    #expect(abs(turn / (20_000 + 1_800 + 900 + 2_000 + 800 + 500) - 1) < 0.005, "turn \(turn)")
  }

  @Test("a task that sleeps is woken by another")
  func wake() async throws {
    let workload = Workload(
      name: "wake", recordedCPUs: 2,
      classes: [LockClass(name: "woken", kind: .rcu, scope: .image)],
      tasks: [
        TaskGroup(
          name: "waker", count: 1, loop: [.run(.constant(Nanoseconds(10_000))), .wake("sleeper")]),
        TaskGroup(
          name: "sleeper", count: 1,
          loop: [
            .run(.constant(Nanoseconds(500))), .sleep(.constant(Nanoseconds(1e9))),
            .acquire(Acquisition("woken", hold: .constant(.zero))),
          ]),
      ])
    let point = try await point(workload, cpus: 2)
    // Each turn of the waker wakes it once.
    #expect(abs(point.classes[0].acquisitionsPerSecond / 1e5 - 1) < 0.002)
    #expect(point.cpuShare.idle > 0.3)
  }
}
