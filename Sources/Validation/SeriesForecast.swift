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
  init?(_ series: ScalingTable.Series, machine: Machine, order: CPUOrder, limit: Int) {
    let known = series.rows.filter { $0.threads <= limit }
    let unknown = series.rows.filter { $0.threads > limit }
    guard let last = known.last, !unknown.isEmpty else { return nil }
    let calibration = Calibration(
      series, rows: known, machine: machine, order: order, limit: limit)
    let fitted = known.map { calibration.forecast(threads: $0.threads).perNs * 1e3 }
    let discrepancy = Discrepancy(
      threads: known.map(\.threads),
      residuals: zip(known, fitted).map { log($0.perUs / $1) }, noise: Calibration.noise)
    let points = known.map { (count: Double($0.threads), throughput: $0.perUs) }
    let usl = ScalabilityLaw.fit(points, coherency: true)
    let amdahl = ScalabilityLaw.fit(points, coherency: false)

    name = series.name
    lockKind = series.lockKind
    kindKnown = LockFamily(series.lockKind).known
    parameters = zip(calibration.prior.coordinates, calibration.logs).map {
      ValidationReport.Parameter(name: $0.name, prior: $0.median, value: exp($1))
    }
    calibrated = zip(known, fitted).map {
      ValidationReport.Fitted(threads: $0.threads, measured: $0.perUs, fitted: $1)
    }
    self.points = unknown.map { row in
      let parametric = calibration.forecast(threads: row.threads)
      let missed = discrepancy.forecast(threads: row.threads)
      let value = parametric.perNs * 1e3 * exp(missed.mean)
      let spread =
        (parametric.variance + missed.variance + Calibration.noise * Calibration.noise)
        .squareRoot()
      // The two-sided 90 % point of the normal distribution.
      let factor = exp(1.6449 * spread)
      let n = Double(row.threads)
      return ValidationReport.Point(
        threads: row.threads, measured: row.perUs,
        predicted: Interval(value: value, low: value / factor, high: value * factor),
        usl: usl?.throughput(at: n) ?? last.perUs, amdahl: amdahl?.throughput(at: n) ?? last.perUs,
        flat: last.perUs)
    }
  }
}

extension Calibration {
  /// Calibrates the curve of a series on `rows`, its threads on the CPUs of `order`.
  init(
    _ series: ScalingTable.Series, rows: [ScalingTable.Row], machine: Machine, order: CPUOrder,
    limit: Int
  ) {
    let costs = TransferCosts(machine)
    var occupancies: [Int: Occupancy] = [:]
    for row in series.rows {
      occupancies[row.threads] = Occupancy(threads: row.threads, order: order, machine: machine)
    }
    let places = occupancies
    self.init(
      prior: PriorBelief(series, rows: rows, costs: costs), rows: rows, limit: limit
    ) { curve, threads in
      let occupancy =
        places[threads] ?? Occupancy(threads: threads, order: order, machine: machine)
      return curve.turnsPerNs(occupancy, capacity: order.places.count, costs: costs)
    }
  }
}
