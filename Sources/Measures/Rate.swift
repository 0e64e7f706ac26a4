/// How often something happens, in events per second.
public struct Rate: Hashable, Comparable, Sendable {
  /// Events per second.
  public var perSecond: Double

  /// A rate of `perSecond` events per second.
  @inlinable
  public init(perSecond: Double) { self.perSecond = perSecond }

  /// `count` events over `span`; zero where the span is not positive.
  @inlinable
  public init(count: Double, over span: Nanoseconds) {
    perSecond = span.value > 0 ? count * 1e9 / span.value : 0
  }

  /// Rarer before more frequent.
  @inlinable
  public static func < (a: Rate, b: Rate) -> Bool { a.perSecond < b.perSecond }
}
