#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A logarithmic axis: positive numbers to pixels.
struct LogarithmicAxis {
  /// The smallest number on it.
  let low: Double
  /// The largest number on it; above `low`.
  let high: Double
  /// Where `low` stands.
  let start: Double
  /// Where `high` stands.
  let end: Double

  /// An axis over the positive, finite ones of `numbers`, widened to a factor of two where they are
  /// one number; 1 to 10 where there are none.
  init(over numbers: some Sequence<Double>, from start: Double, to end: Double) {
    let usable = numbers.filter { $0 > 0 && $0.isFinite }
    let least = usable.min() ?? 1
    let most = usable.max() ?? 10
    low = most / least < 2 ? least / 1.4142 : least
    high = most / least < 2 ? most * 1.4142 : most
    self.start = start
    self.end = end
  }

  /// Where `number` stands; the ends of the axis for what lies beyond them.
  func position(_ number: Double) -> Double {
    guard number > low else { return start }
    guard number < high else { return end }
    return start + (end - start) * log(number / low) / log(high / low)
  }

  /// Round numbers on the axis: 1, 2 and 5 times powers of ten, 1 and 3 times them, or about eight
  /// powers alone, by how many decades there are.
  var ticks: [Double] {
    let (first, last) = (log10(low), log10(high))
    let decades = last - first
    let steps: [Double] = decades > 4 ? [1] : decades > 2 ? [1, 3] : [1, 2, 5]
    let stride = max(1, Int(decades / 8))
    var ticks: [Double] = []
    for exponent in Swift.stride(from: Int(first.rounded(.down)), through: Int(last), by: stride) {
      let power = pow(10, Double(exponent))
      for step in steps where (low * 0.999...high * 1.001).contains(power * step) {
        ticks.append(power * step)
      }
    }
    return ticks
  }
}
