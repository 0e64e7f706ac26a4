import Measures
import Testing

@testable import Analysis

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite("Spinlocks whose first waiter is not traced")
struct FirstWaiterTests {
  /// Waits of those who come in a hold in which somebody has come before, at a rate so low that they hardly
  /// meet a third: nanoseconds.
  ///
  /// Holds are played one by one and arrivals in them at random, as the definition has it; nothing of the
  /// estimator's moments is used.
  private static func waits(
    hold: (inout SeededGenerator) -> Double, mean: Double, seed: UInt64
  ) -> [Double] {
    var random = SeededGenerator(seed: seed)
    var waits: [Double] = []
    while waits.count < 3_000 {
      let length = hold(&random)
      var (arrivals, now) = ([Double](), 0.0)
      while true {
        now -= 20 * mean * log(1 - random.unit())
        if now > length { break }
        arrivals.append(now)
      }
      guard arrivals.count >= 2 else { continue }
      waits.append(length - arrivals[1] + hold(&random))
    }
    return waits
  }

  @Test("the hold comes back from waits for another waiter", arguments: [0.0, 1, 4])
  func hold(squaredVariation square: Double) throws {
    let mean = 1_000.0
    let waits = Self.waits(
      hold: { random in
        switch square {
        case 0: return mean
        case 1: return -mean * log(1 - random.unit())
        default:
          // Two exponentials with balanced means: hyperexponential, mean 1, squared variation 4.
          let share = 0.5 * (1 + ((square - 1) / (square + 1)).squareRoot())
          let isShort = random.unit() < share
          let rate = 2 * (isShort ? share : 1 - share)
          return -mean * log(1 - random.unit()) / rate
        }
      }, mean: mean, seed: 3)
    let behind = try #require(HoldEstimate(backlogs: [], waits: waits, regime: .notFirstWaiter))
    #expect(behind.source == .residual)
    #expect(abs(behind.mean / mean - 1) < (square > 1 ? 0.25 : 0.08), "\(behind.mean)")
    // Taken for what is left of one hold they make it twice as long and more.
    let left = try #require(HoldEstimate(backlogs: [], waits: waits))
    #expect(square > 1 || left.mean > 1.3 * mean, "\(left.mean)")
  }
}
