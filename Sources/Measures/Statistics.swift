/// Mean and variance of a stream of numbers, in one pass.
///
/// Source: B. P. Welford, "Note on a method for calculating corrected sums of squares and products",
/// Technometrics 4(3), 1962.
public struct Statistics: Hashable, Sendable {
  /// How many numbers were added.
  public private(set) var count = 0
  /// Their mean; zero while there are none.
  public private(set) var mean = 0.0
  private var squares = 0.0

  /// No numbers yet.
  public init() {}

  /// The statistics of `numbers`.
  public init(_ numbers: some Sequence<Double>) {
    for number in numbers { add(number) }
  }

  /// Adds one number.
  public mutating func add(_ number: Double) {
    count += 1
    let delta = number - mean
    mean += delta / Double(count)
    squares += delta * (number - mean)
  }

  /// The sample variance (n - 1 in the denominator); zero below two numbers.
  public var variance: Double { count < 2 ? 0 : squares / Double(count - 1) }

  /// The sample standard deviation.
  public var standardDeviation: Double { variance.squareRoot() }

  /// The mean with its two-sided Student interval at `confidence` (0...1); a point below two numbers.
  public func interval(confidence: Double = 0.9) -> Interval {
    guard count >= 2 else { return Interval(exactly: mean) }
    let t = StudentT.quantile(0.5 + confidence / 2, degreesOfFreedom: count - 1)
    let half = t * standardDeviation / Double(count).squareRoot()
    return Interval(value: mean, low: mean - half, high: mean + half)
  }
}
