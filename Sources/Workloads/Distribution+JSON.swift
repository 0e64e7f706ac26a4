import Measures

extension Distribution: Codable {
  private enum Key: String, CodingKey {
    case dist, mean, value, values, weights, low, high, variation
  }

  /// Reads `{ "dist": "exponential", "mean": 10 }` and its kin, or a bare number: a constant.
  public init(from decoder: any Decoder) throws {
    if let constant = try? decoder.singleValueContainer().decode(Double.self) {
      self = .constant(Nanoseconds(try Self.checked(constant, "value", decoder)))
      return
    }
    let container = try decoder.container(keyedBy: Key.self)
    func number(_ key: Key) throws -> Double {
      try Self.checked(try container.decode(Double.self, forKey: key), key.rawValue, decoder)
    }
    let name = try container.decode(String.self, forKey: .dist)
    switch name {
    case "constant": self = .constant(Nanoseconds(try number(.value)))
    case "exponential": self = .exponential(mean: Nanoseconds(try number(.mean)))
    case "uniform":
      self = .uniform(low: Nanoseconds(try number(.low)), high: Nanoseconds(try number(.high)))
    case "lognormal":
      self = .logNormal(mean: Nanoseconds(try number(.mean)), variation: try number(.variation))
    case "empirical":
      let values = try container.decode([Double].self, forKey: .values)
      let weights = try container.decodeIfPresent([Double].self, forKey: .weights)
      guard let made = Distribution.empirical(values: values, weights: weights) else {
        throw DecodingError.dataCorruptedError(
          forKey: .values, in: container,
          debugDescription: "empirical wants one or more values, none negative, and a weight each")
      }
      self = made
    default:
      throw DecodingError.dataCorruptedError(
        forKey: .dist, in: container,
        debugDescription:
          "'\(name)' is none of constant, exponential, uniform, lognormal, empirical")
    }
  }

  /// Writes the form that `init(from:)` reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .constant(let value):
      try container.encode("constant", forKey: .dist)
      try container.encode(value.value, forKey: .value)
    case .exponential(let mean):
      try container.encode("exponential", forKey: .dist)
      try container.encode(mean.value, forKey: .mean)
    case .uniform(let low, let high):
      try container.encode("uniform", forKey: .dist)
      try container.encode(low.value, forKey: .low)
      try container.encode(high.value, forKey: .high)
    case .logNormal(let mean, let variation):
      try container.encode("lognormal", forKey: .dist)
      try container.encode(mean.value, forKey: .mean)
      try container.encode(variation, forKey: .variation)
    case .empirical(let values, let cumulative):
      try container.encode("empirical", forKey: .dist)
      try container.encode(values, forKey: .values)
      let weights = cumulative.indices.map {
        cumulative[$0] - ($0 == 0 ? 0 : cumulative[$0 - 1])
      }
      try container.encode(weights, forKey: .weights)
    }
  }

  private static func checked(
    _ number: Double, _ key: String, _ decoder: any Decoder
  ) throws -> Double {
    guard number.isFinite, number >= 0 else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "\(key) must be zero or more"))
    }
    return number
  }
}
