import Measures

/// The demand behind a measured contention rate: how long a customer thinks between a release and its
/// next acquisition.
///
/// The rate of traced contentions falls as the think time grows, whatever the regime, so the think
/// time at which the queue's rate equals the measured one is unique; the mean wait is not used and
/// is left as a check.
struct ThinkTime: Sendable {
  /// Mean think time, nanoseconds; 0 where the measured rate is beyond what the queue can give.
  let think: Double
  /// Acquisitions per traced contention, at least 1.
  let acquisitionsPerContention: Double
  /// Mean wait of a traced contention that the queue predicts, nanoseconds.
  let predictedWait: Double
  /// Wait of untraced first waiters per traced contention, nanoseconds.
  let untracedWait: Double
  /// Mean time from one acquisition of a customer to its next, nanoseconds.
  let cycle: Double
  /// Mean wait of an acquisition, uncontended ones included, nanoseconds.
  let meanWait: Double

  /// Solves for the think time of `customers` at one lock.
  ///
  /// - Parameters:
  ///   - rate: traced contentions of the lock per nanosecond.
  ///   - holds: values and weights, nanoseconds; their mean must be positive.
  init(
    rate: Double, customers: Int, regime: Regime, holds: (values: [Double], weights: [Double])
  ) {
    let hold = mean(of: holds.values, weights: holds.weights)
    func queue(_ think: Double) -> LockQueue {
      LockQueue(customers: customers, think: think, holds: holds.values, weights: holds.weights)
    }
    func traced(_ queue: LockQueue) -> Double {
      queue.acquisitionRate
        * (regime == .notFirstWaiter ? queue.queuedShare : queue.contendedShare)
    }
    var low = hold * 1e-6
    var high = hold
    while traced(queue(high)) > rate, high < 1e18 { high *= 8 }
    if traced(queue(low)) > rate {
      for _ in 0..<48 {
        let middle = (low * high).squareRoot()
        if traced(queue(middle)) > rate { low = middle } else { high = middle }
        if high / low < 1 + 1e-7 { break }
      }
      think = (low * high).squareRoot()
    } else {
      think = 0
    }
    let solved = queue(max(think, low))
    let share = regime == .notFirstWaiter ? solved.queuedShare : solved.contendedShare
    acquisitionsPerContention = share > 0 ? max(1, 1 / share) : 1
    let hidden = regime == .notFirstWaiter ? solved.firstWaiterWait : 0
    predictedWait = share > 0 ? max(0, solved.meanWait - hidden) / share : 0
    untracedWait = share > 0 ? hidden / share : 0
    cycle = Double(customers) / solved.acquisitionRate
    meanWait = solved.meanWait
  }
}
