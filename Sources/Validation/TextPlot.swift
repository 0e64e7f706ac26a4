import Measures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A plot of one series in characters: threads to the right (logarithmic), throughput upwards from zero.
///
/// `o` measured, `*` predicted, `u` the Universal Scalability Law, `|` between the ends of the
/// interval, `:` the last thread count the model saw.
struct TextPlot {
  static let width = 60
  static let height = 12

  private var cells = Array(
    repeating: Array(repeating: Character(" "), count: width), count: height)
  private let (first, last, top): (Double, Double, Double)

  init(_ series: ValidationReport.Series, calibrateTo limit: Int) {
    let threads = series.calibrated.map(\.threads) + series.points.map(\.threads)
    first = Double(threads.min() ?? 1)
    last = max(Double(threads.max() ?? 2), first + 1)
    let measured = series.calibrated.map(\.measured) + series.points.map(\.measured)
    let predicted = series.points.map(\.predicted.value) + series.calibrated.map(\.fitted)
    top = 1.05 * max(measured.max() ?? 1, predicted.max() ?? 1)
    let edge = column(of: limit)
    for row in 0..<Self.height { cells[row][edge] = ":" }
    for point in series.points {
      let (low, high) = (row(of: point.predicted.low), row(of: min(top, point.predicted.high)))
      for row in min(low, high)...max(low, high) {
        cells[row][column(of: point.threads)] = "|"
      }
    }
    for point in series.points { mark("u", point.threads, point.usl) }
    for point in series.calibrated { mark("*", point.threads, point.fitted) }
    for point in series.points { mark("*", point.threads, point.predicted.value) }
    for point in series.calibrated { mark("o", point.threads, point.measured) }
    for point in series.points { mark("o", point.threads, point.measured) }
  }

  private mutating func mark(_ character: Character, _ threads: Int, _ perUs: Double) {
    guard perUs <= top else { return }
    cells[row(of: perUs)][column(of: threads)] = character
  }

  private func column(of threads: Int) -> Int {
    let share = log(max(Double(threads), first) / first) / log(last / first)
    return max(0, min(Self.width - 1, Int((share * Double(Self.width - 1)).rounded())))
  }

  private func row(of perUs: Double) -> Int {
    let share = max(0, perUs) / top
    return max(0, min(Self.height - 1, Int((share * Double(Self.height - 1)).rounded())))
  }

  /// The lines, top first, with a frame and the scales.
  var text: String {
    var lines = ["    \(significant(top)) per us"]
    for row in cells.reversed() { lines.append("    |" + String(row)) }
    lines.append("    +" + String(repeating: "-", count: Self.width))
    let right = "\(Int(last)) threads"
    let left = "     \(Int(first))"
    lines.append(
      left + String(repeating: " ", count: max(1, Self.width + 5 - left.count - right.count))
        + right)
    return lines.joined(separator: "\n")
  }
}

/// A number with three significant digits, without a locale.
func significant(_ value: Double) -> String {
  guard value != 0, value.isFinite else { return value == 0 ? "0" : "?" }
  let exponent = Int(log10(abs(value)).rounded(.down))
  guard (-4...6).contains(exponent) else {
    let mantissa = (value / pow(10, Double(exponent)) * 100).rounded() / 100
    return "\(mantissa)e\(exponent)"
  }
  let digits = max(0, 2 - exponent)
  let scale = pow(10, Double(digits))
  let rounded = (value * scale).rounded() / scale
  return digits == 0 ? String(Int(rounded)) : "\(rounded)"
}

/// A share as whole percent with one decimal.
func percent(_ share: Double) -> String {
  guard share.isFinite else { return "?" }
  return "\((share * 1_000).rounded() / 10) %"
}
