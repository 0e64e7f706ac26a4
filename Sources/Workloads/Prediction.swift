/// Every point of one run of an engine, with what it takes to repeat it.
public struct Prediction: Hashable, Sendable {
  /// The seed.
  public var seed: UInt64
  /// The rule by which the load grew.
  public var load: LoadRule
  /// The engine: `replay` or `model`.
  public var engine: String
  /// The back-test; nil when the workload carries no measurement.
  public var backtest: Backtest?
  /// The points: by layout in the order asked for, then by CPUs ascending.
  public var points: [PredictionPoint]
  /// The CPU count at which adding a CPU lowers throughput, per layout that has one.
  public var cliff: [Cliff]

  /// Where throughput of a layout peaks.
  public struct Cliff: Hashable, Sendable, Codable {
    /// The layout.
    public var layout: String
    /// The last CPU count before throughput falls.
    public var cpus: Int

    /// A cliff; see the properties.
    public init(layout: String, cpus: Int) {
      self.layout = layout
      self.cpus = cpus
    }
  }

  /// A prediction; see the properties.
  public init(
    seed: UInt64, load: LoadRule, engine: String, backtest: Backtest?, points: [PredictionPoint],
    cliff: [Cliff]
  ) {
    self.seed = seed
    self.load = load
    self.engine = engine
    self.backtest = backtest
    self.points = points
    self.cliff = cliff
  }
}
