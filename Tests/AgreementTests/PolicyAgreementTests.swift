import Measures
import Queueing
import Replay
import Testing
import Workloads

/// Both engines over lock kinds x sharing policies: far from saturation, at the knee and in it.
///
/// A task a CPU, on 32 CPUs in OSlets of eight, thinks and takes one image-wide lock. `apart` is how far
/// the engines may be from each other beyond the replay's own interval, and why; a policy that a kind
/// leaves without effect (a counter stays one line, rcu has no waiter) is swept all the same.
@Suite("Kinds x policies")
struct PolicyAgreementTests {
  static let policies: [(name: String, policy: PolicyOverride?)] = [
    ("private", PolicyOverride(.private)),
    ("owned, polled", PolicyOverride(.owned, message: .polled)),
    ("owned, notified", PolicyOverride(.owned, message: .notified)),
    ("door", PolicyOverride(.door)),
    ("replicated", PolicyOverride(.replicated)),
    ("striped", PolicyOverride(.striped, message: .polled, stripes: 4)),
    ("hardware-shared", PolicyOverride(.hardwareShared)),
  ]

  static let kinds: [LockKind] = [
    .spinlock, .mcs, .ticket, .tas, .cna, .rwlock, .mutex, .rwsem, .percpuRwsem, .rtmutex, .futex,
    .counter, .rcu,
  ]

  /// Allowed difference, relative, under any policy.
  static func apart(_ kind: LockKind) -> Double {
    switch kind {
    case .spinlock, .mcs, .cna, .rwlock, .mutex, .rwsem, .counter, .percpuRwsem: 0.05
    case .ticket: 0.06
    case .tas, .rtmutex, .futex: 0.07
    // Nobody waits, so the owners' CPUs are what is busy: which of them reads a message first.
    case .rcu: 0.12
    }
  }

  @Test("throughput", arguments: kinds)
  func throughput(kind: LockKind) async throws {
    for (name, policy) in Self.policies {
      for think in [200_000.0, 25_000, 4_000] {
        let workload = Workload(
          name: "w", recordedCPUs: 1,
          classes: [LockClass(name: "g", kind: kind, scope: .image, lines: 1)],
          tasks: [
            TaskGroup(
              name: "t", count: 1,
              loop: [
                EngineAgreementTests.run(think), EngineAgreementTests.take("g", 1_000, .write),
              ])
          ])
        let scenario = try Scenario(
          workload: workload, machine: EngineAgreementTests.machine,
          layout: policy.map(EngineAgreementTests.eights) ?? .one, cpus: 32, load: .replicate)
        await Self.expectAgreement(
          scenario, apart: Self.apart(kind), "\(name), think \(think)")
      }
    }
  }

  /// Expects the closed form within `apart` of the replay's interval, and the intervals of both to meet.
  private static func expectAgreement(
    _ scenario: Scenario, apart: Double, _ what: String
  ) async {
    let precision = Precision(
      relativeHalfWidth: 0.02, replications: 3, events: 12_000, eventsPerCPU: 160,
      maximumEvents: 60_000)
    let played = await Replayer(seed: 3, precision: precision).point(scenario)
      .throughputPerSecond
    let solved = ClosedFormEngine().point(scenario).throughputPerSecond
    let room = apart * played.value
    #expect(
      (played.low - room...played.high + room).contains(solved.value),
      "\(what): replay \(played), closed form \(solved)")
    #expect(
      solved.low <= played.high && played.low <= solved.high,
      "\(what): intervals \(played), \(solved)")
  }

  @Test(
    "where a lock is just not saturated, its queue may collapse: hand-overs that grow with it",
    arguments: [(LockKind.ticket, 0.03), (.tas, 0.02), (.rtmutex, 0.02), (.futex, 0.02)])
  func knee(kind: LockKind, apart: Double) async throws {
    for think in [60_000.0, 30_000, 12_000] {
      let workload = Workload(
        name: "w", recordedCPUs: 1,
        classes: [LockClass(name: "g", kind: kind, scope: .image, lines: 1)],
        tasks: [
          TaskGroup(
            name: "t", count: 1,
            loop: [EngineAgreementTests.run(think), EngineAgreementTests.take("g", 1_000)])
        ])
      let scenario = try Scenario(
        workload: workload, machine: EngineAgreementTests.machine, layout: .one, cpus: 32,
        load: .replicate)
      let precision = Precision(
        relativeHalfWidth: 0.01, replications: 4, events: 20_000, eventsPerCPU: 300,
        maximumEvents: 100_000)
      let played = await Replayer(seed: 3, precision: precision).point(scenario)
        .throughputPerSecond
      let solved = ClosedFormEngine().point(scenario).throughputPerSecond.value
      let room = apart * played.value
      #expect(
        (played.low - room...played.high + room).contains(solved),
        "think \(think): replay \(played), closed form \(solved)")
    }
  }

  /// How far the engines may be apart where a lock is read and written, by how many reads there are to a
  /// write: spinning readers that come together, and sleeping ones.
  static func readAndWritten(_ kind: LockKind, _ policy: String, reads: Int) -> Double {
    switch (kind, policy) {
    // Who of the readers that enter together shares a CPU of the owner is taken to be random.
    case (.rwsem, "owned, polled"), (.rwsem, "owned, notified"): reads > 1 ? 0.16 : 0.06
    case (.rwlock, "owned, polled"), (.rwlock, "owned, notified"): reads > 1 ? 0.11 : 0.05
    case (.rwsem, "striped"): 0.12
    case (.rwlock, _): reads > 1 ? 0.09 : 0.06
    default: 0.08
    }
  }

  @Test(
    "read and written: readers come together, those of an rwsem asleep, and its writers sleep that met them",
    arguments: [LockKind.rwlock, .rwsem], [1, 3])
  func readAndWritten(kind: LockKind, reads: Int) async throws {
    for (name, policy) in Self.policies + [("one image", nil)] {
      for think in [25_000.0, 12_000, 4_000] {
        func take(_ mode: LockMode) -> [Step] {
          [EngineAgreementTests.run(think), EngineAgreementTests.take("g", 1_000, mode)]
        }
        let loop = (0..<reads).flatMap { _ in take(.read) } + take(.write)
        let workload = Workload(
          name: "w", recordedCPUs: 1,
          classes: [LockClass(name: "g", kind: kind, scope: .image, lines: 1)],
          tasks: [TaskGroup(name: "t", count: 1, loop: loop)])
        let scenario = try Scenario(
          workload: workload, machine: EngineAgreementTests.machine,
          layout: policy.map(EngineAgreementTests.eights) ?? .one, cpus: 32, load: .replicate)
        await Self.expectAgreement(
          scenario, apart: Self.readAndWritten(kind, name, reads: reads), "\(name), think \(think)")
      }
    }
  }

  @Test("siblings of a core slow each other in both engines alike", arguments: [100_000.0, 2_000])
  func siblings(think: Double) async throws {
    var machine = EngineAgreementTests.machine
    machine.topology = Topology(sockets: 1, coresPerIsland: 8, smt: 2)
    machine.constants["smt_slowdown"] = 0.5
    let workload = Workload(
      name: "w", recordedCPUs: 1,
      classes: [LockClass(name: "g", kind: .spinlock, scope: .image)],
      tasks: [
        TaskGroup(
          name: "t", count: 1,
          loop: [EngineAgreementTests.run(think), EngineAgreementTests.take("g", 500)])
      ])
    var single = 0.0
    for cpus in [8, 16] {
      let scenario = try Scenario(
        workload: workload, machine: machine, layout: .one, cpus: cpus, load: .replicate)
      let played = await Replayer(seed: 3).point(scenario).throughputPerSecond
      let solved = ClosedFormEngine().point(scenario).throughputPerSecond.value
      #expect(abs(solved / played.value - 1) < 0.03, "\(cpus): \(played) \(solved)")
      // Far from saturation 16 threads do 16 / 8 / 1.5 of the work of eight.
      if cpus == 16, think > 10_000 { #expect(abs(played.value / single / (2 / 1.5) - 1) < 0.02) }
      single = played.value
    }
  }
}
