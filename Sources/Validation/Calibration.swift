import Queueing
import Workloads

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A lock curve moved as far from its prior as the rows with few threads demand, and no farther.
struct Calibration {
  /// The logarithms of the parameters, in the prior's order.
  private(set) var logs: [Double]
  /// Their posterior covariance by Laplace's approximation: the inverse of J'J.
  private var precision: SymmetricSystem
  /// What was believed before.
  let prior: PriorBelief
  /// Squared residuals of rows and prior together: minus twice the logarithm of the posterior, but for
  /// a constant.
  private(set) var misfit: Double

  private let model: (LockCurve, Int) -> Double

  /// Rows far below the prediction say less about it than rows next to it: relative noise of a row
  /// at n threads is `noise` and `distanceNoise` per factor of two below K, in quadrature.
  static let noise = 0.03
  static let distanceNoise = 0.03

  /// Finds the most probable parameters for `rows`, all at most `limit` threads.
  ///
  /// Damped least squares on the logarithm of throughput, the prior's deviations being residuals like
  /// the others (K. Levenberg 1944, D. W. Marquardt, SIAM J. 11, 1963; derivatives by differences).
  /// `model` is throughput per nanosecond of a curve at a thread count.
  init(
    prior: PriorBelief, rows: [ScalingTable.Row], limit: Int,
    model: @escaping (LockCurve, Int) -> Double
  ) {
    self.prior = prior
    self.model = model
    let centre = prior.coordinates.map { log($0.median) }
    let targets = rows.map { row -> (threads: Int, log: Double, weight: Double) in
      let octaves = log2(Double(limit) / Double(row.threads))
      let far = Self.distanceNoise * octaves
      return (
        row.threads, log(row.perUs / 1e3), 1 / (Self.noise * Self.noise + far * far).squareRoot()
      )
    }
    func residuals(_ at: [Double]) -> [Double] {
      let curve = prior.curve(at: at)
      return targets.map { ($0.weight * (log(model(curve, $0.threads)) - $0.log)) }
        + zip(prior.coordinates, zip(at, centre)).map { ($1.0 - $1.1) / $0.spread }
    }
    func jacobian(_ at: [Double], _ r: [Double]) -> [[Double]] {
      at.indices.map { j in
        var moved = at
        moved[j] += Self.difference
        return zip(residuals(moved), r).map { ($0 - $1) / Self.difference }
      }
    }
    func normal(_ columns: [[Double]], damping: Double) -> [[Double]] {
      columns.indices.map { i in
        columns.indices.map { j in
          dot(columns[i], columns[j]) * (i == j ? 1 + damping : 1)
        }
      }
    }
    var at = centre
    var r = residuals(at)
    var cost = dot(r, r)
    var damping = 1e-2
    search: for _ in 0..<60 {
      let columns = jacobian(at, r)
      let gradient = columns.map { -dot($0, r) }
      var improved: (at: [Double], r: [Double], cost: Double)?
      for _ in 0..<8 where improved == nil {
        let step = SymmetricSystem(normal(columns, damping: damping)).solve(gradient)
        let next = zip(at, step).map { $0 + max(-1, min(1, $1)) }
        let nextResiduals = residuals(next)
        let nextCost = dot(nextResiduals, nextResiduals)
        if nextCost < cost { improved = (next, nextResiduals, nextCost) } else { damping *= 4 }
      }
      guard let improved else { break search }
      let gain = cost - improved.cost
      (at, r, cost) = improved
      damping = max(damping / 4, 1e-6)
      if gain < 1e-7 * cost { break }
    }
    logs = at
    misfit = cost
    precision = SymmetricSystem(normal(jacobian(at, r), damping: 0))
  }

  private static let difference = 1e-4

  /// The calibrated curve.
  var curve: LockCurve { prior.curve(at: logs) }

  /// The logarithm of what the rows say for this family of curves against another with the same rows.
  ///
  /// Laplace's approximation of the integral of likelihood times prior (R. E. Kass and A. E. Raftery,
  /// JASA 90, 1995, eq. 4), but for a constant of the rows.
  var logEvidence: Double {
    -0.5 * misfit - 0.5 * precision.logDeterminant
      - prior.coordinates.reduce(0) { $0 + log($1.spread) }
  }

  /// What the rows say of each parameter, by its place, where they say more than was believed.
  var estimates: [(path: WritableKeyPath<LockCurve.Parameters, Double>, said: LockCode.Estimate)] {
    prior.coordinates.indices.compactMap { j in
      let one = prior.coordinates[j]
      let variance = precision.solve(logs.indices.map { $0 == j ? 1.0 : 0 })[j]
      let before = 1 / (one.spread * one.spread)
      let gained = 1 / variance - before
      guard gained > 0.1 * before else { return nil }
      let mean = (logs[j] / variance - log(one.median) * before) / gained
      return (one.path, LockCode.Estimate(mean: mean, variance: 1 / gained))
    }
  }

  /// Throughput per nanosecond of the calibrated curve.
  func fitted(threads: Int) -> Double { model(curve, threads) }

  /// The logarithm of throughput per nanosecond at a thread count, and the variance that the
  /// parameters leave it.
  func forecast(threads: Int) -> (log: Double, variance: Double) {
    let best = log(model(curve, threads))
    let slope = logs.indices.map { j in
      var moved = logs
      moved[j] += Self.difference
      return (log(model(prior.curve(at: moved), threads)) - best) / Self.difference
    }
    return (best, max(0, dot(slope, precision.solve(slope))))
  }
}
