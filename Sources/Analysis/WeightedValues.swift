#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The mean of `values` in proportion to `weights`.
func mean(of values: [Double], weights: [Double]) -> Double {
  zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
}

/// The chance that nobody comes in a span, one of `spans` in proportion to `weights`, who comes `rate` times a
/// unit of it.
func chanceOfNobody(in spans: [Double], weights: [Double], rate: Double) -> Double {
  var none = 0.0
  for (span, weight) in zip(spans, weights) { none += weight * exp(-rate * span) }
  return none / weights.reduce(0, +)
}

/// What each of several explanations weighs by its surprise, the negative logarithm of its probability and of what
/// was seen if it holds; nil of none.
func posteriorWeights(surprises: [Double]) -> [Double]? {
  surprises.min().map { least in surprises.map { exp(least - $0) } }
}
