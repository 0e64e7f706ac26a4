import Analysis
import Foundation
import Measures
import Testing
import TraceFormat
import Workloads

@Suite("Inferring a workload")
struct WorkloadInferenceTests {
  @Test("a lock's loop takes it as often, and for as long, as the truth does")
  func contentionOnly() throws {
    let lock = SimulatedLock(customers: 8)
    let truth = lock.run(seed: 3)
    let workload = try truth.trace.analyzed().workload(name: "lock").validated()
    #expect(workload.recordedCPUs == 8 && workload.unknownShare == 0)
    #expect(workload.classes.map(\.kind) == [.spinlock])
    #expect(workload.tasks.reduce(0) { $0 + $1.count } == 8)
    let demand = try #require(Turn(workload.tasks[0].loop))
    // The hand-over of 47 ns that the hold of a hand-over contains is taken off.
    #expect(abs(demand.hold / (truth.meanHold - 47) - 1) < 0.05, "\(demand.hold)")
    let think = demand.run / demand.acquisitions
    #expect(abs(think / truth.meanThink - 1) < 0.1, "\(think)")
    let throughput = try #require(workload.measured?.throughputPerSecond)
    #expect(abs(throughput / truth.rate - 1) < 0.1, "one operation an acquisition")
  }

  /// What one turn of a loop does.
  struct Turn {
    var run = 0.0
    var acquisitions = 0.0
    var hold = 0.0
    var sleep = 0.0
    var interrupts = 0.0
    var operations = 0.0

    init?(_ loop: [Step]) {
      for step in loop {
        switch step {
        case .run(let span): run += span.mean.value
        case .sleep(let span): sleep += span.mean.value
        case .operation(let count): operations += count
        case .ipi: interrupts += 1
        case .acquire(let acquisition):
          acquisitions += 1
          hold += acquisition.hold.mean.value
        case .touch, .wake: return nil
        }
      }
      if acquisitions > 0 { hold /= acquisitions }
    }
  }

  /// Two tasks on two CPUs, 100 rounds of 10 us: 6 us of CPU with two system calls, then asleep.
  static let sleepers =
    """
    cpus 2
    task 1 process=1 name=a cgroup=/x
    task 2 process=2 name=a cgroup=/x

    """
    + (0..<100).map { round in
      func at(_ offset: Int) -> String {
        "1." + String(format: "%09d", round * 10_000 + offset)
      }
      return (0..<2).map { cpu in
        """
        \(at(0)) [\(cpu)] tid=0 sched_switch prev_state=0 next_pid=\(cpu + 1) syscalls=0
        \(at(6_000)) [\(cpu)] tid=\(cpu + 1) sched_switch prev_state=1 next_pid=0 syscalls=2
        \(at(9_990)) [\(cpu)] tid=0 sched_waking pid=\(cpu + 1) target_cpu=\(cpu)

        """
      }.joined()
    }.joined()

  @Test("system calls are progress; run and sleep per turn come back")
  func sleeping() throws {
    let found = try analyze(Self.sleepers)
    let workload = try found.workload(name: "sleepers").validated()
    #expect(workload.tasks.map(\.name) == ["a"] && workload.tasks.map(\.count) == [2])
    let turn = try #require(Turn(workload.tasks[0].loop))
    #expect(abs(turn.run / turn.operations - 3_000) < 60)
    #expect(abs(turn.sleep / turn.operations - 1_995) < 60)
    let throughput = try #require(workload.measured?.throughputPerSecond)
    #expect(abs(throughput / 400_000 - 1) < 0.02)
    #expect(found.cpuTimes.allSatisfy { abs($0.busyShare - 0.6) < 0.01 })
    #expect(found.wakeUps.map(\.count) == [200] && found.wakeUps.map(\.waker) == ["idle"])
  }

  @Test("a task that is never switched out ran throughout; the end of the trace ends the rest")
  func unswitched() throws {
    let found = try analyze(
      """
      cpus 3
      1.000000000 [0] tid=7 contention_begin lock=0xa0 flags=SPIN
      1.000000500 [0] tid=7 contention_end lock=0xa0 ret=0
      1.000004000 [1] tid=0 sched_switch prev_state=0 next_pid=8 syscalls=0
      1.000010000 [2] tid=0 sched_waking pid=9 target_cpu=2
      """)
    #expect(found.cpuTimes.map(\.busyShare) == [1, 0.6, 0])
    #expect(found.ceiling.cpuTimeNs == 16_000 && found.ceiling.lockWaitShare == 500.0 / 16_000)
  }

  @Test("the recorder's own tasks are no part of the workload")
  func recorder() throws {
    var trace = try RecordedTrace(text: Self.sleepers)
    trace.facts.recorderProcess = 2
    let found = trace.analyzed()
    #expect(found.workload(name: "x").tasks.map(\.count) == [1])
    #expect(found.activity.count { $0.isRecorder } == 1 && found.activity.count == 2)
  }

  @Test("the same trace gives the same bytes")
  func deterministic() throws {
    let trace = SimulatedLock(customers: 6, instances: 5, acquisitions: 5_000).run(seed: 1).trace
    func bytes() throws -> Data { try encodeDocument(trace.analyzed().workload(name: "w")) }
    #expect(try bytes() == bytes())
    #expect(try encodeDocument(trace.analyzed()) == encodeDocument(trace.analyzed()))
  }

  @Test("waits of idle CPUs have no task to play them and stay unknown")
  func unknown() throws {
    let text = (10..<50).map { round in
      let task = round % 4 == 0 ? 0 : 7
      return """
        1.0000\(round)000 [0] tid=\(task) contention_begin lock=0xa0 flags=SPIN
        1.0000\(round)500 [0] tid=\(task) contention_end lock=0xa0 ret=0

        """
    }.joined()
    let workload = try analyze("regime spinlock every waiter\n" + text).workload(name: "x")
    #expect(abs(workload.unknownShare - 0.25) < 1e-9)
  }
}
