public import Measures

/// Numbers as reports print them: three significant digits, SI prefixes, ASCII, no locale.
///
/// Written here because FoundationEssentials has no `String(format:)`, and so that the same value
/// gives the same characters on every platform. What is not finite prints as `n/a` or `unbounded`.
public enum NumberText {
  /// What stands where no number is.
  public static let none = "n/a"

  /// `number` with `decimals` digits behind the point, rounded half away from zero.
  public static func fixed(_ number: Double, decimals: Int) -> String {
    guard number.isFinite else { return notFinite(number) }
    let power = powers[max(0, min(decimals, powers.count - 1))]
    let scaled = (number.magnitude * power).rounded(.toNearestOrAwayFromZero)
    guard scaled < 1e15 else { return "\(number)" }
    let whole = UInt64(scaled)
    let unit = UInt64(power)
    let sign = number < 0 && whole > 0 ? "-" : ""
    guard decimals > 0 else { return sign + String(whole) }
    let fraction = String(whole % unit)
    let zeros = String(repeating: "0", count: max(0, decimals - fraction.count))
    return "\(sign)\(whole / unit).\(zeros)\(fraction)"
  }

  /// `number` with `digits` significant digits and no exponent: `0.0123`, `1.23`, `1230`.
  public static func significant(_ number: Double, digits: Int = 3) -> String {
    fixed(number, decimals: decimals(for: number, digits: digits))
  }

  /// A share of one as percent: `12.3 %`, `0.04 %`.
  public static func percent(_ share: Double) -> String {
    let percent = share * 100
    guard percent.isFinite else { return notFinite(percent) }
    switch percent.magnitude {
    case 0: return "0 %"
    case ..<0.01: return percent < 0 ? ">-0.01 %" : "<0.01 %"
    case ..<1: return fixed(percent, decimals: 2) + " %"
    case 99.95..<100.05: return percent < 0 ? "-100 %" : "100 %"
    case 1000...: return fixed(percent, decimals: 0) + " %"
    default: return fixed(percent, decimals: 1) + " %"
    }
  }

  /// A relative change with its sign: `+3.0 %`.
  public static func change(_ share: Double) -> String {
    guard share.magnitude >= 0.0001 || share.isNaN else { return "0.00 %" }
    let text = percent(share)
    return share > 0 && share.isFinite ? "+" + text : text
  }

  /// A factor: `3.42x`.
  public static func factor(_ ratio: Double) -> String {
    ratio.isFinite ? significant(ratio) + "x" : notFinite(ratio)
  }

  /// A whole number with commas at the thousands: `1,234,567`.
  public static func whole(_ number: some BinaryInteger) -> String {
    let digits = Array(String(number.magnitude))
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// A count of things: exact with commas below ten thousand, with a prefix from there on: `12.3 k`.
  public static func tally(_ number: some BinaryInteger) -> String {
    number.magnitude < 10_000 ? whole(number) : count(Double(number))
  }

  /// A round number without the zeros behind its point: `5 M`, `300 k`.
  static func round(_ number: Double) -> String {
    count(number).replacing(".00", with: "").replacing(/\.0(?= |$)/, with: "")
  }

  /// A span of time: `450 ns`, `4.50 us`, `12.3 ms`, `1.20 s`.
  public static func duration(_ span: Nanoseconds) -> String {
    scaled(span.value, durations)
  }

  /// A rate a second: `1.23 M/s`.
  public static func rate(_ perSecond: Double) -> String { scaled(perSecond, rates) }

  /// A count with a prefix: `1.23 M`.
  public static func count(_ number: Double) -> String { scaled(number, counts) }

  /// Bytes with decimal prefixes: `4.30 GB`.
  public static func bytes(_ number: Double) -> String { scaled(number, sizes) }

  /// A rate with its interval in one unit: `1.23 (1.10..1.36) M/s`; without where it has none.
  public static func rate(_ interval: Interval) -> String { scaled(interval, rates) }

  /// A factor with its interval: `3.42x (3.10x..3.80x)`.
  public static func factor(_ interval: Interval) -> String {
    interval.low == interval.high
      ? factor(interval.value)
      : "\(factor(interval.value)) (\(factor(interval.low))..\(factor(interval.high)))"
  }

  private static let powers: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6]
  private static let durations = [(1.0, "ns"), (1e3, "us"), (1e6, "ms"), (1e9, "s")]
  private static let rates = [(1.0, "/s"), (1e3, "k/s"), (1e6, "M/s"), (1e9, "G/s")]
  private static let counts = [(1.0, ""), (1e3, "k"), (1e6, "M"), (1e9, "G"), (1e12, "T")]
  private static let sizes = [
    (1.0, "B"), (1e3, "kB"), (1e6, "MB"), (1e9, "GB"), (1e12, "TB"),
  ]

  private static func notFinite(_ number: Double) -> String {
    number.isNaN ? none : number > 0 ? "unbounded" : "-unbounded"
  }

  /// Digits behind the point that make `digits` significant ones; at most six.
  private static func decimals(for number: Double, digits: Int) -> Int {
    let size = number.magnitude
    guard size.isFinite, size > 0 else { return 0 }
    var decimals = digits - 1
    // The power of ten above `size`, and the digits that leaves behind the point.
    var above = 10.0
    while size >= above, decimals > 0 {
      above *= 10
      decimals -= 1
    }
    while size < above / 10, decimals < powers.count - 1 {
      above /= 10
      decimals += 1
    }
    // 9.996 would round up to 10.00, which has a digit too many.
    let rounded = (size * powers[decimals]).rounded(.toNearestOrAwayFromZero) / powers[decimals]
    return rounded >= above && size < above ? max(0, decimals - 1) : decimals
  }

  /// The largest unit in which `size` is at least 1, and not 1000 after rounding to three digits.
  private static func unit(for size: Double, _ units: [(Double, String)]) -> (Double, String) {
    var chosen = units[0]
    for unit in units.dropFirst() where size >= unit.0 * 0.9995 { chosen = unit }
    return chosen
  }

  private static func scaled(_ number: Double, _ units: [(Double, String)]) -> String {
    guard number.isFinite else { return notFinite(number) }
    let (factor, suffix) = unit(for: number.magnitude, units)
    return spaced(significant(number / factor), suffix)
  }

  private static func scaled(_ interval: Interval, _ units: [(Double, String)]) -> String {
    guard interval.value.isFinite, interval.low != interval.high else {
      return scaled(interval.value, units)
    }
    let (factor, suffix) = unit(for: interval.value.magnitude, units)
    let digits = decimals(for: interval.value / factor, digits: 3)
    let parts = [interval.value, interval.low, interval.high].map {
      fixed($0 / factor, decimals: digits)
    }
    return spaced("\(parts[0]) (\(parts[1])..\(parts[2]))", suffix)
  }

  /// `1.23 M/s`, but `12.0/s`.
  private static func spaced(_ number: String, _ suffix: String) -> String {
    suffix.isEmpty || suffix.hasPrefix("/") ? number + suffix : "\(number) \(suffix)"
  }
}
