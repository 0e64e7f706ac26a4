import Measures
import Workloads

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A distribution of spans made ready for drawing millions: no enum payload to retain, no search.
struct Sampler {
  private enum Shape: UInt8 { case constant, exponential, uniform, logNormal, alias }

  private var shape: Shape
  /// Constant: the value; exponential: the mean; uniform: the low end; log-normal: mu.
  ///
  /// In nanoseconds, mu in their logarithm.
  private var a = 0.0
  /// Uniform: the width; log-normal: sigma.
  private var b = 0.0
  /// Alias: the columns of `AliasTable`.
  private var first: Int32 = 0
  private var columns: Int32 = 0

  /// Prepares `distribution`; an empirical one puts its columns into `table`.
  init(_ distribution: Distribution, table: inout AliasTable) {
    switch distribution {
    case .constant(let value):
      shape = .constant
      a = value.value
    case .exponential(let mean):
      shape = .exponential
      a = mean.value
    case .uniform(let low, let high):
      shape = .uniform
      a = low.value
      b = high.value - low.value
    case .logNormal(let mean, let variation):
      shape = .logNormal
      let variance = log(1 + variation * variation)
      a = mean.value > 0 ? log(mean.value) - variance / 2 : -.infinity
      b = variance.squareRoot()
    case .empirical(let values, let cumulative):
      shape = .alias
      first = Int32(table.columns.count)
      columns = Int32(values.count)
      table.append(values: values, cumulative: cumulative)
    }
  }

  /// One span in nanoseconds, never negative.
  @inline(__always)
  func sample(_ generator: inout SeededGenerator, _ table: borrowing AliasTable) -> Double {
    switch shape {
    case .constant: return a
    case .exponential: return -log(1 - generator.unit()) * a
    case .uniform: return a + b * generator.unit()
    case .logNormal:
      // G. E. P. Box and M. E. Muller, Ann. Math. Statist. 29(2), 1958.
      let radius = (-2 * log(1 - generator.unit())).squareRoot()
      return exp(a + b * radius * cos(2 * .pi * generator.unit()))
    case .alias: return table.draw(Int(first), Int(columns), generator.unit())
    }
  }
}

/// Weighted values drawn in constant time.
///
/// Source: A. J. Walker, "An efficient method for generating discrete random variables with general
/// distributions", ACM TOMS 3(3), 1977, built as M. D. Vose, IEEE TSE 17(9), 1991.
struct AliasTable {
  /// One column: below `threshold` the value itself, else the other.
  struct Column {
    var threshold: Double
    var value: Double
    var other: Double
  }
  private(set) var columns: [Column] = []

  /// Adds the columns of one distribution; `cumulative` is the running sum of weights, not all zero.
  mutating func append(values: [Double], cumulative: [Double]) {
    let n = values.count
    let total = cumulative[n - 1]
    var share = (0..<n).map {
      (cumulative[$0] - ($0 == 0 ? 0 : cumulative[$0 - 1])) / total * Double(n)
    }
    var made = values.map { Column(threshold: 1, value: $0, other: $0) }
    var small = (0..<n).filter { share[$0] < 1 }
    var large = (0..<n).filter { share[$0] >= 1 }
    while let low = small.popLast(), let high = large.last {
      made[low].threshold = share[low]
      made[low].other = values[high]
      share[high] -= 1 - share[low]
      if share[high] < 1 {
        large.removeLast()
        small.append(high)
      }
    }
    columns += made
  }

  /// The value that the uniform number `unit` picks among `count` columns from `first`.
  @inline(__always)
  func draw(_ first: Int, _ count: Int, _ unit: Double) -> Double {
    let scaled = unit * Double(count)
    let index = min(Int(scaled), count - 1)
    let column = columns[first + index]
    return scaled - Double(index) < column.threshold ? column.value : column.other
  }
}
