import Measures

extension ValidationReport {
  /// Errors over many points.
  public struct Summary: Hashable, Sendable {
    /// How many points.
    public var points: Int
    /// The model.
    public var model: Errors
    /// Share of points whose measurement lies in the model's 90 % interval.
    public var intervalCoverage: Double
    /// The Universal Scalability Law.
    public var usl: Errors
    /// Amdahl's law.
    public var amdahl: Errors
    /// The last known row repeated.
    public var flat: Errors

    /// Errors of `points`.
    public init(_ points: [Point]) {
      self.points = points.count
      model = Errors(points) { $0.predicted.value }
      usl = Errors(points) { $0.usl }
      amdahl = Errors(points) { $0.amdahl }
      flat = Errors(points) { $0.flat }
      let inside = points.reduce(0) { $0 + ($1.predicted.contains($1.measured) ? 1 : 0) }
      intervalCoverage = points.isEmpty ? 0 : Double(inside) / Double(points.count)
    }
  }

  /// Quantiles of |predicted - measured| / measured.
  public struct Errors: Hashable, Sendable, Encodable {
    /// Half of the points are nearer.
    public var median: Double
    /// Nine of ten points are nearer.
    public var p90: Double

    enum CodingKeys: String, CodingKey {
      case median = "median_abs_relative_error"
      case p90 = "p90_abs_relative_error"
    }

    init(_ points: [Point], _ predicted: (Point) -> Double) {
      let errors = points.map { abs(predicted($0) / $0.measured - 1) }.sorted()
      median = quantile(0.5, ofSorted: errors)
      p90 = quantile(0.9, ofSorted: errors)
    }
  }
}
