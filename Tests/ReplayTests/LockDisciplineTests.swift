import Measures
import Testing
import Workloads

@testable import Replay

/// What tells one lock discipline from another.
@Suite struct LockDisciplineTests {
  let replayer = Replayer(
    precision: Precision(
      replications: 2, events: 20_000, eventsPerCPU: 100, maximumEvents: 40_000))

  func throughput(
    _ kind: LockKind, cpus: Int, think: Double = 2_000, hold: Double = 500, lines: Double = 2
  ) async throws -> Double {
    let workload = TestWorkload.repairman(think: think, hold: hold, kind: kind, lines: lines)
    return await replayer.point(try TestWorkload.scenario(workload, cpus: cpus))
      .throughputPerSecond.value
  }

  @Test("on one CPU every exclusive kind costs the same", arguments: LockKind.allCases)
  func alone(kind: LockKind) async throws {
    // A writer of a percpu-rwsem waits for a grace period even when alone.
    guard kind != .percpuRwsem else { return }
    let value = try await throughput(kind, cpus: 1)
    #expect(abs(value / (1e9 / 2_500) - 1) < 0.02, "\(kind): \(value)")
  }

  @Test("a ticket lock equals a queued one while nobody waits, and falls behind as many do")
  func ticket() async throws {
    let lightTicket = try await throughput(.ticket, cpus: 4, think: 200_000)
    let lightQueued = try await throughput(.spinlock, cpus: 4, think: 200_000)
    #expect(abs(lightTicket / lightQueued - 1) < 0.02)
    let few = try await throughput(.ticket, cpus: 16)
    let many = try await throughput(.ticket, cpus: 48)
    let queued = try await throughput(.spinlock, cpus: 48)
    #expect(many < few * 0.9, "more waiters make a hand-over slower: \(few) then \(many)")
    #expect(many < queued * 0.7)
  }

  @Test("test-and-set is no faster than a ticket lock under many waiters")
  func testAndSet() async throws {
    #expect(try await throughput(.tas, cpus: 48) < throughput(.ticket, cpus: 48))
  }

  @Test("a second socket costs a queued lock its cliff, and a NUMA-aware one little")
  func secondSocket() async throws {
    let queued = [
      try await throughput(.spinlock, cpus: 64), try await throughput(.spinlock, cpus: 128),
    ]
    let aware = [try await throughput(.cna, cpus: 64), try await throughput(.cna, cpus: 128)]
    // Saturated: 1 / (500 + 2 x 50) on one socket; across, half of the hand-overs cost 150.
    #expect(abs(queued[0] / (1e9 / 600) - 1) < 0.02)
    #expect(abs(queued[1] / (1e9 / 700) - 1) < 0.02)
    #expect(abs(aware[0] / queued[0] - 1) < 0.02)
    #expect(aware[1] > queued[1] * 1.1)
    #expect(aware[1] > aware[0] * 0.98)
  }

  @Test("readers of a lock without lines do not wait for each other, writers do")
  func readers() async throws {
    for kind in [LockKind.rwlock, .rwsem, .percpuRwsem] {
      var workload = TestWorkload.repairman(think: 1_000, hold: 1_000, kind: kind)
      workload.classes[0].mode = .read
      let scenario = try TestWorkload.scenario(workload, cpus: 8)
      let value = await replayer.point(scenario).throughputPerSecond.value
      #expect(abs(value / (8 * 1e9 / 2_000) - 1) < 0.02, "\(kind): \(value)")
    }
    let writers = try await throughput(.rwlock, cpus: 8, think: 1_000, hold: 1_000, lines: 0)
    #expect(writers < 1.01e6)
  }

  @Test("a shared counter is limited by its line alone")
  func counter() async throws {
    let workload = Workload(
      name: "counter", recordedCPUs: 1,
      classes: [LockClass(name: "c", kind: .counter, scope: .image, lines: 1)],
      tasks: [
        TaskGroup(
          name: "t", count: 1, loop: [.run(.exponential(mean: Nanoseconds(100))), .touch("c")])
      ])
    let scenario = try TestWorkload.scenario(workload, cpus: 64)
    let point = await replayer.point(scenario)
    // The line moves between different CPUs of one socket: 50 ns each.
    #expect(abs(point.throughputPerSecond.value / (1e9 / 50) - 1) < 0.03)
    #expect(point.cpuShare.lockWait == 0)
    #expect(point.cpuShare.lineTransfer > 0.9)
  }

  @Test("a lock that moves lines without any wait still costs (Russell)")
  func transferWithoutWait() async throws {
    let workload = TestWorkload.repairman(think: 50_000, hold: 100, lines: 4)
    let point = await replayer.point(try TestWorkload.scenario(workload, cpus: 8))
    #expect(point.cpuShare.lockWait < 0.001)
    // 7 of 8 acquisitions follow another CPU's: 7/8 x 4 x 50 ns of about 50,275.
    #expect(abs(point.cpuShare.lineTransfer / (175.0 / 50_275) - 1) < 0.05)
  }

  @Test("the sleeping kinds lose nothing and keep the books under contention")
  func sleeping() async throws {
    for kind in [LockKind.mutex, .rwsem, .rtmutex, .futex] {
      let workload = TestWorkload.repairman(think: 20_000, hold: 5_000, kind: kind)
      let scenario = try TestWorkload.scenario(workload, cpus: 16)
      let point = await replayer.point(scenario)
      let share = point.cpuShare
      let sum =
        share.useful + share.lockWait + share.lineTransfer + share.ipi + share.message + share.idle
      #expect(abs(sum - 1) < 1e-9, "\(kind)")
      #expect(point.classes[0].utilization <= 1)
      #expect(point.throughputPerSecond.value > 5e4, "\(kind) moves: \(point)")
      #expect(point.throughputPerSecond.value < 2.02e5, "\(kind) excludes")
    }
  }

  @Test("a mutex spins while its owner runs and sleeps when CPUs are oversubscribed")
  func oversubscribed() async throws {
    let workload = TestWorkload.repairman(think: 20_000, hold: 5_000, kind: .mutex)
    let spinning = await replayer.point(try TestWorkload.scenario(workload, cpus: 8))
    #expect(spinning.cpuShare.lockWait > 0.2)
    // 32 tasks on 4 CPUs: the owner is often preempted, and waiters leave their CPUs to others.
    var many = workload
    many.tasks[0].count = 32
    let sleeping = await replayer.point(
      try TestWorkload.scenario(many, cpus: 4, load: .fixed))
    #expect(sleeping.throughputPerSecond.value > 0.8e5)
    #expect(sleeping.throughputPerSecond.value < 1.65e5)
    #expect(sleeping.cpuShare.lockWait < spinning.cpuShare.lockWait)
  }

  @Test("a percpu-rwsem's writer waits for a grace period, its readers for the writer alone")
  func gracePeriod() async throws {
    let workload = Workload(
      name: "percpu", recordedCPUs: 8,
      classes: [
        LockClass(name: "p", kind: .percpuRwsem, scope: .image),
        LockClass(name: "written", kind: .rcu, scope: .image),
      ],
      tasks: [
        TaskGroup(
          name: "reader", count: 7,
          loop: [
            .run(.exponential(mean: Nanoseconds(800_000))),
            .acquire(Acquisition("p", mode: .read, hold: .constant(Nanoseconds(50_000)))),
          ]),
        TaskGroup(
          name: "writer", count: 1,
          loop: [
            .run(.constant(Nanoseconds(1_000_000))),
            .acquire(Acquisition("p", mode: .write, hold: .constant(Nanoseconds(2_000_000)))),
            .acquire(Acquisition("written", hold: .constant(.zero))),
          ]),
      ])
    let point = await replayer.point(
      try TestWorkload.scenario(workload, cpus: 8, load: .fixed))
    // About 150 turns: the first and last are cut, so 1 %.
    // 1 ms of thinking, 10 ms of grace, up to 50 us of readers, 2 ms of writing, a wake-up.
    let turn = 1e9 / point.classes[1].acquisitionsPerSecond
    #expect(turn > 12_900_000 && turn < 13_200_000, "turn \(turn)")
  }
}
