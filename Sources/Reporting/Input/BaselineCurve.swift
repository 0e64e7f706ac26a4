/// Throughput against CPUs by other means than the engines: a fitted law, a measured series.
public struct BaselineCurve: Hashable, Sendable, Codable {
  /// What it is: `USL fit`.
  public var name: String
  /// CPUs and operations per second, CPUs ascending.
  public var points: [Point]
  /// How it was fitted and from what, one sentence.
  public var remark: String

  /// One point.
  public struct Point: Hashable, Sendable, Codable {
    /// CPUs.
    public var cpus: Int
    /// Operations per second over the machine.
    public var throughputPerSecond: Double

    /// A point; see the properties.
    public init(cpus: Int, throughputPerSecond: Double) {
      self.cpus = cpus
      self.throughputPerSecond = throughputPerSecond
    }

    enum CodingKeys: String, CodingKey {
      case cpus
      case throughputPerSecond = "throughput_per_s"
    }
  }

  /// A curve; see the properties.
  public init(name: String, points: [Point], remark: String) {
    self.name = name
    self.points = points
    self.remark = remark
  }
}
