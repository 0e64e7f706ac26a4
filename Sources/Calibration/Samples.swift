import Measures

/// Samples of one quantity, in nanoseconds.
struct Samples {
  /// The samples, in the order taken.
  var values: [Double] = []
  /// The errno of the last failed one; 0 when none failed.
  var lastError: Int32 = 0

  /// Takes up to `count` samples, at least three, and stops when `limit` has passed.
  ///
  /// A sample that fails is taken again, ten times in all.
  init(_ count: Int, limit: Duration, _ take: () -> Double) {
    let clock = ContinuousClock()
    let end = clock.now + limit
    var failures = 0
    while values.count < count, failures < 10 {
      let value = take()
      if value < 0 {
        lastError = Int32(-value)
        failures += 1
      } else {
        values.append(value)
      }
      if values.count >= 3, clock.now > end { break }
    }
  }

  /// The median with the quartiles as its range; nil without samples.
  var interval: Interval? { Self.interval(values) }

  /// The median of `values` with their quartiles as its range; nil for none.
  static func interval(_ values: [Double]) -> Interval? {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return nil }
    func at(_ share: Double) -> Double { quantile(share, ofSorted: sorted) }
    return Interval(value: at(0.5), low: at(0.25), high: at(0.75))
  }
}
