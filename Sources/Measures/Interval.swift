/// A number with the range it is believed to lie in.
public struct Interval: Hashable, Sendable {
  /// The best single number.
  public var value: Double
  /// The lower end of the range, at most `value`.
  public var low: Double
  /// The upper end of the range, at least `value`.
  public var high: Double

  /// A number and its range.
  public init(value: Double, low: Double, high: Double) {
    self.value = value
    self.low = low
    self.high = high
  }

  /// A number known exactly (a closed form, a count).
  public init(exactly value: Double) { self.init(value: value, low: value, high: value) }

  /// The same quantity in other units: every end times `factor`, which must not be negative.
  public func scaled(by factor: Double) -> Interval {
    Interval(value: value * factor, low: low * factor, high: high * factor)
  }

  /// Whether `number` lies in the range, ends included.
  public func contains(_ number: Double) -> Bool { low <= number && number <= high }
}

extension Interval: Codable {}
