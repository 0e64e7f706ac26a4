import FoundationEssentials
import Measures
import Testing
import TraceFormat

@Suite("Trace summary")
struct TraceSummaryTests {
  private let trace: RecordedTrace

  init() throws {
    trace = try RecordedTrace(
      text: """
        kernel 6.18.0-test
        cpus 3
        regime spinlock every waiter (paravirt)
        lost cpu=1 kind=sched_switch lost=3 suppressed=1 first=1.5 last=2
        lost cpu=1 kind=sched_switch lost=2 suppressed=0 first=1.2 last=1.3
        lost cpu=0 kind=contention_begin lost=0 suppressed=4 first=1.1 last=1.1
        1.0 [0] tid=71 contention_begin lock=0xffff888100000040 flags=SPIN
        1.25 [0] tid=71 contention_end lock=0xffff888100000040 ret=0
        2.5 [1] tid=72 sched_switch prev_state=1 next_pid=0 syscalls=4
        """)
  }

  @Test("counts what is there and what is not")
  func counts() throws {
    var reader = try TraceReader(bytes: trace.bytes())
    let summary = try TraceSummary(reading: &reader)
    #expect(summary.schema == "oslet.info/1")
    #expect(summary.kernel == "6.18.0-test")
    #expect(summary.cpus == 3)
    #expect(summary.durationNanoseconds == 1_500_000_000)
    #expect(summary.events.total == 3)
    #expect(
      summary.events.byType == ["contention_begin": 1, "contention_end": 1, "sched_switch": 1])
    #expect(summary.events.byCPU == [2, 1, 0])
    #expect(summary.lost.events == 5)
    #expect(summary.lost.suppressed == 5)
    let losses = summary.lost.byCPU.map {
      "\($0.cpu) \($0.type) \($0.lost) \($0.suppressed) "
        + "\($0.firstNanoseconds)-\($0.lastNanoseconds)"
    }
    #expect(
      losses == [
        "0 contention_begin 0 4 1100000000-1100000000", "1 sched_switch 5 1 1200000000-2000000000",
      ])
    #expect(summary.ending == "complete")
    #expect(summary.sizeBytes == UInt64(try trace.bytes().count))
  }

  @Test("is the JSON that scripts rely on")
  func json() throws {
    var reader = try TraceReader(bytes: trace.bytes())
    let summary = try TraceSummary(reading: &reader)
    let object = try JSONDecoder().decode(
      [String: Loose].self, from: JSONEncoder().encode(summary))
    for key in ["schema", "events", "lost", "duration_ns", "cpus", "kernel", "regimes"] {
      #expect(object[key] != nil, "\(key)")
    }
    #expect(
      try JSONDecoder().decode(TraceSummary.self, from: JSONEncoder().encode(summary)) == summary)
  }

  /// Any JSON value.
  private struct Loose: Decodable { init(from decoder: any Decoder) throws {} }

  @Test("a damaged block counts as lost, a cut is told")
  func damage() throws {
    var bytes = try trace.bytes()
    let magic: [UInt8] = Array("OSBK".utf8)
    let block = try #require(
      bytes.indices.last {
        bytes[$0...].starts(with: magic) && bytes[$0 + 4] == BlockType.events.rawValue
      })
    bytes[block + 56] ^= 1
    bytes.removeLast(10)
    var reader = try TraceReader(bytes: bytes)
    let summary = try TraceSummary(reading: &reader)
    #expect(summary.events.total == 2)
    #expect(summary.lost.events == 6)
    #expect(summary.lost.damaged == 1)
    #expect(summary.damaged.map(\.firstNanoseconds) == [2_500_000_000])
    #expect(summary.ending == "cut")
    #expect(summary.cut?.ignoredBytes == 46)
  }
}
