import Queueing
import Workloads

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What the series of a table have in common: the code of their lock.
///
/// A harness that states its times runs one lock under several of them. How many lines a hand-over moves,
/// what a waiter adds to it and how far it travels are then matters of the lock and the machine, and what
/// the rows of one series say of them is known of the others (partial pooling: A. Gelman and J. Hill, Data
/// Analysis Using Regression, 2007, chapter 12; each series' own estimate, not one for all, as the model
/// has no place for all that its times change).
struct LockCode {
  /// What the rows of one series say of a parameter, without what was believed before.
  struct Estimate {
    /// Of the logarithm.
    var mean: Double
    /// Of the logarithm.
    var variance: Double
  }

  /// Parameters that belong to the code.
  static var shared: [WritableKeyPath<LockCurve.Parameters, Double>] {
    [\.lines, \.storm, \.invalidations, \.fairness]
  }
  /// How far two series of one code differ, as a share of what is believed before any row.
  static let between = 0.5

  private let estimates:
    [(
      kind: String, name: String, path: WritableKeyPath<LockCurve.Parameters, Double>,
      said: Estimate
    )]

  /// What the rows with at most `limit` threads of each series of `table` say, if it states its times.
  init(_ table: ScalingTable, machine: Machine, placement: ThreadPlacement, limit: Int) {
    let stated = table.series.filter { $0.criticalNs != nil && $0.parallelNs != nil }
    guard stated.count > 1 else {
      estimates = []
      return
    }
    var found:
      [(
        kind: String, name: String, path: WritableKeyPath<LockCurve.Parameters, Double>,
        said: Estimate
      )] = []
    for series in stated {
      let rows = series.rows.filter { $0.threads <= limit }
      if rows.isEmpty { continue }
      let calibration = Calibration(
        series, as: LockFamily(series.lockKind), rows: rows, machine: machine,
        placement: placement, limit: limit)
      for (path, said) in calibration.estimates where Self.shared.contains(path) {
        found.append((series.lockKind, series.name, path, said))
      }
    }
    estimates = found
  }

  /// A coordinate of the belief for `series`, after the others' rows.
  func informed(
    _ coordinate: PriorBelief.Coordinate, for series: ScalingTable.Series
  ) -> PriorBelief.Coordinate {
    let apart = Self.between * coordinate.spread
    var precision = 1 / (coordinate.spread * coordinate.spread)
    var sum = precision * log(coordinate.median)
    for other in estimates
    where other.kind == series.lockKind && other.name != series.name
      && other.path == coordinate.path
    {
      let weight = 1 / (other.said.variance + apart * apart)
      precision += weight
      sum += weight * other.said.mean
    }
    var informed = coordinate
    informed.median = exp(sum / precision)
    // However many the others are, this series differs from them.
    informed.spread = max((1 / precision).squareRoot(), min(apart, coordinate.spread))
    return informed
  }
}
