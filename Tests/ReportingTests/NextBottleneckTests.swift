import Measures
import Testing
import Workloads

@testable import Reporting

/// Two locks of which the second binds once the first is gone: the report has to say so.
@Suite("What next")
struct NextBottleneckTests {
  /// A point of 64 CPUs on which an operation waits so long for each lock, nanoseconds.
  static func point(
    _ layout: String, rate: Double, waits: [Double], busy: [Double], useful: Double
  ) -> PredictionPoint {
    PredictionPoint(
      layout: layout, cpus: 64, throughputPerSecond: Interval(exactly: rate), efficiency: 0.5,
      cpuShare: CPUShare(useful: useful, lockWait: 1 - useful), firstSaturated: nil,
      classes: zip(["first", "second"], zip(waits, busy)).map { name, row in
        ClassPrediction(
          name: name, utilization: row.1, waitNsMean: row.0, acquisitionsPerSecond: rate)
      })
  }

  static func rows(_ points: [PredictionPoint]) throws -> [[String]] {
    let prediction = Prediction(
      seed: 1, load: .replicate, engine: "replay", backtest: nil, points: points, cliff: [])
    let table = try #require(Section.next(prediction))
    return table.rows.map(\.cells)
  }

  @Test("removing the first of two gains nothing, and the second is named as what binds")
  func moved() throws {
    let rows = try Self.rows([
      Self.point("one", rate: 1e6, waits: [40_000, 10_000], busy: [0.98, 0.97], useful: 0.2),
      Self.point(
        "one+percpu:first", rate: 1.01e6, waits: [0, 49_000], busy: [0.01, 1], useful: 0.2),
    ])
    #expect(rows[0] == ["one", "1.00x", "-", "first 98.0 %"])
    #expect(rows[1] == ["one+percpu:first", "1.01x", "first 100 %", "second 100 %"])
  }

  @Test("a gain is shared out over the classes that wait less")
  func attributed() throws {
    let rows = try Self.rows([
      Self.point("one", rate: 1e6, waits: [40_000, 12_000], busy: [0.98, 0.97], useful: 0.2),
      Self.point("4x", rate: 5e6, waits: [1_000, 2_000], busy: [0.3, 0.4], useful: 0.9),
    ])
    #expect(
      rows[1] == ["4x", "5.00x", "first 79.6 %, second 20.4 %", "computing 90.0 % of CPU time"])
  }

  @Test("where nothing is saved nothing is said to be")
  func nothing() throws {
    let rows = try Self.rows([
      Self.point("one", rate: 1e6, waits: [0, 0], busy: [0, 0], useful: 1),
      Self.point("4x", rate: 1e6, waits: [0, 0], busy: [0, 0], useful: 1),
    ])
    #expect(rows[1] == ["4x", "1.00x", "-", "computing 100 % of CPU time"])
  }

  @Test("bytes of a message, the machine's bandwidth and the share stand in section 7")
  func interconnect() throws {
    var input = Sample.input()
    input.interconnectBytesPerSecond = 1e9
    let texts = Section.messages(input).blocks.compactMap { block -> String? in
      if case .paragraph(let prose) = block { prose.words } else { nil }
    }
    let text = try #require(texts.first { $0.contains("four lines of 64 bytes") })
    // 128,000 messages of 256 bytes a second are 32.8 MB/s, 3.3 % of 1 GB/s.
    #expect(text.contains("32.8 MB/s") && text.contains("3.3 %") && text.contains("1.00 GB"))
  }
}
