import Measures
import Testing

@Suite("Statistics")
struct StatisticsTests {
  /// Two-sided 90 % points of Student's t from the NIST handbook, section 1.3.6.7.2.
  @Test(
    "Student's t agrees with the published table",
    arguments: [
      (1, 6.314), (2, 2.920), (3, 2.353), (4, 2.132), (5, 2.015), (9, 1.833), (29, 1.699),
      (100, 1.660),
    ])
  func studentT(degreesOfFreedom: Int, published: Double) {
    let t = StudentT.quantile(0.95, degreesOfFreedom: degreesOfFreedom)
    #expect(abs(t - published) < 6e-4)
    #expect(StudentT.quantile(0.05, degreesOfFreedom: degreesOfFreedom) == -t)
  }

  @Test("mean and variance of 1...100 are the textbook's")
  func moments() {
    let statistics = Statistics((1...100).map(Double.init))
    #expect(abs(statistics.mean - 50.5) < 1e-12)
    #expect(abs(statistics.variance - 100 * 101 / 12) < 1e-9)
  }

  @Test("a 90 % interval over ten draws holds the mean in about 90 % of 2,000 trials")
  func coverage() {
    var generator = SeededGenerator(seed: 3)
    var held = 0
    for _ in 0..<2_000 {
      let sample = Statistics((0..<10).map { _ in generator.unit() })
      if sample.interval(confidence: 0.9).contains(0.5) { held += 1 }
    }
    #expect((1_740...1_860).contains(held))
  }

  @Test("streams of one seed differ, the same stream repeats")
  func streams() {
    var a = SeededGenerator(seed: 1, stream: 0)
    var b = SeededGenerator(seed: 1, stream: 1)
    var again = SeededGenerator(seed: 1, stream: 0)
    let first = (0..<4).map { _ in a.next() }
    #expect(first == (0..<4).map { _ in again.next() })
    #expect(first != (0..<4).map { _ in b.next() })
  }
}
