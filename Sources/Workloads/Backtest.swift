/// The recorded image replayed at the recorded size, against what was measured.
public struct Backtest: Hashable, Sendable, Codable {
  /// The recorded size.
  public var cpus: Int
  /// (predicted - measured) / measured throughput.
  public var throughputRelativeError: Double
  /// The same for the total wait of all classes.
  public var waitRelativeError: Double
  /// The same for each class's mean wait.
  public var classes: [ClassError]

  /// One class's back-test.
  public struct ClassError: Hashable, Sendable, Codable {
    /// The class.
    public var name: String
    /// Measured mean wait per contention, nanoseconds.
    public var measuredNs: Double
    /// Predicted mean wait per contention, nanoseconds.
    public var predictedNs: Double

    /// One class's back-test; see the properties.
    public init(name: String, measuredNs: Double, predictedNs: Double) {
      self.name = name
      self.measuredNs = measuredNs
      self.predictedNs = predictedNs
    }

    enum CodingKeys: String, CodingKey {
      case name
      case measuredNs = "measured_ns"
      case predictedNs = "predicted_ns"
    }
  }

  /// A back-test; see the properties.
  public init(
    cpus: Int, throughputRelativeError: Double, waitRelativeError: Double, classes: [ClassError]
  ) {
    self.cpus = cpus
    self.throughputRelativeError = throughputRelativeError
    self.waitRelativeError = waitRelativeError
    self.classes = classes
  }

  enum CodingKeys: String, CodingKey {
    case cpus, classes
    case throughputRelativeError = "throughput_relative_error"
    case waitRelativeError = "wait_relative_error"
  }
}
