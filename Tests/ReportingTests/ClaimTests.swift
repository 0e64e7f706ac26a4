import Measures
import Testing
import Workloads

@testable import Reporting

@Suite("The claim")
struct ClaimTests {
  /// One image at 100 +- 5 % and a layout at `value` +- 5 %, on 64 CPUs.
  private func input(_ value: Double, layout: String = "4x") -> ReportInput {
    func point(_ name: String, _ rate: Double) -> PredictionPoint {
      PredictionPoint(
        layout: name, cpus: 64,
        throughputPerSecond: Interval(value: rate, low: rate * 0.95, high: rate * 1.05),
        efficiency: 1, cpuShare: CPUShare(useful: 1), firstSaturated: nil, classes: [])
    }
    var input = ReportInput(title: "test")
    input.prediction = Prediction(
      seed: 1, load: .replicate, engine: "replay",
      backtest: Backtest(
        cpus: 2, throughputRelativeError: 0, waitRelativeError: 0, classes: []),
      points: [point("one", 100), point(layout, value)], cliff: [])
    return input
  }

  @Test("a difference is claimed only where the intervals are apart")
  func outcomes() {
    #expect(Claim(input(200)).state == .gain)
    #expect(Claim(input(50)).state == .loss)
    #expect(Claim(input(104)).state == .undecided)
    // 95..105 against 105.1..: just apart; 104.9..: just not.
    #expect(Claim(input(105.1 / 0.95)).state == .gain)
    #expect(Claim(input(104.9 / 0.95)).state == .undecided)
    #expect(Claim(input(104)).sentence.words.contains("no difference is shown"))
    #expect(Claim(input(200)).sentence.words.contains("2.00x (1.81x..2.21x)"))
  }

  @Test("the ratio's interval holds every ratio of numbers within both intervals")
  func ratio() throws {
    let prediction = try #require(input(137).prediction)
    let comparison = try #require(Comparison("4x", 64, in: prediction))
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<1000 {
      let a = 137 * (0.95 + 0.1 * generator.unit())
      let b = 100 * (0.95 + 0.1 * generator.unit())
      #expect(comparison.ratio.contains(a / b))
    }
    #expect(abs(comparison.ratio.high - 137 * 1.05 / 95) < 1e-9)
  }

  @Test(
    "a back-test or a loss beyond its threshold withholds the claim, force prints it with the reason"
  )
  func withheld() {
    var bad = input(200)
    bad.prediction?.backtest?.throughputRelativeError = -0.21
    #expect(Report(bad).isWithheld)
    #expect(Report(bad).text().contains("No conclusion is drawn"))
    #expect(!Report(bad).text().contains("2.00x the"))
    bad.isForced = true
    #expect(!Report(bad).isWithheld)
    #expect(Report(bad).objections.count == 1)
    #expect(Report(bad).text().contains("Drawn by --force although the back-test misses"))

    var noNumber = input(200)
    noNumber.prediction?.backtest?.waitRelativeError = .nan
    #expect(Report(noNumber).isWithheld)

    var lossy = input(200)
    lossy.recording = Sample.recording
    #expect(!Report(lossy).isWithheld)
    lossy.recording?.lost = 100_000
    #expect(Report(lossy).isWithheld)
  }

  @Test("numbers that are none are never compared")
  func unusable() {
    for rate in [Double.nan, .infinity, 0, -1] {
      #expect(Claim(input(rate)).state == .nothingToCompare)
    }
    #expect(Claim(ReportInput(title: "")).state == .noPrediction)
  }

  @Test("a conventional fix is named beside the gain, and wins where it does as well")
  func rival() throws {
    var both = input(400)
    let fix = try #require(input(250, layout: "one+numa-handover").prediction?.points.last)
    both.prediction?.points.append(fix)
    let claim = Claim(both)
    #expect(claim.best?.layout == "4x")
    // (2.5 - 1) / (4 - 1)
    #expect(claim.rival?.words.contains("50.0 % of that gain") == true)
    both.prediction?.points[2].throughputPerSecond = Interval(value: 390, low: 370, high: 410)
    #expect(Claim(both).rival?.words.contains("as well or better") == true)
  }
}
