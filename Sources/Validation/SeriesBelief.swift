import Queueing
import Workloads

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One explanation of a series, calibrated on its known rows, and how much it is believed.
struct SeriesBelief {
  /// The curve of this explanation.
  let calibration: Calibration
  /// What the curve misses of the known rows.
  let discrepancy: Discrepancy
  /// The share of belief; those of all explanations sum to 1.
  let share: Double
  /// Whether the lock that the series names is what limits it.
  let isNamed: Bool

  /// What is believed before any row: that not the named lock limits the benchmark but something else, or
  /// a part that runs on one thread.
  ///
  /// Source of the latter: G. M. Amdahl, AFIPS 1967. A program whose operations take longer than any critical section has one as often as not. A
  /// benchmark's loop has none but the start of its threads, which shows where nothing else does.
  static let otherwise = (elsewhere: 0.1, serialLoop: 0.1, serialProgram: 0.4)

  /// The explanations of a series: first that the named lock limits it, then that others do.
  ///
  /// A benchmark's table names the lock under study, not the first thing to saturate. If it names a lock,
  /// nothing shared may limit it as far as the table goes; if it names none, something unknown may. Either
  /// way a part may run on one thread. A known benchmark leaves open only which version of it ran. Shares
  /// follow from the rows by Bayes' rule (J. A. Hoeting et al., "Bayesian model averaging", Stat. Sci.
  /// 14(4), 1999). `rows` are known and not empty.
  static func all(
    of series: ScalingTable.Series, rows: [ScalingTable.Row], machine: Machine,
    placement: ThreadPlacement, code: LockCode, limit: Int
  ) -> [SeriesBelief] {
    let named = LockFamily(series.lockKind)
    var other = named
    other.discipline = named.discipline == .none ? .unordered : .none
    var explanations: [(family: LockFamily, delay: Double, believed: Double)] = []
    if let delays = KnownBenchmark(series)?.sharedOutHolds, !delays.isEmpty {
      explanations = delays.map { (named, $0, 1 / Double(delays.count)) }
    } else {
      var alone = named
      alone.discipline = .serial
      let serial =
        PriorBelief.isProgram(rows)
        ? Self.otherwise.serialProgram : named.discipline == .none ? Self.otherwise.serialLoop : 0
      explanations = [
        (named, 0, 1 - Self.otherwise.elsewhere - serial), (other, 0, Self.otherwise.elsewhere),
      ]
      if serial > 0 { explanations.append((alone, 0, serial)) }
    }
    let calibrations = explanations.map {
      Calibration(
        series, as: $0.family, sharedOutHold: $0.delay, code: $0.family == named ? code : nil,
        rows: rows, machine: machine, placement: placement, limit: limit)
    }
    let best = calibrations.reduce(-Double.infinity) { max($0, $1.logEvidence) }
    let weights = zip(explanations, calibrations).map { $0.believed * exp($1.logEvidence - best) }
    let all = weights.reduce(0, +)
    return zip(explanations, zip(calibrations, weights)).map { explanation, found in
      SeriesBelief(
        found.0, rows: rows, share: found.1 / all, isNamed: explanation.family == named)
    }
  }

  private init(
    _ calibration: Calibration, rows: [ScalingTable.Row], share: Double, isNamed: Bool
  ) {
    self.calibration = calibration
    self.share = share
    self.isNamed = isNamed
    discrepancy = Discrepancy(
      threads: rows.map(\.threads),
      residuals: rows.map { log($0.perUs / (1e3 * calibration.fitted(threads: $0.threads))) },
      // The last rows are trusted more than their noise allows: they are next to what is predicted.
      noise: Calibration.noise / 2,
      floor: calibration.prior.curve.spansUnderLoad
        ? Discrepancy.floor.loop
        : PriorBelief.isProgram(rows) ? Discrepancy.floor.program : Discrepancy.floor.other)
  }

  /// The throughput of a row to come, per nanosecond, as this explanation's part of a mixture.
  func forecast(threads: Int) -> LogMixture.Part {
    let parametric = calibration.forecast(threads: threads)
    let missed = discrepancy.forecast(threads: threads)
    return LogMixture.Part(
      mean: parametric.log + missed.mean,
      variance: parametric.variance + missed.variance + Calibration.noise * Calibration.noise,
      share: share)
  }
}

extension Calibration {
  /// Calibrates the curve of a series on `rows`, its threads where `placement` says.
  init(
    _ series: ScalingTable.Series, as family: LockFamily, sharedOutHold: Double = 0,
    code: LockCode? = nil, rows: [ScalingTable.Row], machine: Machine, placement: ThreadPlacement,
    limit: Int
  ) {
    let costs = TransferCosts(machine)
    var occupancies: [Int: PlacedThreads] = [:]
    for row in series.rows {
      occupancies[row.threads] = placement.threads(row.threads, machine: machine)
    }
    let places = occupancies
    let prior = PriorBelief(
      series, as: family, sharedOutHold: sharedOutHold, unpinned: placement.packed != nil,
      code: code, rows: rows,
      transfer: { places[$0.threads]?.spread.meanTransfer(costs) ?? costs.island })
    self.init(prior: prior, rows: rows, limit: limit) { curve, threads in
      let placed = places[threads] ?? placement.threads(threads, machine: machine)
      return curve.turnsPerNs(
        placed.occupancy(balanced: curve.parameters.balanced),
        capacity: placement.order.places.count, costs: costs)
    }
  }
}
