import Analysis
import Measures
import Testing
import TraceFormat

@testable import Reporting

/// A trace that degraded: what was counted in place of being traced.
@Suite("Aggregated")
struct AggregatedTests {
  /// Waits for `locks` locks of a CPU, as a recorder adds them up.
  static func waits(_ locks: Range<UInt64>) -> [AggregateRecord] {
    let first = TraceTime(nanosecondsSinceBoot: 1_000_000)
    return locks.map { lock in
      AggregateRecord(
        cpu: 0, count: lock, first: first, last: first, lock: SampleTrace.rename + lock * 4096,
        flags: lock % 2 == 0 ? [.spin] : [.mutex], stack: StackID(1 + UInt32(lock % 2)),
        total: Nanoseconds(Double(lock) * 1000), longest: Nanoseconds(1000),
        histogram: Array(repeating: 0, count: 9) + [lock])
    } + [
      AggregateRecord(cpu: 0, kind: .contentionBegin, count: 3000, first: first, last: first),
      AggregateRecord(cpu: 0, kind: .contentionEnd, count: 2850, first: first, last: first),
      AggregateRecord(cpu: 0, kind: .schedSwitch, count: 12_345, first: first, last: first),
    ]
  }

  static func tables(_ findings: Findings) -> [Table] {
    var input = Sample.input()
    input.findings = findings
    return Section.ranking(input).blocks.compactMap {
      if case .table(let table) = $0 { table } else { nil }
    }
  }

  @Test("every wait that was added up stands in the report, and what share was not traced")
  func inFull() throws {
    let records = Self.waits(1..<76)
    let findings = SampleTrace.findings(records)
    let aggregated = try #require(findings.aggregated)
    let traced = try #require(findings.eventsByKind["contention_begin"])
    #expect(aggregated.contentionShare == 3000 / (3000 + Double(traced)))
    #expect(aggregated.waits == 75 * 76 / 2)

    let tables = Self.tables(findings)
    let waits = try #require(tables.first { $0.caption.words.contains("added up in the kernel") })
    let shown = waits.rows.compactMap { Int($0.cells[0].replacing(",", with: "")) }
    #expect(shown.reduce(0, +) == 75 * 76 / 2)
    let kinds = try #require(
      tables.first { $0.caption.words.contains("in place of being recorded") })
    #expect(
      kinds.rows.map(\.cells) == [
        ["0", "12,345", "sched_switch"],
        [NumberText.whole(traced), "3,000", "contention_begin"],
        [
          NumberText.whole(try #require(findings.eventsByKind["contention_end"])), "2,850",
          "contention_end",
        ],
      ])
  }

  @Test("a whole trace says nothing of it")
  func whole() {
    #expect(Section.aggregated(SampleTrace.findings()).isEmpty)
  }
}
