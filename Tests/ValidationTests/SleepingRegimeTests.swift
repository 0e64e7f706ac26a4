import Measures
import Testing
import Validation
import Workloads

/// What one series of a table says of another with the same lock code.
@Suite("A lock that was seen to fall asleep")
struct SleepingRegimeTests {
  /// Two codes under a short and a long critical section; `falls` says whether a long one falls asleep.
  static func table(_ falls: [String: Bool], kind: String = "rwsem:RW") throws -> ScalingTable {
    var text = ScalingTableTests.head
    for (code, asleep) in falls.sorted(by: { $0.key < $1.key }) {
      for (threads, short, long) in [
        (2, 5.2, 2.1), (4, 5.0, asleep ? 1.0 : 1.9), (8, 4.8, asleep ? 1.05 : 1.85),
        (16, 4.6, asleep ? 1.0 : 1.8), (32, 1.0, 0.9),
      ] {
        text += "rwsem \(code) load=1,\(kind),,,\(threads),\(short)\n"
        text += "rwsem \(code) load=20,\(kind),,,\(threads),\(long)\n"
      }
    }
    return try ScalingTable(csv: text)
  }

  /// The forecast for 32 threads of the series with the short critical section of a code.
  static func forecast(_ table: ScalingTable, _ code: String) throws -> (value: Double, low: Double)
  {
    let report = try ValidationReport(
      table, machine: ValidationReportTests.machine(), calibrateTo: 16)
    let series = try #require(report.series.first { $0.name == "rwsem \(code) load=1" })
    let point = try #require(series.points.first)
    return (point.predicted.value, point.predicted.low)
  }

  @Test("the same code under another critical section is expected to fall to the measured level")
  func sameCode() throws {
    let table = try Self.table(["a": true, "b": false])
    let asleep = try Self.forecast(table, "a")
    #expect((0.9...1.5).contains(asleep.value))
    // The other code was not seen to fall: its value stays where it spins, its interval is open.
    let awake = try Self.forecast(table, "b")
    #expect(awake.value > 2 && awake.low < 1.3)
  }

  @Test("another code, a fall taken back, a lock without sleeping readers: nothing is concluded")
  func nothing() throws {
    let alone = try Self.forecast(Self.table(["b": false]), "b")
    let beside = try Self.forecast(Self.table(["a": true, "b": false]), "b")
    #expect(alone == beside)
    var recovered = try Self.table(["a": true])
    for series in recovered.series.indices where recovered.series[series].name.hasSuffix("=20") {
      recovered.series[series].rows[3].perUs = 2
    }
    #expect(try Self.forecast(recovered, "a").value > 2)
    #expect(try Self.forecast(Self.table(["a": true], kind: "qspinlock"), "a").value > 2)
  }
}
