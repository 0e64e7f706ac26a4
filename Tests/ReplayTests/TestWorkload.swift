import Measures
import Testing
import Workloads

/// Workloads and machines small enough to reason about.
enum TestWorkload {
  /// A task per CPU that thinks and then holds the one lock of the image.
  static func repairman(
    think: Double, hold: Double, kind: LockKind = .spinlock, lines: Double = 0
  ) -> Workload {
    Workload(
      name: "repairman", recordedCPUs: 1,
      classes: [LockClass(name: "a", kind: kind, scope: .image, lines: lines)],
      tasks: [
        TaskGroup(
          name: "worker", count: 1,
          loop: [
            .run(.exponential(mean: Nanoseconds(think))),
            .acquire(Acquisition("a", hold: .exponential(mean: Nanoseconds(hold)))),
          ])
      ])
  }

  /// A machine of `sockets` sockets of 64 cores, 50 ns within and 150 ns across.
  static func machine(sockets: Int = 16) -> Machine {
    Machine(
      name: "test", topology: Topology(sockets: sockets, coresPerIsland: 64),
      lineTransfer: .levels(
        smt: Nanoseconds(10), island: Nanoseconds(50), socket: Nanoseconds(50),
        cross: Nanoseconds(150)),
      interrupt: InterruptCost(
        send: Nanoseconds(300), deliver: Nanoseconds(900), acknowledge: Nanoseconds(500)),
      message: MessageCost(polled: Nanoseconds(400), notified: Nanoseconds(2_000)))
  }

  /// One distribution of each shape.
  static func shapes() throws -> [Distribution] {
    [
      .constant(Nanoseconds(7)), .exponential(mean: Nanoseconds(100)),
      .uniform(low: Nanoseconds(10), high: Nanoseconds(30)),
      .logNormal(mean: Nanoseconds(50), variation: 0.5),
      try #require(
        Distribution.empirical(values: [900, 1_100, 4_000, 10], weights: [5, 4, 1, 0])),
    ]
  }

  /// `workload` replicated over `cpus` CPUs of `machine()`.
  static func scenario(
    _ workload: Workload, cpus: Int, layout: Layout = .one, machine: Machine = machine(),
    load: LoadRule = .replicate
  ) throws -> Scenario {
    try Scenario(workload: workload, machine: machine, layout: layout, cpus: cpus, load: load)
  }
}
