public import Measures

/// What no closed network can exceed or undercut, whatever its distributions.
public struct AsymptoticBounds: Hashable, Sendable {
  /// Throughput is at most this: min(N / (Z + D), 1 / Dmax).
  ///
  /// Source: P. J. Denning and J. P. Buzen, "The operational analysis of queueing network models", ACM
  /// Computing Surveys 10(3), 1978.
  public var upper: Rate
  /// Throughput is at least this when no customer waits for more than one turn of every other:
  /// N / (Z + N D).
  public var lower: Rate
  /// The number of customers from which on the busiest station limits: (Z + D) / Dmax.
  public var knee: Double

  /// The bounds for `customers` (at least 1) over queueing stations of these demands.
  public init(demands: [Nanoseconds], customers: Int, think: Nanoseconds) {
    let total = demands.reduce(0) { $0 + $1.value }
    let largest = demands.reduce(0) { max($0, $1.value) }
    let n = Double(customers)
    let light = n / (think.value + total)
    upper = Rate(perSecond: 1e9 * (largest > 0 ? min(light, 1 / largest) : light))
    lower = Rate(perSecond: 1e9 * n / (think.value + n * total))
    knee = largest > 0 ? (think.value + total) / largest : .infinity
  }
}
