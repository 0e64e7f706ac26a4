/// The exact sample quantile of `sorted` (ascending) at `q` in 0...1, linear between order
/// statistics (type 7 of Hyndman and Fan, "Sample quantiles in statistical packages", 1996).
///
/// Zero for no numbers.
public func quantile(_ q: Double, ofSorted sorted: [Double]) -> Double {
  guard let last = sorted.last else { return 0 }
  let position = q * Double(sorted.count - 1)
  let below = Int(position.rounded(.down))
  guard below + 1 < sorted.count else { return last }
  let fraction = position - Double(below)
  return sorted[below] + fraction * (sorted[below + 1] - sorted[below])
}
