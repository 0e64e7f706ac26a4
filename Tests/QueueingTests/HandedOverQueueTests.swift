import Measures
import Testing

@testable import Queueing

/// The queue at a lock that is passed on otherwise than it is taken when free, against chains solved
/// state by state.
@Suite("Handed over")
struct HandedOverQueueTests {
  /// Completions per nanosecond of the chain with states "found free" and "handed over" times customers
  /// present, by stepping its probabilities until they stand still.
  static func stepped(
    customers: Int, think: Double, fresh: Double, handed: (Double) -> Double
  ) -> Double {
    // State 0 is empty, 2 k - 1 found free and 2 k handed over with k present.
    var rates: [(from: Int, to: Int, rate: Double, completes: Bool)] = [
      (0, 1, Double(customers) / think, false)
    ]
    for k in 1...customers {
      for handedOver in [0, 1] {
        let state = 2 * k - 1 + handedOver
        let span = handedOver == 1 ? handed(max(0, Double(k) - 1.5)) : fresh
        rates.append((state, k == 1 ? 0 : 2 * (k - 1), 1 / span, true))
        if k < customers {
          rates.append((state, state + 2, Double(customers - k) / think, false))
        }
      }
    }
    let fastest = 2.5 * (Double(customers) / think + 1 / fresh + 1 / handed(0))
    var share = Array(repeating: 1 / Double(2 * customers + 1), count: 2 * customers + 1)
    for _ in 0..<20_000 {
      var next = share
      for step in rates {
        let moved = share[step.from] * step.rate / fastest
        next[step.from] -= moved
        next[step.to] += moved
      }
      share = next
    }
    return rates.reduce(0) { $0 + ($1.completes ? share[$1.from] * $1.rate : 0) }
  }

  @Test("the recursion solves the chain", arguments: [1, 2, 3, 7], [500.0, 4_000, 20_000])
  func chain(customers: Int, think: Double) {
    for slope in [0.0, 400] {
      let queue = HandedOverQueue(customers: customers, think: think, fresh: 1_000) { behind in
        3_000 + slope * behind
      }
      let exact = Self.stepped(
        customers: customers, think: think, fresh: 1_000, handed: queue.handed)
      #expect(abs(queue.perNs / exact - 1) < 1e-6)
    }
  }

  @Test("one service for all is the machine repairman", arguments: [1, 2, 30, 3_000])
  func repairman(customers: Int) {
    for think in [100.0, 30_000, 1e8] {
      let queue = HandedOverQueue(customers: customers, think: think, fresh: 1_000) { _ in 1_000 }
      let exact = machineRepairman(
        customers: customers, think: Nanoseconds(think), service: Nanoseconds(1_000))
      #expect(abs(queue.perNs * 1e9 / exact.throughput.perSecond - 1) < 1e-9)
    }
  }

  @Test("sleepers: no wake-up is a hand-over, an endless one leaves the lock to arrivals")
  func sleepers() {
    func perNs(_ wakeUp: Double, customers: Int = 6, share: Double = 1) -> Double {
      var queue = HandedOverQueue(customers: customers, think: 4_000, fresh: 1_000) { _ in 1_000 }
      queue.sleepers = HandedOverQueue.Sleepers(
        wakeUp: wakeUp, share: share, cost: 0, waking: 0)
      return queue.perNs
    }
    let exact = machineRepairman(
      customers: 6, think: Nanoseconds(4_000), service: Nanoseconds(1_000))
    #expect(abs(perNs(1e-3) * 1e9 / exact.throughput.perSecond - 1) < 1e-6)
    #expect(abs(perNs(2_000, share: 0) * 1e9 / exact.throughput.perSecond - 1) < 1e-9)
    #expect(abs(perNs(2_000, customers: 1) * 5_000 - 1) < 1e-9)
    let slower = [100, 1_000, 5_000].map { perNs($0) }
    #expect(slower[0] > slower[1] && slower[1] > slower[2])
    // A free lock goes to whoever thinks no longer: at least one customer's own rate.
    #expect(perNs(1e9) > 1.0 / 5_000)
  }
}
