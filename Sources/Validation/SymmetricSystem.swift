#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A symmetric positive definite matrix, factored once and solved many times.
struct SymmetricSystem: Sendable {
  private let factor: [[Double]]

  /// Factors `matrix` after Cholesky.
  ///
  /// A pivot that rounding made non-positive is raised to a tiny part of its diagonal. O(n^3). Source:
  /// G. H. Golub and C. F. Van Loan, Matrix Computations, 4.2.
  init(_ matrix: [[Double]]) {
    let n = matrix.count
    var lower = Array(repeating: Array(repeating: 0.0, count: n), count: n)
    for row in 0..<n {
      for column in 0...row {
        var sum = matrix[row][column]
        for k in 0..<column { sum -= lower[row][k] * lower[column][k] }
        if row == column {
          lower[row][row] = max(sum, 1e-14 * abs(matrix[row][row]) + 1e-300).squareRoot()
        } else {
          lower[row][column] = sum / lower[column][column]
        }
      }
    }
    factor = lower
  }

  /// The logarithm of the determinant.
  var logDeterminant: Double {
    factor.indices.reduce(0) { $0 + 2 * log(factor[$1][$1]) }
  }

  /// The x with matrix x = right.
  ///
  /// O(n^2).
  func solve(_ right: [Double]) -> [Double] {
    let n = factor.count
    var x = right
    for row in 0..<n {
      for k in 0..<row { x[row] -= factor[row][k] * x[k] }
      x[row] /= factor[row][row]
    }
    for row in stride(from: n - 1, through: 0, by: -1) {
      for k in stride(from: row + 1, to: n, by: 1) { x[row] -= factor[k][row] * x[k] }
      x[row] /= factor[row][row]
    }
    return x
  }
}

/// The sum of products.
func dot(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}
