import Analysis
import Testing
import TraceFormat

/// The recorder in its own recording.
@Suite("The recorder's own")
struct RecorderTests {
  /// The recorder is process 7 with its helper 8; 9 is another's.
  static func findings() throws -> Findings {
    var trace = try RecordedTrace(
      text: """
        task 7 process=7 name=oslet
        task 8 process=8 name=oslet-stats
        task 9 process=9 name=worker
        \(InterruptTests.text)
        1.000004000 [0] tid=7 sched_waking pid=9 target_cpu=1
        1.000004100 [0] tid=9 sched_waking pid=7 target_cpu=1
        1.000005000 [0] tid=7 contention_begin lock=0xa0 flags=SPIN
        1.000006000 [0] tid=7 contention_end lock=0xa0 ret=0
        1.000006000 [1] tid=8 contention_begin lock=0xa0 flags=SPIN
        1.000006500 [1] tid=8 contention_end lock=0xa0 ret=0
        1.000007000 [1] tid=9 contention_begin lock=0xa0 flags=SPIN
        1.000009000 [1] tid=9 contention_end lock=0xa0 ret=0
        """)
    trace.facts.recorderProcess = 7
    trace.facts.statisticsProcess = 8
    return trace.analyzed()
  }

  @Test("waits, wake-ups and calls of its tasks are added up")
  func traffic() throws {
    let own = try Self.findings().recorder
    #expect(own.contentions == 2 && own.waitNs == 1500)
    #expect(own.wakeUps == 1)
    #expect(own.calls == 3, "two targets of one call, one of another")
  }

  @Test("its tasks say so by name, its share of a class and of a function stands beside the whole")
  func labels() throws {
    let findings = try Self.findings()
    #expect(
      findings.tasks.map(\.name) == ["worker/9", "oslet (recorder)/7", "oslet-stats (recorder)/8"])
    #expect(findings.wakeUps.map(\.waker) == ["oslet (recorder)", "worker"])
    let recorders = Set(findings.activity.filter(\.isRecorder).map(\.name))
    #expect(recorders == ["oslet (recorder)", "oslet-stats (recorder)"])
    let lock = try #require(findings.classes.first)
    #expect(lock.contentions == 3 && lock.recorderContentions == 2)
    let functions = findings.ipi.byFunction.map { [$0.count, $0.byRecorder] }
    #expect(functions == [[2, 2], [1, 1]])
  }
}
