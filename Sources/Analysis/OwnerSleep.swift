import Workloads

/// How long owners of a class sleep in a hold of their own will, for a disk or a timer: not for another lock.
///
/// The time between two hand-overs has it, but no owner moves on in it, so it is no part of the hold. A
/// replay has to play it as a sleep: whoever sleeps comes back when its CPU is free, and with more tasks
/// than CPUs the owner of a lock waits much longer for that than it slept.
struct OwnerSleep: Sendable {
  /// The share of holds in which the owner slept, 0...1.
  let share: Double
  /// How long it slept in those, nanoseconds.
  private let values: [Double]
  private let weights: [Double]

  /// Fewest holds with a sleep in them: one may be chance.
  private static let fewest = 5

  /// What holds say in which the owner slept for the times given, zeros included; nil where hardly any did.
  init?(_ slept: [Double]) {
    let asleep = slept.filter { $0 > 0 }.sorted()
    guard asleep.count >= Self.fewest else { return nil }
    share = Double(asleep.count) / Double(slept.count)
    (values, weights) = HoldEstimate.compressed(asleep, asleep.map { _ in 1 })
  }

  /// Mean time slept in a hold, those without a sleep included, nanoseconds.
  var mean: Double {
    share * Analysis.mean(of: values, weights: weights)
  }

  /// The time slept in a hold of tasks that sleep in `part` of as many holds: mostly none.
  func distribution(_ part: Double) -> Distribution? {
    let all = weights.reduce(0, +)
    let share = share * part
    return .empirical(
      values: [0] + values, weights: [1 - share] + weights.map { $0 * share / all })
  }
}
