/// An instant on the recording's clock: nanoseconds of CLOCK_MONOTONIC since boot.
///
/// The difference of two instants is `Nanoseconds`; the sum of two instants does not compile.
public struct TraceTime: Hashable, Comparable, Sendable {
  /// Nanoseconds since boot, as `bpf_ktime_get_ns` returns them.
  public var nanosecondsSinceBoot: UInt64

  /// The instant `nanosecondsSinceBoot` after boot.
  @inlinable
  public init(nanosecondsSinceBoot: UInt64) {
    self.nanosecondsSinceBoot = nanosecondsSinceBoot
  }

  /// The instant of boot.
  public static let zero = TraceTime(nanosecondsSinceBoot: 0)

  /// Earlier before later.
  @inlinable
  public static func < (a: TraceTime, b: TraceTime) -> Bool {
    a.nanosecondsSinceBoot < b.nanosecondsSinceBoot
  }

  /// The signed span from `b` to `a`; exact up to 104 days apart.
  @inlinable
  public static func - (a: TraceTime, b: TraceTime) -> Nanoseconds {
    a >= b
      ? Nanoseconds(Double(a.nanosecondsSinceBoot - b.nanosecondsSinceBoot))
      : Nanoseconds(-Double(b.nanosecondsSinceBoot - a.nanosecondsSinceBoot))
  }
}
