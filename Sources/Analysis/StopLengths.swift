#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How long a task's stops were, by powers of eight: a visit of a kernel thread takes microseconds, another
/// task's slice milliseconds, and who comes for a lock meanwhile comes in the long ones.
struct StopLengths: Sendable, Equatable {
  /// Stops below 1 us, 8 us, 64 us and so on, and their nanoseconds.
  private(set) var counts = SIMD8<Double>(repeating: 0)
  private(set) var sums = SIMD8<Double>(repeating: 0)

  /// Adds a stop.
  mutating func add(_ length: UInt64) {
    let power = (64 - (length >> 10).leadingZeroBitCount + 2) / 3
    let bucket = min(7, power)
    counts[bucket] += 1
    sums[bucket] += Double(length)
  }

  /// Adds another's stops, `weight` times.
  mutating func merge(_ other: StopLengths, weight: Double) {
    counts += other.counts * weight
    sums += other.sums * weight
  }

  /// The share of stops in which somebody comes who comes `rate` times a nanosecond, at random.
  func chance(rate: Double) -> Double {
    var (came, all) = (0.0, 0.0)
    for bucket in 0..<8 where counts[bucket] > 0 {
      all += counts[bucket]
      came += counts[bucket] * (1 - exp(-rate * sums[bucket] / counts[bucket]))
    }
    return all > 0 ? came / all : 0
  }
}
