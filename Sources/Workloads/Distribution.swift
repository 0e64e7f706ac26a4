public import Measures

#if canImport(Glibc)
  public import Glibc
#elseif canImport(Musl)
  public import Musl
#endif

/// How long something takes: a distribution of spans in nanoseconds.
public enum Distribution: Hashable, Sendable {
  /// Always the same span.
  case constant(Nanoseconds)
  /// Memoryless with this mean.
  case exponential(mean: Nanoseconds)
  /// Evenly spread over [low, high).
  case uniform(low: Nanoseconds, high: Nanoseconds)
  /// Log-normal with this mean and coefficient of variation (standard deviation over mean).
  case logNormal(mean: Nanoseconds, variation: Double)
  /// One of `values`, in proportion to `weights`; `cumulative` holds the running sum of weights.
  case empirical(values: [Double], cumulative: [Double])

  /// An empirical distribution; missing weights are 1 each.
  ///
  /// - Returns: nil for no values, lengths that differ, a negative or non-finite number, or weights
  ///   that sum to zero.
  public static func empirical(values: [Double], weights: [Double]? = nil) -> Distribution? {
    let weights = weights ?? Array(repeating: 1, count: values.count)
    guard !values.isEmpty, values.count == weights.count,
      values.allSatisfy({ $0.isFinite && $0 >= 0 }),
      weights.allSatisfy({ $0.isFinite && $0 >= 0 })
    else { return nil }
    var sum = 0.0
    let cumulative = weights.map { weight in
      sum += weight
      return sum
    }
    return sum > 0 && sum.isFinite ? .empirical(values: values, cumulative: cumulative) : nil
  }

  /// The expected span.
  public var mean: Nanoseconds {
    switch self {
    case .constant(let value): return value
    case .exponential(let mean): return mean
    case .uniform(let low, let high): return (low + high) * 0.5
    case .logNormal(let mean, _): return mean
    case .empirical(let values, let cumulative):
      var sum = 0.0
      for (index, value) in values.enumerated() {
        sum += value * (cumulative[index] - (index == 0 ? 0 : cumulative[index - 1]))
      }
      return Nanoseconds(sum / (cumulative.last ?? 1))
    }
  }

  /// Variance over squared mean; 0 for a constant, 1 for an exponential.
  public var squaredVariation: Double {
    switch self {
    case .constant: return 0
    case .exponential: return 1
    case .uniform(let low, let high):
      let mean = (low.value + high.value) / 2
      let width = high.value - low.value
      return mean > 0 ? width * width / 12 / (mean * mean) : 0
    case .logNormal(_, let variation): return variation * variation
    case .empirical(let values, let cumulative):
      let mean = self.mean.value
      guard mean > 0 else { return 0 }
      var squares = 0.0
      for (index, value) in values.enumerated() {
        let weight = cumulative[index] - (index == 0 ? 0 : cumulative[index - 1])
        squares += value * value * weight
      }
      return max(0, squares / (cumulative.last ?? 1) / (mean * mean) - 1)
    }
  }

  /// The same shape with every span multiplied by `factor`, which must not be negative.
  public func scaled(by factor: Double) -> Distribution {
    switch self {
    case .constant(let value): return .constant(value * factor)
    case .exponential(let mean): return .exponential(mean: mean * factor)
    case .uniform(let low, let high): return .uniform(low: low * factor, high: high * factor)
    case .logNormal(let mean, let variation):
      return .logNormal(mean: mean * factor, variation: variation)
    case .empirical(let values, let cumulative):
      return .empirical(values: values.map { $0 * factor }, cumulative: cumulative)
    }
  }

  /// One span in nanoseconds.
  ///
  /// O(1), empirical O(log values).
  @inlinable
  public func sample(_ generator: inout SeededGenerator) -> Double {
    switch self {
    case .constant(let value): return value.value
    case .exponential(let mean): return -log(1 - generator.unit()) * mean.value
    case .uniform(let low, let high): return low.value + generator.unit() * (high - low).value
    case .logNormal(let mean, let variation):
      let sigma2 = log(1 + variation * variation)
      let radius = (-2 * log(1 - generator.unit())).squareRoot()
      let normal = radius * cos(2 * .pi * generator.unit())
      return mean.value * exp(sigma2.squareRoot() * normal - sigma2 / 2)
    case .empirical(let values, let cumulative):
      let target = generator.unit() * cumulative[cumulative.count - 1]
      var low = 0
      var high = cumulative.count - 1
      while low < high {
        let middle = (low + high) / 2
        if cumulative[middle] > target { high = middle } else { low = middle + 1 }
      }
      return values[low]
    }
  }
}
