import Analysis
import Measures
import Testing
import TraceFormat

@Suite("Pairing begins and ends")
struct PairingTests {
  @Test("one wait, from its begin to its end")
  func simple() throws {
    let found = try analyze(
      """
      1.000000000 [0] tid=7 contention_begin lock=0xa0 flags=SPIN
      1.000000500 [0] tid=7 contention_end lock=0xa0 ret=0
      """)
    #expect(found.pairing.paired == 1 && found.pairing.orphanShare == 0)
    let row = try #require(found.classes.first)
    #expect(row.contentions == 1 && row.wait.total == 500 && row.spinNs == 500)
    #expect(row.kind == "spinlock" && row.name == "spinlock, unsampled")
  }

  @Test("a mutex that spins, sleeps, spins again and gets it is one wait in two parts")
  func mutexPhases() throws {
    let found = try analyze(
      """
      1.000000000 [0] tid=7 contention_begin lock=0xa0 flags=SPIN|MUTEX
      1.000000100 [0] tid=7 contention_begin lock=0xa0 flags=MUTEX
      1.000000150 [0] tid=7 sched_switch prev_state=2 next_pid=0 syscalls=0
      1.000001000 [1] tid=7 contention_begin lock=0xa0 flags=SPIN|MUTEX
      1.000001300 [1] tid=7 contention_end lock=0xa0 ret=0
      """)
    #expect(found.pairing.paired == 1 && found.pairing.merged == 2)
    let row = try #require(found.classes.first)
    #expect(row.kind == "mutex" && row.contentions == 1)
    #expect(row.wait.total == 1_300 && row.spinNs == 400)
  }

  @Test("a second begin of the same phase means the end between them is missing")
  func mutexRestart() throws {
    let found = try analyze(
      """
      1.000000000 [0] tid=7 contention_begin lock=0xa0 flags=SPIN|MUTEX
      1.000000900 [0] tid=7 contention_begin lock=0xa0 flags=SPIN|MUTEX
      1.000001000 [0] tid=7 contention_end lock=0xa0 ret=0
      """)
    #expect(found.pairing.paired == 1 && found.pairing.beginsWithoutEnd == 1)
    #expect(found.classes.first?.wait.total == 100)
  }

  @Test("a wait in an interrupt nests in the wait it interrupts")
  func nested() throws {
    let found = try analyze(
      """
      1.000000000 [0] tid=7 contention_begin lock=0xa0 flags=SPIN
      1.000000100 [0] tid=7 contention_begin lock=0xb0 flags=SPIN
      1.000000300 [0] tid=7 contention_end lock=0xb0 ret=0
      1.000001000 [0] tid=7 contention_end lock=0xa0 ret=0
      """)
    #expect(found.pairing.paired == 2 && found.pairing.orphanShare == 0)
    #expect(found.locks.map(\.wait.total) == [1_000, 200])
  }

  @Test("idle tasks of two CPUs are two waiters")
  func idle() throws {
    let found = try analyze(
      """
      1.000000000 [0] tid=0 contention_begin lock=0xa0 flags=SPIN
      1.000000100 [1] tid=0 contention_begin lock=0xa0 flags=SPIN
      1.000000300 [0] tid=0 contention_end lock=0xa0 ret=0
      1.000000600 [1] tid=0 contention_end lock=0xa0 ret=0
      """)
    #expect(found.pairing.paired == 2 && found.pairing.beginsWithoutEnd == 0)
    #expect(found.tasks.map(\.name) == ["idle/1", "idle/0"])
  }

  @Test("a wait that ends without the lock is a wait but no acquisition")
  func interrupted() throws {
    let found = try analyze(
      """
      1.000000000 [0] tid=7 contention_begin lock=0xa0 flags=WRITE
      1.000000400 [0] tid=7 contention_end lock=0xa0 ret=-4
      """)
    #expect(found.pairing.paired == 1 && found.pairing.notAcquired == 1)
    #expect(found.classes.first?.kind == "rwsem:W" && found.classes.first?.spinNs == 0)
  }

  @Test("a mutex's spinner that gives way to another task does not spin meanwhile")
  func givesWay() throws {
    let found = try analyze(
      """
      1.000000000 [0] tid=7 contention_begin lock=0xa0 flags=MUTEX|SPIN
      1.000001000 [0] tid=7 sched_switch prev_state=0 next_pid=9 syscalls=0
      1.000006000 [0] tid=9 sched_switch prev_state=1 next_pid=7 syscalls=0
      1.000008000 [0] tid=7 contention_end lock=0xa0 ret=0
      """)
    #expect(found.pairing.paired == 1)
    #expect(found.classes.first?.wait.total == 8_000)
    #expect(found.classes.first?.spinNs == 3_000)
  }

  @Test("orphans are counted and make no wait")
  func orphans() throws {
    let found = try analyze(
      """
      1.000000000 [0] tid=7 contention_end lock=0xa0 ret=0
      1.000000100 [0] tid=7 contention_begin lock=0xa0 flags=SPIN
      1.000000200 [1] tid=8 contention_begin lock=0xa0 flags=SPIN
      1.000000300 [1] tid=8 sched_switch prev_state=0 next_pid=9 syscalls=0
      """)
    #expect(found.pairing.endsWithoutBegin == 1)
    #expect(found.pairing.beginsWithoutEnd == 2, "one switched out while it spun, one at the end")
    #expect(found.pairing.paired == 0 && found.classes.isEmpty)
  }

  @Test("whoever begins to sleep for a lock is not spinning for another")
  func impossibleNesting() throws {
    let found = try analyze(
      """
      1.000000000 [0] tid=7 contention_begin lock=0xa0 flags=SPIN
      1.000005000 [0] tid=7 contention_begin lock=0xb0 flags=MUTEX|SPIN
      1.000006000 [0] tid=7 contention_end lock=0xb0 ret=0
      """)
    #expect(found.pairing.paired == 1 && found.pairing.beginsWithoutEnd == 1)
    #expect(found.classes.map(\.kind) == ["mutex"])
  }

  @Test("a gap breaks the waits begun on its CPU, and no other")
  func gap() throws {
    let found = try analyze(
      """
      1.000000000 [0] tid=7 contention_begin lock=0xa0 flags=SPIN
      1.000000000 [1] tid=8 contention_begin lock=0xa0 flags=SPIN
      1.000000100 [0] tid=0 gap lost=5 suppressed=0 of=any
      1.000000200 [1] tid=8 contention_end lock=0xa0 ret=0
      1.000000300 [0] tid=7 contention_end lock=0xa0 ret=0
      """)
    #expect(found.pairing.brokenByLoss == 1 && found.pairing.endsWithoutBegin == 1)
    #expect(found.pairing.paired == 1 && found.lost.events == 5)
    #expect(found.classes.first?.wait.total == 200)
  }

  @Test("an end before its begin is negative time: counted and left out")
  func negative() {
    var analyzer = Analyzer(facts: .unknown)
    analyzer.add(
      Event(
        time: .init(nanosecondsSinceBoot: 500), cpu: 0, task: TaskID(7),
        kind: .contentionBegin, a: 0xa0, value: LockFlags.mutex.rawValue))
    analyzer.add(
      Event(
        time: .init(nanosecondsSinceBoot: 400), cpu: 1, task: TaskID(7),
        kind: .contentionEnd, a: 0xa0))
    let found = analyzer.finish(stacks: [], symbols: [], tasks: [], losses: [])
    #expect(found.pairing.negative == 1 && found.pairing.paired == 0)
  }

  @Test("a lock that sleeps on PREEMPT_RT is paired by task across CPUs")
  func realTime() throws {
    let found = try analyze(
      """
      1.000000000 [0] tid=7 contention_begin lock=0xa0 flags=RT
      1.000000010 [0] tid=7 sched_switch prev_state=2 next_pid=8 syscalls=0
      1.000000020 [0] tid=8 contention_begin lock=0xa0 flags=RT
      1.000000500 [1] tid=7 contention_end lock=0xa0 ret=0
      1.000000900 [0] tid=8 contention_end lock=0xa0 ret=0
      """)
    #expect(found.pairing.paired == 2 && found.classes.first?.kind == "rtmutex")
    #expect(found.classes.first?.wait.total == 1_380 && found.classes.first?.spinNs == 0)
  }

  @Test("an address used for another kind of lock is another lock")
  func reuse() throws {
    let found = try analyze(
      """
      1.000000000 [0] tid=7 contention_begin lock=0xa0 flags=SPIN
      1.000000100 [0] tid=7 contention_end lock=0xa0 ret=0
      1.000001000 [0] tid=7 contention_begin lock=0xa0 flags=READ
      1.000001100 [0] tid=7 contention_end lock=0xa0 ret=0
      """)
    #expect(found.locks.count == 2 && Set(found.classes.map(\.kind)) == ["spinlock", "rwsem:R"])
  }

  @Test("a task id used again after a fork is another task")
  func taskReuse() throws {
    let found = try analyze(
      """
      task 7 process=7 name=old cgroup=/a
      1.000000000 [0] tid=7 contention_begin lock=0xa0 flags=MUTEX
      1.000000050 [0] tid=7 sched_process_exit tgid=7
      1.000000100 [1] tid=9 sched_process_fork child_comm=new child_pid=7 child_tgid=7
      1.000000200 [0] tid=7 contention_begin lock=0xa0 flags=MUTEX
      1.000000500 [0] tid=7 contention_end lock=0xa0 ret=0
      """)
    #expect(found.pairing.beginsWithoutEnd == 1 && found.tasks.map(\.name) == ["new/7"])
  }
}
