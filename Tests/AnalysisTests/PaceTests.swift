import Measures
import Testing
import TraceFormat
import Workloads

@testable import Analysis

@Suite("Pace alone and beside others")
struct PaceTests {
  /// Two threads of one process on two CPUs for two seconds, and a third task without system calls that now
  /// and then has the second CPU for a millisecond.
  ///
  /// A thread makes a system call in `aloneNs` of CPU time while the other has no CPU, and one in `besideNs`
  /// else; both are stopped for an idle moment at the end of a stint.
  private static func trace(aloneNs: Double, besideNs: Double) -> RecordedTrace {
    var facts = TraceFacts.unknown
    facts.topology = TopologyFacts(
      online: [0, 1], core: [0, 1], cache: [0, 0], node: [0, 0], socket: [0, 0])
    var events: [(time: UInt64, cpu: UInt16, from: Int32, to: Int32, calls: UInt64)] = []
    let (first, second, worker) = (Int32(100), Int32(101), Int32(50))
    var now: UInt64 = 1_000_000
    var random = SeededGenerator(seed: 1)
    /// Calls in so much time alone and beside, give or take a thousandth.
    func calls(_ alone: Double, _ beside: Double) -> UInt64 {
      let exact = alone / aloneNs + beside / besideNs
      return UInt64(exact * (0.999 + 0.002 * random.unit()))
    }
    for round in 0..<200 {
      let start = now
      // The stints of the first CPU are ten milliseconds; the second's thread is away for some of it.
      let away: UInt64 = round % 4 == 0 ? 1_000_000 : 0
      let switchNs: UInt64 = 1_000
      events.append((start, 0, 0, first, 0))
      events.append((start, 1, 0, second, 0))
      let end = start + 10_000_000
      if away > 0 {
        let gone = start + 5_000_000
        events.append((gone, 1, second, worker, calls(0, 5_000_000)))
        events.append((gone + away, 1, worker, second, 0))
        events.append((end, 1, second, 0, calls(0, 4_000_000)))
      } else {
        events.append((end, 1, second, 0, calls(0, 10_000_000)))
      }
      events.append((end, 0, first, 0, calls(Double(away), Double(10_000_000 - away))))
      now = end + switchNs
    }
    let sorted = events.enumerated().sorted {
      ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
    }
    return RecordedTrace(
      facts: facts,
      events: sorted.map { _, event in
        Event(
          time: TraceTime(nanosecondsSinceBoot: event.time), cpu: event.cpu,
          task: TaskID(event.from), kind: .schedSwitch, a: UInt64(event.to), b: event.calls)
      },
      tasks: [
        TaskRecord(task: TaskID(first), process: TaskID(first), name: "load", cgroup: ""),
        TaskRecord(task: TaskID(second), process: TaskID(first), name: "load", cgroup: ""),
        TaskRecord(task: TaskID(worker), process: TaskID(worker), name: "kworker", cgroup: ""),
      ])
  }

  /// Computing, and what touches of lines take where every second one finds its line away, of an operation:
  /// nanoseconds.
  private static func spent(
    _ workload: Workload, transferNs: Double
  ) throws -> (run: Double, lines: Double) {
    let group = try #require(workload.tasks.first { $0.name.hasPrefix("load") })
    var (run, touched, operations) = (0.0, 0.0, 0.0)
    for step in group.loop {
      switch step {
      case .run(let span): run += span.mean.value
      case .touch(let name):
        let lock = try #require(workload.classes.first { $0.name == name })
        #expect(lock.kind == .counter && lock.scope == .process)
        touched += lock.lines * transferNs / 2
      case .operation(let count): operations += count
      default: Issue.record("nobody waits here: \(step)")
      }
    }
    return (run / operations, touched / operations)
  }

  @Test("what only a second CPU costs is lines, and no computing")
  func slower() throws {
    let findings = Self.trace(aloneNs: 200, besideNs: 500).analyzed()
    // Beside the other for all but a twentieth of the time: three fifths of it.
    #expect(abs(findings.ceiling.untracedShare / 0.6 - 1) < 0.05)
    let workload = try findings.workload(name: "beside").validated()
    let (run, lines) = try Self.spent(workload, transferNs: 47)
    #expect(abs(run / 200 - 1) < 0.05, "\(run)")
    #expect(abs(lines / 300 - 1) < 0.05, "\(lines)")
    // A line a touch or more, and as many of them as an operation moves.
    let lock = try #require(workload.classes.first { $0.kind == .counter })
    #expect(lock.instances == Int((300 / 47.0 * 2).rounded()))
    #expect(lock.widest == .image && lock.demandError >= 0.4)
  }

  @Test("tasks as fast beside others as alone touch none")
  func steady() throws {
    let findings = Self.trace(aloneNs: 400, besideNs: 400).analyzed()
    let workload = try findings.workload(name: "steady").validated()
    #expect(workload.classes.isEmpty)
    let (run, lines) = try Self.spent(workload, transferNs: 47)
    #expect(abs(run / 400 - 1) < 0.01, "\(run)")
    #expect(lines == 0)
  }

  @Test("stints are told apart by who else makes progress")
  func company() {
    var company = Company()
    company.reach(2)
    // Somebody of whom nothing is known runs on CPU 2: no stint says anything.
    company.enters(2, now: 5, calls: nil)
    company.enters(0, now: 10, calls: 1_000)
    #expect(company.leaves(0, now: 20, systemCalls: 5) == nil)
    #expect(company.leaves(2, now: 25, systemCalls: 5) == nil)
    company.enters(0, now: 30, calls: 1_000)
    // A kernel thread, and a task that hardly does anything.
    company.enters(1, now: 40, calls: 0)
    company.enters(2, now: 40, calls: 9)
    #expect(company.leaves(1, now: 50, systemCalls: 5) == nil)
    #expect(company.leaves(2, now: 50, systemCalls: 5) == nil)
    company.enters(1, now: 60, calls: 500)
    #expect(
      company.leaves(1, now: 90, systemCalls: 7)
        == Company.Stint(alone: 0, beside: 30, systemCalls: 7))
    #expect(
      company.leaves(0, now: 100, systemCalls: 8)
        == Company.Stint(alone: 40, beside: 30, systemCalls: 8))
    // Switches that are missing on one CPU make the company of the others unknown.
    company.enters(0, now: 110, calls: 1_000)
    company.forget(1, now: 120)
    #expect(company.leaves(0, now: 130, systemCalls: 5) == nil)
  }

  @Test("a stint is parted where its system calls are known")
  func looks() {
    var company = Company()
    company.reach(1)
    // Somebody of whom nothing is known yet, until the recorder looks.
    company.enters(0, now: 10, calls: nil)
    #expect(company.progressed(0, now: 20, systemCalls: 50) == nil)
    company.enters(1, now: 30, calls: 1_000)
    #expect(
      company.progressed(0, now: 50, systemCalls: 80)
        == Company.Stint(alone: 10, beside: 20, systemCalls: 30))
    #expect(
      company.leaves(1, now: 60, systemCalls: 9)
        == Company.Stint(alone: 0, beside: 30, systemCalls: 9))
    // The recorder's own CPU has no company on it.
    company.enters(1, now: 60, calls: 0)
    #expect(company.progressed(1, now: 65, systemCalls: 3) == nil)
    #expect(
      company.progressed(0, now: 70, systemCalls: 110)
        == Company.Stint(alone: 10, beside: 10, systemCalls: 30))
    // Fewer calls than before are another stint's: nothing more is known of this one.
    #expect(company.progressed(0, now: 80, systemCalls: 4) == nil)
    #expect(company.leaves(0, now: 90, systemCalls: 114) == nil)
  }

  @Test("a difference that the spread of stints may explain is none")
  func noise() throws {
    var pace = Pace()
    var random = SeededGenerator(seed: 7)
    for _ in 0..<100 {
      let alone = UInt64(random.unit() * 1e5)
      // Twice as many calls or none.
      let calls = random.unit() < 0.5 ? 0 : 2 * (alone / 100 + 10_000)
      pace.add(Company.Stint(alone: alone, beside: 1_000_000, systemCalls: calls))
    }
    let rates = try #require(pace.rates)
    #expect(rates.error > 0.005)
    #expect(pace.lost == nil)
    let error = try #require(pace.error)
    // A mean of a hundred that are each 0 or 2.
    #expect(abs(error / 0.1 - 1) < 0.15, "\(error)")
  }
}
