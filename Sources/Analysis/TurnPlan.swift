/// How many operations one turn of a loop stands for, so that what happens a fraction of a time per
/// operation happens a whole number of times per turn.
struct TurnPlan: Sendable {
  /// Operations a turn; need not be whole.
  let operations: Double
  /// Occurrences a turn, in the order of the rates given.
  let counts: [Int]

  /// Most occurrences in one turn.
  static let longest = 400

  /// Plans a turn for things that happen `rates` times per operation and matter by `weights`.
  ///
  /// Every turn length is tried that makes one of the five weightiest rates whole and the turn no
  /// longer than `longest`; the one with the least weighted relative error of all rates is taken, the
  /// shortest of equals. A rate too rare for the longest turn occurs zero times: it is left out, and
  /// the caller says so.
  init(rates: [Double], weights: [Double]) {
    let total = rates.reduce(0, +)
    guard total > 0 else {
      (operations, counts) = (1, rates.map { _ in 0 })
      return
    }
    var best = (error: Double.infinity, operations: 1 / total)
    let weightiest = rates.indices.filter { rates[$0] > 0 }
      .sorted { weights[$0] != weights[$1] ? weights[$0] > weights[$1] : $0 < $1 }
    for index in weightiest.prefix(5) {
      for whole in 1...Self.longest {
        let operations = Double(whole) / rates[index]
        guard operations * total <= Double(Self.longest) else { break }
        var error = 0.0
        for (rate, weight) in zip(rates, weights) where rate > 0 {
          let exact = rate * operations
          error += weight * abs(exact.rounded() - exact) / exact
        }
        if error < best.error - 1e-3 { best = (error, operations) }
      }
    }
    operations = best.operations
    counts = rates.map { Int(($0 * best.operations).rounded()) }
  }
}
