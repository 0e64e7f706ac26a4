import Measures
import Testing
import TraceFormat

@testable import Analysis

@Suite("A mutex with somebody on its wait list")
struct MutexCensusTests {
  /// One sleeper for the first half of the trace, in which two tasks take the mutex every 10 us: one
  /// finds it free, the other comes 6 us later and gets it after 2 us.
  private static var trace: String {
    func line(_ ns: Int, _ rest: String) -> String {
      let fraction = String(1_000_000_000 + ns).dropFirst()
      return "1.\(fraction) \(rest)"
    }
    var lines = [
      line(0, "[0] tid=9 contention_begin lock=0xa0 flags=SPIN|MUTEX"),
      line(10, "[0] tid=9 contention_begin lock=0xa0 flags=MUTEX"),
    ]
    for cycle in 1...200 {
      let now = cycle * 10_000
      lines += [
        line(now - 100, "[0] tid=7 contention_begin lock=0xa0 flags=SPIN|MUTEX"),
        line(now, "[0] tid=7 contention_end lock=0xa0 ret=0"),
        line(now + 6_000, "[1] tid=8 contention_begin lock=0xa0 flags=SPIN|MUTEX"),
        line(now + 8_000, "[1] tid=8 contention_end lock=0xa0 ret=0"),
      ]
    }
    lines += [
      line(2_010_000, "[0] tid=9 contention_end lock=0xa0 ret=0"),
      line(4_020_000, "[0] tid=7 sched_switch prev_state=0 next_pid=0 syscalls=1"),
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  @Test("what is counted while all are traced holds for the rest of the recording")
  func census() throws {
    let row = try #require(try analyze(Self.trace).classes.first)
    #expect(row.contentions == 401)
    #expect(abs(row.contentionsPerSecond / 100_000 - 1) < 0.01)
    #expect(abs(row.acquisitionsPerSecond / 200_000 - 1) < 0.01)
  }

  @Test("a span that ends with the lock found free is no hold")
  func foundFree() throws {
    let hold = try #require(try analyze(Self.trace).classes.first?.hold)
    #expect(hold.method == "backlog" && hold.samples == 200)
    #expect(abs(hold.mean - 8_000) < 1)
  }

  @Test("holds that are met are longer than holds: the product-limit estimator corrects for it")
  func censored() {
    // Exponential holds of mean 1, met when longer than the next customer's way, exponential too.
    var random = SeededGenerator(seed: 1)
    var met: [Double] = []
    var bounds: [Double] = []
    for _ in 0..<20_000 {
      let hold = Distribution.draw(&random)
      let next = Distribution.draw(&random)
      if hold > next { met.append(hold) } else { bounds.append(next) }
    }
    met.sort()
    let weights = HoldEstimate.uncensored(met, shorter: bounds.sorted())
    #expect(abs(weights.reduce(0, +) - 20_000) < 1e-3)
    let mean = zip(met, weights).reduce(0) { $0 + $1.0 * $1.1 } / 20_000
    #expect(abs(mean - 1) < 0.05)
    #expect(met.reduce(0, +) / Double(met.count) > 1.4)
    #expect(HoldEstimate.uncensored([1, 2, 3], shorter: []) == [1, 1, 1])
  }

  /// An exponential of mean 1: the first uniform below its own successors, after von Neumann (1951).
  private enum Distribution {
    static func draw(_ random: inout SeededGenerator) -> Double {
      var whole = 0.0
      while true {
        let first = random.unit()
        var (last, count) = (first, 1)
        while true {
          let next = random.unit()
          if next >= last { break }
          (last, count) = (next, count + 1)
        }
        if count % 2 == 1 { return whole + first }
        whole += 1
      }
    }
  }
}
