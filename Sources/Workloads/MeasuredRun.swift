/// What a recording measured of itself: the other side of the back-test.
public struct MeasuredRun: Hashable, Sendable, Codable {
  /// Length of the recording in nanoseconds.
  public var durationNs: Double
  /// Operations per second over the whole machine.
  public var throughputPerSecond: Double
  /// Mean wait per contention by class name, nanoseconds, and contentions per second.
  public var waits: [ClassWait]

  /// One class's measured wait.
  public struct ClassWait: Hashable, Sendable, Codable {
    /// The class.
    public var name: String
    /// Mean wait of a traced contention in nanoseconds.
    public var waitNsMean: Double
    /// Traced contentions per second over the machine.
    public var contentionsPerSecond: Double

    /// One class's measured wait; see the properties.
    public init(name: String, waitNsMean: Double, contentionsPerSecond: Double) {
      self.name = name
      self.waitNsMean = waitNsMean
      self.contentionsPerSecond = contentionsPerSecond
    }

    enum CodingKeys: String, CodingKey {
      case name
      case waitNsMean = "wait_ns_mean"
      case contentionsPerSecond = "contentions_per_s"
    }
  }

  /// A measured run; see the properties.
  public init(durationNs: Double, throughputPerSecond: Double, waits: [ClassWait]) {
    self.durationNs = durationNs
    self.throughputPerSecond = throughputPerSecond
    self.waits = waits
  }

  enum CodingKeys: String, CodingKey {
    case durationNs = "duration_ns"
    case throughputPerSecond = "throughput_per_s"
    case waits
  }
}
