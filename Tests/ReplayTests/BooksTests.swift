import Measures
import Testing
import Workloads

@testable import Replay

/// Same input, same bytes; and no CPU time lost or counted twice.
@Suite struct BooksTests {
  /// Every kind of step at once.
  static let mixed = Workload(
    name: "mixed", recordedCPUs: 2,
    classes: [
      LockClass(name: "s", kind: .spinlock, scope: .image, lines: 2),
      LockClass(name: "m", kind: .mutex, scope: .image, lines: 1),
      LockClass(name: "r", kind: .rwsem, mode: .read, scope: .process, lines: 1),
      LockClass(name: "h", kind: .spinlock, scope: .image, instances: 16, lines: 1),
      LockClass(name: "c", kind: .counter, scope: .image, lines: 1),
    ],
    tasks: [
      TaskGroup(
        name: "a", count: 2, process: "p",
        loop: [
          .run(.exponential(mean: Nanoseconds(5_000))),
          .acquire(
            Acquisition(
              "r", hold: .uniform(low: Nanoseconds(100), high: Nanoseconds(900)),
              nested: [.acquire(Acquisition("s", hold: .constant(Nanoseconds(200))))])),
          .acquire(Acquisition("m", hold: .logNormal(mean: Nanoseconds(1_500), variation: 2))),
          .touch("c"),
          .acquire(Acquisition("r", mode: .write, hold: .constant(Nanoseconds(300)))),
          .ipi(
            Interrupt(
              targets: .mm, function: "flush_tlb_func", waits: true,
              handler: .constant(Nanoseconds(700)))),
          .wake("b"),
          .operation(1),
        ]),
      TaskGroup(
        name: "b", count: 1,
        loop: [
          .sleep(.exponential(mean: Nanoseconds(40_000))),
          .acquire(Acquisition("h", hold: .exponential(mean: Nanoseconds(800)))),
          .ipi(
            Interrupt(
              targets: .count(3), function: "x", waits: false,
              handler: .constant(Nanoseconds(400)))),
        ]),
    ])

  static let layouts: [Layout] = [
    .one,
    Layout(name: "4x", partition: .uniform(count: nil, size: 4)),
    Layout(
      name: "owned", partition: .uniform(count: nil, size: 4),
      policies: [
        "s": PolicyOverride(.owned, message: .polled),
        "m": PolicyOverride(.owned, message: .notified),
        "h": PolicyOverride(.striped, message: .polled),
        "r": PolicyOverride(.door),
        "c": PolicyOverride(.hardwareShared),
      ]),
    Layout(
      name: "crossing", partition: .uniform(count: nil, size: 4),
      policies: [
        "s": PolicyOverride(.private, message: .polled, crossingShare: 0.2),
        "m": PolicyOverride(.replicated),
        "h": PolicyOverride(.private, message: .notified, crossingShare: 0.5),
      ]),
  ]

  @Test("CPU time adds up and a second run is the same, under every layout", arguments: layouts)
  func adds(layout: Layout) async throws {
    let scenario = try TestWorkload.scenario(Self.mixed, cpus: 16, layout: layout)
    let precision = Precision(
      relativeHalfWidth: 0, replications: 3, events: 8_000, eventsPerCPU: 0,
      maximumEvents: 48_000)
    let first = await Replayer(seed: 7, precision: precision, threads: 1).point(scenario)
    let share = first.cpuShare
    let parts = [
      share.useful, share.lockWait, share.lineTransfer, share.ipi, share.message, share.idle,
    ]
    #expect(abs(parts.reduce(0, +) - 1) < 1e-9)
    for part in parts { #expect(part >= 0 && part <= 1, "\(layout.name): \(share)") }
    #expect(first.throughputPerSecond.value > 0)
    let progress = first.groups.reduce(0) { $0 + $1.operationsPerSecond }
    #expect(abs(progress / first.throughputPerSecond.value - 1) < 1e-9)
    #expect(first.groups.map(\.name) == Self.mixed.tasks.map(\.name))
    for lock in first.classes where lock.acquisitionsPerSecond > 0 {
      #expect(lock.utilization >= 0 && lock.utilization <= 1)
    }
    let again = await Replayer(seed: 7, precision: precision, threads: 1).point(scenario)
    let parallel = await Replayer(seed: 7, precision: precision, threads: 2).point(scenario)
    #expect(first == again)
    #expect(first == parallel)
    let other = await Replayer(seed: 8, precision: precision, threads: 2).point(scenario)
    #expect(first != other)
  }

  @Test("every lock is acquired as often as the steps say")
  func ratios() async throws {
    let scenario = try TestWorkload.scenario(Self.mixed, cpus: 8)
    let point = await Replayer(precision: Precision(events: 40_000, maximumEvents: 80_000))
      .point(scenario)
    func rate(_ name: String) -> Double {
      point.classes.first { $0.name == name }?.acquisitionsPerSecond ?? 0
    }
    #expect(abs(rate("s") / rate("m") - 1) < 0.02)
    #expect(abs(rate("r") / rate("m") - 2) < 0.04)
  }
}
