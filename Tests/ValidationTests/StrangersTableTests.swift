import Measures
import Testing
import Validation
import Workloads

/// Tables nobody prepared: few rows, noise, words of other people, more threads than CPUs.
@Suite("A stranger's table")
struct StrangersTableTests {
  /// Rows of one lock of 300 ns behind 1,500 ns of thinking, in a shuffled order, each measured twice
  /// with 10 % between the two.
  static func table(kind: String, threads: [Int], times: Bool = false) throws -> ScalingTable {
    var random = SeededGenerator(seed: 7)
    let lines = threads.map { count -> [String] in
      let ideal = 1 / (max(300, 1_800 / Double(count)) / 1e3)
      return [0.95, 1.05].map { factor in
        "s,\(kind),\(times ? "300" : ""),\(times ? "1500" : ""),\(count),\(ideal * factor)\n"
      }
    }
    return try ScalingTable(
      csv: ScalingTableTests.head + lines.flatMap { $0 }.shuffled(using: &random).joined())
  }

  static let kinds = [
    "ticket", "tas", "ttas", "mcs", "cna", "qspinlock", "qrwlock:R", "qrwlock:W", "mutex",
    "rwsem:R", "rwsem:W", "rwsem:RW", "percpu-rwsem:R", "percpu-rwsem:W", "rtmutex", "futex mutex",
    "counter", "RCU", "tlb", "a word from nowhere", "",
  ]

  @Test(
    "every kind, one to four known rows, beyond the machine's CPUs: sane and inside its interval",
    arguments: kinds)
  func sane(kind: String) throws {
    let machine = try ValidationReportTests.machine()
    for (known, last) in [(1, 1), (2, 2), (3, 4), (4, 8)] {
      for times in [false, true] {
        let table = try Self.table(
          kind: kind, threads: [1, 2, 4, 8, 16, 32, 64, 128], times: times)
        #expect(table.series[0].rows.count == 8)
        let report = try ValidationReport(table, machine: machine, calibrateTo: last)
        let series = report.series[0]
        #expect(series.calibrated.count == known)
        let best = series.calibrated.reduce(0) { max($0, $1.measured) }
        for point in series.points {
          let p = point.predicted
          #expect(p.low > 0 && p.low < p.value && p.value < p.high && p.high.isFinite)
          // Nothing collapses below a hundredth or outruns perfect scaling by more than a half.
          #expect(p.value > 0.01 * best && p.value < 1.5 * Double(point.threads) * best)
        }
      }
    }
  }

  @Test("a lock that saturates where the rows show it is predicted there, whatever it is called")
  func saturated() throws {
    let machine = try ValidationReportTests.machine()
    for kind in ["qspinlock", "queued_spin_lock", "spinlock_t", "MCS lock"] {
      let report = try ValidationReport(
        Self.table(kind: kind, threads: [1, 2, 3, 4, 6, 8, 12, 16, 32], times: true),
        machine: machine, calibrateTo: 12)
      let at16 = try #require(report.series[0].points.first)
      #expect(abs(at16.relativeError) < 0.15, "\(kind)")
    }
  }

  @Test("rows on a straight line leave both ends open: a lock that binds soon, and none at all")
  func straight() throws {
    var text = ScalingTableTests.head
    for threads in [1, 2, 4, 8, 32] {
      text += "s,qspinlock,,,\(threads),\(0.5 * Double(threads))\n"
    }
    let report = try ValidationReport(
      ScalingTable(csv: text), machine: ValidationReportTests.machine(), calibrateTo: 8)
    let point = try #require(report.series[0].points.first)
    #expect(point.predicted.low < 8 && point.predicted.contains(16))
    #expect((0.2..<0.95).contains(report.series[0].namedLockLimits))
  }

  @Test("a series that is said to share nothing and saturates is not predicted to scale")
  func falseNone() throws {
    let report = try ValidationReport(
      Self.table(kind: "none", threads: [1, 2, 4, 6, 8, 10, 12, 16]),
      machine: ValidationReportTests.machine(), calibrateTo: 12)
    let point = try #require(report.series[0].points.first)
    #expect(report.series[0].namedLockLimits < 0.01)
    #expect(abs(point.relativeError) < 0.15)
    #expect(report.text.contains("something else than this lock limits it"))
  }
}
