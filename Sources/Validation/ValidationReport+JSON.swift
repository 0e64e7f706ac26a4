import Measures

extension ValidationReport: Encodable {
  /// The schema written.
  public static let schema = "oslet.validation/1"

  enum Key: String, CodingKey {
    case schema, machine, series, skipped, summary
    case calibrateTo = "calibrate_to"
    case threadsSpread = "threads_spread_over_sockets"
    case dealtOverSockets = "cpu_list_dealt_over_sockets"
  }

  /// Writes the document.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(Self.schema, forKey: .schema)
    try container.encode(calibrateTo, forKey: .calibrateTo)
    try container.encode(machine, forKey: .machine)
    try container.encode(dealtOverSockets, forKey: .dealtOverSockets)
    try container.encode(threadsSpread, forKey: .threadsSpread)
    try container.encode(series, forKey: .series)
    try container.encode(skipped, forKey: .skipped)
    try container.encode(summary, forKey: .summary)
  }
}

extension ValidationReport.Point: Encodable {
  enum Key: String, CodingKey {
    case threads, measured, predicted, low, high, usl, amdahl, flat
    case relativeError = "relative_error"
  }

  /// Writes the point.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(threads, forKey: .threads)
    try container.encode(measured, forKey: .measured)
    try container.encode(predicted.value, forKey: .predicted)
    try container.encode(predicted.low, forKey: .low)
    try container.encode(predicted.high, forKey: .high)
    try container.encode(relativeError, forKey: .relativeError)
    try container.encode(usl, forKey: .usl)
    try container.encode(amdahl, forKey: .amdahl)
    try container.encode(flat, forKey: .flat)
  }
}

extension ValidationReport.Summary: Encodable {
  enum Key: String, CodingKey {
    case points, usl, amdahl, flat
    case median = "median_abs_relative_error"
    case p90 = "p90_abs_relative_error"
    case intervalCoverage = "interval_coverage"
  }

  /// Writes the summary.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(points, forKey: .points)
    try container.encode(model.median, forKey: .median)
    try container.encode(model.p90, forKey: .p90)
    try container.encode(intervalCoverage, forKey: .intervalCoverage)
    try container.encode(usl, forKey: .usl)
    try container.encode(amdahl, forKey: .amdahl)
    try container.encode(flat, forKey: .flat)
  }
}
