import Foundation
import Testing

@testable import Analysis

@Suite("The queue at a lock")
struct LockQueueTests {
  /// The exact M/M/1//N: state k has weight N! / (N - k)! (hold / think)^k.
  static func repairman(_ n: Int, _ ratio: Double) -> (rate: Double, idle: Double) {
    var (term, sum) = (1.0, 1.0)
    for k in 1...n {
      term *= Double(n - k + 1) * ratio
      sum += term
    }
    return (1 - 1 / sum, 1 / sum)
  }

  @Test(
    "gives the machine repairman for exponential holds",
    arguments: [1, 2, 4, 16, 64], [0.01, 0.1, 1.0])
  func exponential(n: Int, ratio: Double) {
    // 400 slices of equal chance stand for an exponential hold.
    let holds = (0..<400).map { -log(1 - (Double($0) + 0.5) / 400) }
    let mean = holds.reduce(0, +) / 400
    let queue = LockQueue(
      customers: n, think: mean / ratio, holds: holds, weights: holds.map { _ in 1 })
    let exact = Self.repairman(n, ratio)
    #expect(abs(queue.utilization - exact.rate) < 3e-3 * exact.rate)
    #expect(abs(queue.acquisitionRate * mean - exact.rate) < 3e-3 * exact.rate)
    // The arrival theorem: an arrival sees the queue of one customer less.
    let seenIdle = n == 1 ? 1 : Self.repairman(n - 1, ratio).idle
    #expect(abs(1 - queue.contendedShare - seenIdle) < 3e-3)
  }

  @Test("two customers and constant holds: the textbook's transform")
  func constant() {
    // M/D/1//2: a hold is followed by an idle lock when the other customer thought through it.
    let queue = LockQueue(customers: 2, think: 3, holds: [1], weights: [1])
    let idle = exp(-1.0 / 3)
    #expect(abs(1 - queue.contendedShare - idle) < 1e-12)
    #expect(abs(queue.acquisitionRate - 1 / (1 + idle * 1.5)) < 1e-12)
    #expect(queue.queuedShare == 0, "the second customer is never third")
  }

  @Test("customers who hardly think keep the lock busy", arguments: [2, 8, 200])
  func saturated(n: Int) {
    let queue = LockQueue(customers: n, think: 1e-6, holds: [1, 2], weights: [1, 1])
    #expect(abs(queue.utilization - 1) < 1e-6 && abs(queue.meanWait - 1.5 * Double(n - 1)) < 1e-3)
  }
}
