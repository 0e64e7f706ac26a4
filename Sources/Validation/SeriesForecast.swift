import Measures
import Queueing
import Workloads

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension ValidationReport.Series {
  /// Calibrates on the rows with at most `limit` threads and predicts the others.
  ///
  /// Nil if there is no row to calibrate on or none to predict.
  init?(
    _ series: ScalingTable.Series, machine: Machine, placement: ThreadPlacement,
    sleeping evidence: SleepingEvidence, code: LockCode, limit: Int
  ) {
    let known = series.rows.filter { $0.threads <= limit }
    let unknown = series.rows.filter { $0.threads > limit }
    guard let last = known.last, !unknown.isEmpty else { return nil }
    let beliefs = SeriesBelief.all(
      of: series, rows: known, machine: machine, placement: placement, code: code, limit: limit)
    let named = beliefs.max { $0.share < $1.share }?.calibration ?? beliefs[0].calibration
    let sleeping = SleepingRegime(
      LockFamily(series.lockKind), hold: named.curve.parameters.hold, machine: machine,
      asleep: evidence.others(than: series))
    let overloaded = OverloadedRegime(LockFamily(series.lockKind), rows: known)
    let points = known.map { (count: Double($0.threads), throughput: $0.perUs) }
    let usl = ScalabilityLaw.fit(points, coherency: true)
    let amdahl = ScalabilityLaw.fit(points, coherency: false)

    name = series.name
    lockKind = series.lockKind
    kindKnown = LockFamily(series.lockKind).known
    namedLockLimits = beliefs.reduce(0) { $0 + ($1.isNamed ? $1.share : 0) }
    parameters = zip(named.prior.coordinates, named.logs).map {
      ValidationReport.Parameter(name: $0.name, prior: $0.median, value: exp($1))
    }
    calibrated = known.map {
      ValidationReport.Fitted(
        threads: $0.threads, measured: $0.perUs, fitted: 1e3 * named.fitted(threads: $0.threads))
    }
    self.points = unknown.map { row in
      let parts = beliefs.map { $0.forecast(threads: row.threads) }
      let spinning = overloaded?.joined(to: parts, threads: row.threads) ?? parts
      let mixture = LogMixture(parts: sleeping?.joined(to: spinning) ?? spinning)
      let (low, value, high) = (
        mixture.quantile(0.05), mixture.quantile(0.5), mixture.quantile(0.95)
      )
      let n = Double(row.threads)
      return ValidationReport.Point(
        threads: row.threads, measured: row.perUs,
        predicted: Interval(value: 1e3 * value, low: 1e3 * low, high: 1e3 * high),
        usl: usl?.throughput(at: n) ?? last.perUs, amdahl: amdahl?.throughput(at: n) ?? last.perUs,
        flat: last.perUs)
    }
  }
}
