import Measures
import Testing

@Suite("LogHistogram")
struct LogHistogramTests {
  @Test(
    "a quantile is within 1/32 of the exact order statistic",
    arguments: [0.01, 0.1, 0.5, 0.9, 0.99, 1.0])
  func quantiles(q: Double) {
    var generator = SeededGenerator(seed: 7)
    var histogram = LogHistogram()
    var exact: [Double] = []
    for _ in 0..<20_000 {
      let span = (1e7 * generator.unit() * generator.unit()).rounded(.down)
      histogram.add(Nanoseconds(span))
      exact.append(span)
    }
    exact.sort()
    let truth = exact[Int((q * 20_000).rounded(.up)) - 1]
    #expect(abs(histogram.quantile(q).value - truth) <= truth / 32 + 0.5)
  }

  @Test("two merged halves are the whole")
  func merge() {
    var (whole, even, odd) = (LogHistogram(), LogHistogram(), LogHistogram())
    for span in 0..<5_000 {
      whole.add(Nanoseconds(Double(span * span)))
      if span.isMultiple(of: 2) {
        even.add(Nanoseconds(Double(span * span)))
      } else {
        odd.add(Nanoseconds(Double(span * span)))
      }
    }
    even.merge(odd)
    #expect(even == whole)
    #expect(whole.buckets.reduce(0) { $0 + $1.count } == 5_000)
  }

  @Test("no span, a negative one and one beyond any clock do no harm")
  func edges() {
    var histogram = LogHistogram()
    #expect(histogram.quantile(0.5) == .zero)
    histogram.add(Nanoseconds(-5))
    histogram.add(Nanoseconds(.infinity))
    #expect(histogram.count == 2)
    #expect(histogram.quantile(0) == .zero)
  }
}
