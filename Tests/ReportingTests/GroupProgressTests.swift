import Measures
import Testing
import Workloads

@testable import Reporting

@Suite("Who makes the progress")
struct GroupProgressTests {
  private static func input(_ one: [Double], _ layout: [Double]) -> ReportInput {
    func point(_ name: String, _ rates: [Double]) -> PredictionPoint {
      PredictionPoint(
        layout: name, cpus: 64,
        throughputPerSecond: Interval(exactly: rates.reduce(0, +)), efficiency: 1,
        cpuShare: CPUShare(useful: 1), firstSaturated: nil, classes: [],
        groups: zip(["openers", "renamers", "others"], rates).map {
          GroupPrediction(name: $0, operationsPerSecond: $1)
        })
    }
    var input = ReportInput(title: "test")
    input.prediction = Prediction(
      seed: 1, load: .replicate, engine: "replay", backtest: nil,
      points: [point("one", one), point("4x", layout)], cliff: [])
    return input
  }

  private static func progress(_ one: [Double], _ layout: [Double]) throws -> GroupProgress? {
    let input = input(one, layout)
    return GroupProgress(try #require(input.prediction), Claim(input))
  }

  @Test("a gain in which some tasks do no better says so, with theirs")
  func uneven() throws {
    let text = Report(Self.input([100, 300, 1], [90, 3_000, 1])).text()
    #expect(text.contains("The gain is uneven"))
    let found = try #require(try Self.progress([100, 300, 1], [90, 3_000, 1]))
    #expect(found.uneven?.words.contains("openers 0.900x; renamers 10.0x") == true)
    // The others make less than a hundredth of either.
    #expect(found.rows.map(\.name) == ["openers", "renamers"])
  }

  @Test("a gain that all share in is not called uneven")
  func even() throws {
    #expect(try Self.progress([100, 300, 50], [500, 1_600, 240])?.uneven == nil)
    #expect(!Report(Self.input([100, 300, 50], [500, 1_600, 240])).text().contains("uneven"))
  }

  @Test("a group that one image starved is there, and so is one that a layout starves")
  func starved() throws {
    let found = try #require(try Self.progress([0, 300, 100], [900, 1_000, 0]))
    #expect(found.rows.map(\.ratio) == [.infinity, 1_000 / 300, 0])
    #expect(found.uneven?.words.contains("others 0x") == true)
  }

  @Test("one group, or an engine that says nothing of groups, has no such table")
  func absent() throws {
    #expect(try Self.progress([100], [200]) == nil)
    #expect(try Self.progress([], []) == nil)
  }
}
