#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A distribution of a positive number: log-normal parts, each with its share.
struct LogMixture {
  /// One log-normal part.
  struct Part {
    /// The mean of the logarithm.
    var mean: Double
    /// Its variance.
    var variance: Double
    /// The share; shares sum to 1.
    var share: Double
  }

  /// The parts, at least one.
  var parts: [Part]

  /// The number below which a share `p` lies, by bisection of the logarithm to 1e-6.
  func quantile(_ p: Double) -> Double {
    var low = parts.reduce(Double.infinity) { min($0, $1.mean - 6 * $1.variance.squareRoot()) }
    var high = parts.reduce(-Double.infinity) { max($0, $1.mean + 6 * $1.variance.squareRoot()) }
    while high - low > 1e-6 {
      let middle = (low + high) / 2
      if share(below: middle) < p { low = middle } else { high = middle }
    }
    return exp((low + high) / 2)
  }

  private func share(below log: Double) -> Double {
    parts.reduce(0) { sum, part in
      sum + part.share * 0.5 * erfc((part.mean - log) / (2 * part.variance).squareRoot())
    }
  }
}
