import FoundationEssentials
import Measures
import Queueing
import Testing
import Validation
import Workloads

@Suite("Validation report")
struct ValidationReportTests {
  static func machine() throws -> Machine {
    try Machine(
      name: "2s-16c", sockets: 2, coresPerIsland: 16, order: .coresFirst, smtNs: 8, islandNs: 50,
      crossNs: 130)
  }

  /// A table that the curve itself made, with parameters off the prior and 2 % of noise.
  static func made(_ lines: Double, noise: Double) throws -> ScalingTable {
    let machine = try machine()
    var curve = LockCurve(discipline: .queued)
    curve.parameters.think = 2_000
    curve.parameters.hold = 150
    curve.parameters.lines = lines
    curve.parameters.mesh = 0.2
    let order = CPUOrder(machine.topology)
    var text = ScalingTableTests.head
    for (index, threads) in [1, 2, 4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32].enumerated() {
      let perNs = curve.turnsPerNs(
        Occupancy(threads: threads, order: order, machine: machine), capacity: 32,
        costs: TransferCosts(machine))
      let wobble = 1 + noise * (index.isMultiple(of: 2) ? 1 : -1)
      text += "made,qspinlock,,,\(threads),\(perNs * 1e3 * wobble)\n"
    }
    return try ScalingTable(csv: text)
  }

  @Test("a table made by the curve is predicted beyond the socket", arguments: [2.0, 4, 7])
  func selfConsistent(lines: Double) throws {
    let report = try ValidationReport(
      Self.made(lines, noise: 0.02), machine: Self.machine(), calibrateTo: 16)
    for point in report.series[0].points {
      #expect(abs(point.relativeError) < 0.15)
      #expect(point.predicted.contains(point.measured))
    }
  }

  @Test("the document has the agreed keys and the same bytes twice")
  func json() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    func document() throws -> String {
      let report = try ValidationReport(
        Self.made(4, noise: 0), machine: Self.machine(), calibrateTo: 16)
      return String(decoding: try encoder.encode(report), as: UTF8.self)
    }
    let text = try document()
    for key in [
      "\"schema\":\"oslet.validation\\/1\"", "\"calibrate_to\":16", "\"series\":", "\"points\":",
      "\"threads\":", "\"measured\":", "\"predicted\":", "\"low\":", "\"high\":",
      "\"relative_error\":", "\"summary\":", "\"median_abs_relative_error\":",
      "\"p90_abs_relative_error\":", "\"interval_coverage\":", "\"usl\":", "\"amdahl\":",
    ] {
      #expect(text.contains(key), "\(key)")
    }
    #expect(try document() == text)
  }

  @Test("a table with nothing to predict or nothing to learn from is refused")
  func nothing() throws {
    let table = try Self.made(4, noise: 0)
    let machine = try Self.machine()
    #expect(throws: TableError.self) {
      try ValidationReport(table, machine: machine, calibrateTo: 64)
    }
    #expect(throws: TableError.self) {
      try ValidationReport(table, machine: machine, calibrateTo: 0)
    }
  }

  @Test("a CPU list that runs socket by socket only when dealt out is read so")
  func dealt() throws {
    let listed = (0..<2).flatMap { socket in
      stride(from: socket, to: 16, by: 2).map { $0 }
    }
    let machine = try Machine(
      name: "dealt", sockets: 2, coresPerIsland: 8, order: .list(listed), smtNs: 8, islandNs: 50,
      crossNs: 130)
    let order = CPUOrder(machine.topology)
    #expect(order.dealtOverSockets)
    #expect(Occupancy(threads: 8, order: order, machine: machine).sockets == 1)
    #expect(Occupancy(threads: 9, order: order, machine: machine).sockets == 2)
    let plain = CPUOrder(Topology(sockets: 2, coresPerIsland: 8, order: .list(Array(0..<16))))
    #expect(!plain.dealtOverSockets)
  }
}
