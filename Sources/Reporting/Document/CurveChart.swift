public import Measures

/// Curves of one quantity against the number of CPUs, both on logarithmic axes.
public struct CurveChart: Hashable, Sendable {
  /// What kind of line a curve is.
  public enum Role: Hashable, Sendable {
    /// The control, against which the others are read.
    case control
    /// An alternative.
    case alternative
    /// A curve fitted by other means, for comparison.
    case baseline
  }

  /// One curve.
  public struct Curve: Hashable, Sendable {
    /// Its name, written at its end.
    public var name: String
    /// What kind of line it is.
    public var role: Role
    /// CPUs and value with interval, CPUs ascending; what is not positive and finite is left out.
    public var points: [Point]
    /// The CPU count at which it turns down, where it does.
    public var cliffCPUs: Int?

    /// A curve; see the properties.
    public init(name: String, role: Role, points: [Point], cliffCPUs: Int? = nil) {
      self.name = name
      self.role = role
      self.points = points
      self.cliffCPUs = cliffCPUs
    }
  }

  /// One point of a curve.
  public struct Point: Hashable, Sendable {
    /// CPUs.
    public var cpus: Int
    /// The value and where it is believed to lie.
    public var value: Interval

    /// A point; see the properties.
    public init(cpus: Int, value: Interval) {
      self.cpus = cpus
      self.value = value
    }
  }

  /// What it shows, one line.
  public var title: String
  /// What a reader who cannot see it should know.
  public var summary: String
  /// The unit of the values: `operations/s`.
  public var unit: String
  /// The curves, the control first.
  public var curves: [Curve]
  /// The CPU count that was recorded; everything else is predicted.
  public var recordedCPUs: Int?
  /// The value measured there; nil where none was.
  public var measured: Double?

  /// A chart; see the properties.
  public init(
    title: String, summary: String, unit: String, curves: [Curve], recordedCPUs: Int? = nil,
    measured: Double? = nil
  ) {
    self.title = title
    self.summary = summary
    self.unit = unit
    self.curves = curves
    self.recordedCPUs = recordedCPUs
    self.measured = measured
  }
}
