#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Curves that are fitted to any throughput series without asking what limits it; the baselines a
/// mechanism has to beat.
///
/// Throughput at n is n x rate / (1 + contention (n - 1) + coherency n (n - 1)): N. J. Gunther,
/// Guerrilla Capacity Planning, 2007, eq. 4.31; with coherency zero it is Amdahl's law (G. M. Amdahl,
/// AFIPS 1967).
public struct ScalabilityLaw: Hashable, Sendable {
  /// Throughput of one.
  public var rate: Double
  /// Gunther's sigma, Amdahl's serial share.
  public var contention: Double
  /// Gunther's kappa.
  public var coherency: Double

  /// A law; see the properties.
  public init(rate: Double, contention: Double, coherency: Double = 0) {
    self.rate = rate
    self.contention = contention
    self.coherency = coherency
  }

  /// The throughput of `n`.
  public func throughput(at n: Double) -> Double {
    n * rate / (1 + contention * (n - 1) + coherency * n * (n - 1))
  }

  /// Fits the law to throughputs at counts (both positive) by non-negative least squares on the
  /// relative error of n / throughput, which is linear in 1 / rate, sigma / rate and kappa / rate.
  ///
  /// With `coherency` false it is Amdahl's law that is fitted. Nil for no points or a fit through
  /// nothing.
  public static func fit(
    _ points: [(count: Double, throughput: Double)], coherency: Bool
  ) -> ScalabilityLaw? {
    let rows = points.map { point -> [Double] in
      let weight = point.throughput / point.count
      let n = point.count
      return [weight, (n - 1) * weight, coherency ? n * (n - 1) * weight : 0]
    }
    guard let best = nonNegativeFit(rows), best[0] > 0 else { return nil }
    return ScalabilityLaw(
      rate: 1 / best[0], contention: best[1] / best[0], coherency: best[2] / best[0])
  }

  /// The non-negative weights whose product with each row is nearest to 1 in the sum of squares.
  ///
  /// Three unknowns have eight active sets, and the best feasible one is the answer (C. L. Lawson and
  /// R. J. Hanson, Solving Least Squares Problems, 1974, chapter 23).
  private static func nonNegativeFit(_ rows: [[Double]]) -> [Double]? {
    var best: (cost: Double, weights: [Double])?
    for set in 1..<8 {
      let active = (0..<3).filter { set >> $0 & 1 == 1 }
      var matrix = active.map { i in
        active.map { j in rows.reduce(0) { $0 + $1[i] * $1[j] } }
      }
      var right = active.map { i in rows.reduce(0) { $0 + $1[i] } }
      guard let solved = solve(&matrix, &right), solved.allSatisfy({ $0 >= 0 }) else { continue }
      var weights = [0.0, 0, 0]
      for (place, i) in active.enumerated() { weights[i] = solved[place] }
      let cost = rows.reduce(0.0) { sum, row in
        let residual = row[0] * weights[0] + row[1] * weights[1] + row[2] * weights[2] - 1
        return sum + residual * residual
      }
      if best.map({ cost < $0.cost }) ?? true { best = (cost, weights) }
    }
    return best?.weights
  }

  /// Gaussian elimination with pivots; nil for a singular system.
  private static func solve(_ a: inout [[Double]], _ b: inout [Double]) -> [Double]? {
    let n = b.count
    for column in 0..<n {
      var pivot = column
      for row in column..<n where abs(a[row][column]) > abs(a[pivot][column]) { pivot = row }
      guard abs(a[pivot][column]) > 1e-13 * abs(a[0][0] + 1e-300) else { return nil }
      a.swapAt(column, pivot)
      b.swapAt(column, pivot)
      for row in (column + 1)..<max(n, column + 1) {
        let factor = a[row][column] / a[column][column]
        for k in column..<n { a[row][k] -= factor * a[column][k] }
        b[row] -= factor * b[column]
      }
    }
    for row in stride(from: n - 1, through: 0, by: -1) {
      for k in (row + 1)..<max(n, row + 1) { b[row] -= a[row][k] * b[k] }
      b[row] /= a[row][row]
    }
    return b
  }
}
