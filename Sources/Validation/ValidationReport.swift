public import Measures
import Queueing
public import Workloads

/// What a model that saw only the rows up to K threads says of the rows beyond, next to what was
/// measured there and to what general curves say.
public struct ValidationReport: Hashable, Sendable {
  /// K: the largest thread count the model may look at.
  public var calibrateTo: Int
  /// The machine's name.
  public var machine: String
  /// Whether the machine's CPU list was read as dealt out over the sockets in turn.
  public var dealtOverSockets: Bool
  /// Whether the benchmark's source or the rows up to K say that threads were spread over the sockets,
  /// whatever the machine's CPU order.
  public var threadsSpread: Bool
  /// The series, in the table's order.
  public var series: [Series]
  /// Names of series that could not be judged, with why.
  public var skipped: [String]

  /// One series.
  public struct Series: Hashable, Sendable, Encodable {
    /// Its name.
    public var name: String
    /// The lock kind as the table spells it.
    public var lockKind: String
    /// Whether the kind is known; if not, it is modelled as a blocking lock without order.
    public var kindKnown: Bool
    /// How much the rows up to K make one believe that the named lock is what limits this benchmark:
    /// 0 to 1.
    public var namedLockLimits: Double
    /// The calibrated parameters of the most believed explanation.
    public var parameters: [Parameter]
    /// The rows it was calibrated on.
    public var calibrated: [Fitted]
    /// The rows beyond K.
    public var points: [Point]

    enum CodingKeys: String, CodingKey {
      case name, parameters, points
      case lockKind = "lock_kind"
      case kindKnown = "lock_kind_known"
      case namedLockLimits = "named_lock_limits_share"
      case calibrated = "calibrated_points"
    }
  }

  /// One calibrated parameter.
  public struct Parameter: Hashable, Sendable, Encodable {
    /// Its name, with the unit.
    public var name: String
    /// What was believed before any row.
    public var prior: Double
    /// What the rows made of it.
    public var value: Double
  }

  /// A row the model saw; throughputs per microsecond.
  public struct Fitted: Hashable, Sendable, Encodable {
    /// Threads.
    public var threads: Int
    /// Measured.
    public var measured: Double
    /// The calibrated curve.
    public var fitted: Double
  }

  /// A row the model did not see; throughputs per microsecond.
  public struct Point: Hashable, Sendable {
    /// Threads.
    public var threads: Int
    /// Measured.
    public var measured: Double
    /// Predicted, with its 90 % interval.
    public var predicted: Interval
    /// The Universal Scalability Law fitted to the same rows.
    public var usl: Double
    /// Amdahl's law fitted to the same rows.
    public var amdahl: Double
    /// The last known row repeated.
    public var flat: Double

    /// (predicted - measured) / measured.
    public var relativeError: Double { predicted.value / measured - 1 }
  }

  /// Calibrates every series of `table` on its rows with at most `limit` threads and predicts the
  /// rest, on `machine`.
  ///
  /// A function of its arguments alone: no random number is drawn. Throws
  /// `TableError.nothingToDo` if no series has rows on both sides of K.
  public init(
    _ table: ScalingTable, machine: Machine, calibrateTo limit: Int
  ) throws(TableError) {
    calibrateTo = limit
    self.machine = machine.name
    let placement = ThreadPlacement(table, machine: machine, limit: limit)
    dealtOverSockets = placement.order.dealtOverSockets
    threadsSpread = placement.packed != nil
    let code = LockCode(table, machine: machine, placement: placement, limit: limit)
    let sleeping = SleepingEvidence(table, machine: machine, limit: limit)
    series = []
    skipped = []
    for one in table.series {
      if let judged = Series(
        one, machine: machine, placement: placement, sleeping: sleeping, code: code, limit: limit)
      {
        series.append(judged)
      } else {
        let side = one.rows.first.map { $0.threads > limit } ?? true ? "up to" : "beyond"
        skipped.append("\(one.name): no row \(side) \(limit) threads")
      }
    }
    if series.isEmpty {
      throw .nothingToDo(
        "no series has rows on both sides of \(limit) threads; choose another --calibrate-to")
    }
  }

  /// Errors of all points of all series.
  public var summary: Summary { Summary(series.flatMap(\.points)) }
}
