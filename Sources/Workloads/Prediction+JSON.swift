extension Prediction: Codable {
  /// The schema written and read.
  public static let schema = "oslet.prediction/1"

  private enum Key: String, CodingKey {
    case schema, seed, load, engine, backtest, points, cliff
  }

  /// Reads the document.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let found = try container.decode(String.self, forKey: .schema)
    guard found == Self.schema else {
      throw WorkloadError.schema(found: found, expected: Self.schema)
    }
    self.init(
      seed: try container.decode(UInt64.self, forKey: .seed),
      load: try container.decode(LoadRule.self, forKey: .load),
      engine: try container.decode(String.self, forKey: .engine),
      backtest: try container.decodeIfPresent(Backtest.self, forKey: .backtest),
      points: try container.decode([PredictionPoint].self, forKey: .points),
      cliff: try container.decode([Cliff].self, forKey: .cliff))
  }

  /// Writes the document; `backtest` is null when there was nothing to test against.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(Self.schema, forKey: .schema)
    try container.encode(seed, forKey: .seed)
    try container.encode(load, forKey: .load)
    try container.encode(engine, forKey: .engine)
    try container.encode(backtest, forKey: .backtest)
    try container.encode(points, forKey: .points)
    try container.encode(cliff, forKey: .cliff)
  }
}
