#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Student's t distribution, for intervals over few replications.
public enum StudentT {
  /// The number that a t-distributed variable stays below with probability `p` (0 < p < 1).
  ///
  /// Source: G. W. Hill, "Algorithm 396: Student's t-quantiles", CACM 13(10), 1970; its error is below
  /// 1e-5 for the three degrees of freedom and more where it is used, one and two are exact.
  public static func quantile(_ p: Double, degreesOfFreedom n: Int) -> Double {
    if p < 0.5 { return -quantile(1 - p, degreesOfFreedom: n) }
    if p == 0.5 { return 0 }
    let twoTail = 2 * (1 - p)
    if n == 1 { return 1 / tan(twoTail * .pi / 2) }
    if n == 2 { return (2 / (twoTail * (2 - twoTail)) - 2).squareRoot() }
    let df = Double(n)
    let a = 1 / (df - 0.5)
    let b = 48 / (a * a)
    var c = ((20_700 * a / b - 98) * a - 16) * a + 96.36
    let d = ((94.5 / (b + c) - 3) / b + 1) * (a * .pi / 2).squareRoot() * df
    var y = pow(d * twoTail, 2 / df)
    if y > 0.05 + a {
      let x = normalQuantile(0.5 * twoTail)
      y = x * x
      if n < 5 { c += 0.3 * (df - 4.5) * (x + 0.6) }
      c += (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b
      y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
      y = expm1(a * y * y)
    } else {
      y =
        ((1 / (((df + 6) / (df * y) - 0.089 * d - 0.822) * (df + 2) * 3) + 0.5 / (df + 4)) * y - 1)
        * (df + 1) / (df + 2) + 1 / y
    }
    return (df * y).squareRoot()
  }

  /// The standard normal quantile, by Newton steps on `erfc` from a logistic start.
  static func normalQuantile(_ p: Double) -> Double {
    var x = 0.551328895421792 * log(p / (1 - p))
    for _ in 0..<12 {
      let density = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
      guard density > 1e-300 else { break }
      x -= (0.5 * erfc(-x / 2.0.squareRoot()) - p) / density
    }
    return x
  }
}
