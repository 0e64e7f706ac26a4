import Analysis
import Measures
import Testing
import TraceFormat
import Workloads

@Suite("Locks inside locks")
struct NestingTests {
  /// Three tasks that take lock 1 inside lock 0, beside two that take lock 1 alone.
  static let nested = tasks([
    .compute(6_000), .lock(0), .compute(1_000), .lock(1), .compute(3_000), .unlock(1), .unlock(0),
  ])
  /// Tasks that wait for the same locks as often and as soon after each other, but give lock 0 back
  /// before they ask for lock 1.
  static let inTurn = tasks([
    .compute(6_000), .lock(0), .compute(1_000), .unlock(0), .lock(1), .compute(3_000), .unlock(1),
  ])

  private static func tasks(_ loop: [SimulatedTasks.Action]) -> SimulatedTasks {
    let alone: [SimulatedTasks.Action] = [.compute(9_000), .lock(1), .compute(3_000), .unlock(1)]
    return SimulatedTasks(tasks: [loop, loop, loop, alone, alone])
  }

  /// Acquisitions of the workload by class: those in others, and all; and the mean own hold.
  fileprivate struct Played {
    var inner = 0.0
    var all = 0.0
    var hold = 0.0

    init(_ name: String, in steps: [Step], isInner: Bool = false) {
      for case .acquire(let taken) in steps {
        if taken.lockClass == name {
          all += 1
          inner += isInner ? 1 : 0
          hold += taken.hold.mean.value
        }
        let below = Played(name, in: taken.nested, isInner: true)
        (inner, all, hold) = (inner + below.inner, all + below.all, hold + below.hold)
      }
    }
  }

  private static func workload(_ simulated: SimulatedTasks, seed: UInt64) throws -> Workload {
    let workload = simulated.run(contentions: 6_000, seed: seed).analyzed().workload(name: "locks")
    return try workload.validated()
  }

  @Test("a lock taken inside another is played inside it", arguments: [1, 2])
  func inside(_ seed: UInt64) throws {
    let workload = try Self.workload(Self.nested, seed: seed)
    let group = try #require(workload.tasks.first { Played("lock0", in: $0.loop).all > 0 })
    let outer = Played("lock0", in: group.loop)
    let inner = Played("lock1", in: group.loop)
    #expect(inner.inner / inner.all > 0.9)
    // The hold of the outer one is its owner's alone: 1 us of 4.
    #expect(outer.hold / outer.all < 2_500)
    // Those who take it alone still do.
    let alone = workload.tasks.filter { Played("lock0", in: $0.loop).all == 0 }
    #expect(!alone.isEmpty)
    for group in alone { #expect(Played("lock1", in: group.loop).inner == 0) }
  }

  @Test("one taken after another is not", arguments: [1, 2])
  func after(_ seed: UInt64) throws {
    let workload = try Self.workload(Self.inTurn, seed: seed)
    let taken = workload.tasks.map { Played("lock1", in: $0.loop) }
    #expect(taken.reduce(0) { $0 + $1.all } > 0)
    #expect(taken.allSatisfy { $0.inner == 0 })
  }

  @Test("where no owner is named, a queue that was never empty proves it", arguments: [1, 2])
  func withoutOwners(_ seed: UInt64) throws {
    var simulated = Self.nested
    simulated.flags = .spin
    simulated.namesOwners = false
    let workload = try Self.workload(simulated, seed: seed)
    let inner = workload.tasks.map { Played("lock1", in: $0.loop) }.max { $0.inner < $1.inner }
    #expect((inner?.inner ?? 0) / (inner?.all ?? 1) > 0.5)
    simulated = Self.inTurn
    simulated.flags = .spin
    simulated.namesOwners = false
    let turns = try Self.workload(simulated, seed: seed)
    #expect(turns.tasks.allSatisfy { Played("lock1", in: $0.loop).inner == 0 })
  }

  @Test("a mutex found free while others sleep for it proves nothing")
  func foundFree() throws {
    // Task 1 sleeps for lock0 and is awake without a CPU: every acquisition is traced. Task 2 takes it and
    // gives it back, and then waits for lock1 until task 3 has taken lock0 and given it back.
    var text = "# oslet trace, text form 1\n"
    for name in 0..<2 { text += "symbol 0x10\(name)0 size=16 type=d name=lock\(name)\n" }
    var time = 1_000_000_000
    func event(_ after: Int, _ task: Int, _ rest: String) {
      time += after
      text += "1.\(String(time).dropFirst()) [\(task - 1)] tid=\(task) contention_\(rest)\n"
    }
    event(100, 1, "begin lock=0x1000 flags=MUTEX")
    for _ in 0..<40 {
      event(2_000, 2, "begin lock=0x1000 flags=SPIN|MUTEX")
      event(100, 2, "end lock=0x1000 ret=0")
      event(1_000, 2, "begin lock=0x1010 flags=SPIN|MUTEX")
      event(5_000, 2, "end lock=0x1010 ret=0")
      event(1_000, 3, "begin lock=0x1000 flags=SPIN|MUTEX")
      event(110, 3, "end lock=0x1000 ret=0")
    }
    event(1_000, 1, "end lock=0x1000 ret=0")
    let workload = try analyze(text).workload(name: "free")
    #expect(workload.tasks.contains { Played("lock1", in: $0.loop).all > 0 })
    #expect(workload.tasks.allSatisfy { Played("lock1", in: $0.loop).inner == 0 })
  }

  @Test("two orders of nesting never meet in one workload")
  func bothWays() throws {
    // A deadlock in the kernel, unless a third lock keeps them apart.
    var simulated = SimulatedTasks(tasks: [])
    simulated.locks = 3
    func loop(_ first: Int, _ second: Int) -> [SimulatedTasks.Action] {
      [
        .compute(2_000), .lock(2), .lock(first), .compute(500), .lock(second), .compute(2_000),
        .unlock(second), .unlock(first), .unlock(2),
      ]
    }
    func alone(_ lock: Int) -> [SimulatedTasks.Action] {
      [.compute(4_000), .lock(lock), .compute(2_000), .unlock(lock)]
    }
    simulated.tasks = [loop(0, 1), loop(0, 1), loop(1, 0), loop(1, 0), alone(0), alone(1)]
    let workload = try Self.workload(simulated, seed: 3)
    let loops = workload.tasks.map(\.loop)
    func nests(_ inner: String, in outer: String) -> Bool {
      loops.contains { steps in
        steps.contains { step in
          guard case .acquire(let taken) = step else { return false }
          return Self.holds(inner, in: outer, taken, isInside: false)
        }
      }
    }
    #expect(!(nests("lock0", in: "lock1") && nests("lock1", in: "lock0")))
    #expect(nests("lock0", in: "lock2") || nests("lock1", in: "lock2"))
  }

  /// Whether `taken` has `inner` somewhere below `outer`.
  private static func holds(
    _ inner: String, in outer: String, _ taken: Acquisition, isInside: Bool
  ) -> Bool {
    if isInside, taken.lockClass == inner { return true }
    let isBelow = isInside || taken.lockClass == outer
    return taken.nested.contains { step in
      guard case .acquire(let below) = step else { return false }
      return holds(inner, in: outer, below, isInside: isBelow)
    }
  }
}
