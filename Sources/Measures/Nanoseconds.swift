/// A span of time in nanoseconds, measured or modelled.
///
/// Backed by a double: whole nanoseconds are exact up to 2^53 (104 days), and a model's fractions
/// of a nanosecond are kept.
public struct Nanoseconds: Hashable, Comparable, Sendable {
  /// The span in nanoseconds; negative where a clock ran backwards.
  public var value: Double

  /// A span of `value` nanoseconds.
  @inlinable
  public init(_ value: Double) { self.value = value }

  /// No time at all.
  public static let zero = Nanoseconds(0)

  /// The span in seconds.
  @inlinable public var seconds: Double { value / 1e9 }

  /// A span of `seconds` seconds.
  @inlinable
  public static func seconds(_ seconds: Double) -> Nanoseconds { Nanoseconds(seconds * 1e9) }

  /// Shorter before longer.
  @inlinable
  public static func < (a: Nanoseconds, b: Nanoseconds) -> Bool { a.value < b.value }

  /// Both spans, one after the other.
  @inlinable
  public static func + (a: Nanoseconds, b: Nanoseconds) -> Nanoseconds {
    Nanoseconds(a.value + b.value)
  }

  /// What is left of `a` after `b`.
  @inlinable
  public static func - (a: Nanoseconds, b: Nanoseconds) -> Nanoseconds {
    Nanoseconds(a.value - b.value)
  }

  /// `count` such spans.
  @inlinable
  public static func * (a: Nanoseconds, count: Double) -> Nanoseconds {
    Nanoseconds(a.value * count)
  }

  /// How many times `b` fits into `a`.
  @inlinable
  public static func / (a: Nanoseconds, b: Nanoseconds) -> Double { a.value / b.value }

  /// Adds `b` to `a`.
  @inlinable
  public static func += (a: inout Nanoseconds, b: Nanoseconds) { a.value += b.value }
}

extension Nanoseconds: Codable {
  /// Reads a bare number of nanoseconds.
  public init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(Double.self))
  }

  /// Writes a bare number of nanoseconds.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}
