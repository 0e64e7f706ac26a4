/// How long to measure.
public struct Effort: Hashable, Sendable {
  /// Samples of each quantity on one pair of CPUs.
  public var samples: Int
  /// Pairs of CPUs of which the line transfer is measured.
  public var pairs: Int
  /// The longest that one quantity may take.
  public var limit: Duration

  /// Under 30 s on any number of CPUs; a few seconds on a small machine.
  public static let full = Effort(samples: 101, pairs: 1_024, limit: .milliseconds(1_500))
  /// A fraction of a second, for tests and a first look.
  public static let short = Effort(samples: 9, pairs: 16, limit: .milliseconds(100))
}
