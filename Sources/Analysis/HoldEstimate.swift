import Measures
import Workloads

/// How long a class's locks are held, and where that is known from.
struct HoldEstimate: Sendable {
  /// Where it is known from.
  enum Source: String, Sendable {
    /// Times between hand-overs while somebody queued.
    case backlog
    /// The shape of the waits: a wait is what is left of a hold.
    case residual
    /// Nothing better than the mean wait.
    case wait
  }

  /// Empirical: nanoseconds and weights, ascending.
  private(set) var values: [Double]
  let weights: [Double]
  let source: Source
  /// How many measured spans it rests on.
  let samples: Int

  /// Fewest hand-overs under backlog that count as a distribution.
  static let fewestBacklogs = 20

  /// Least share of waits that must have ended in such a hand-over.
  ///
  /// Where only two tasks mostly meet, the few hand-overs with a third one in the queue are those of
  /// owners that lost their CPU: the longest holds, and no sample of all.
  static let rarestBacklogs = 0.05

  /// The mean, nanoseconds.
  var mean: Double { Analysis.mean(of: values, weights: weights) }

  /// The best estimate from hand-over spans and waits of one class, nanoseconds, in any order; nil
  /// without either.
  ///
  /// - Parameters:
  ///   - shorter: spans after which the lock was found free again: the hold was less.
  ///   - regime: which waiters `waits` are.
  init?(
    backlogs: [Double], shorter: [Double] = [], waits: [Double], regime: Regime = .everyWaiter
  ) {
    if backlogs.count >= Self.fewestBacklogs,
      Double(backlogs.count) >= Self.rarestBacklogs * Double(waits.count)
    {
      let sorted = backlogs.sorted()
      (values, weights) = Self.compressed(
        sorted, Self.uncensored(sorted, shorter: shorter.sorted()))
      (source, samples) = (.backlog, backlogs.count)
    } else if waits.count >= 10 {
      (values, weights) =
        regime == .notFirstWaiter
        ? Self.behindFirstWaiter(waits)
        : Self.fitted(Self.residual(waits.sorted()), toWaits: waits)
      (source, samples) = (.residual, waits.count)
    } else if !waits.isEmpty {
      let mean = waits.reduce(0, +) / Double(waits.count)
      (values, weights) = ([max(1, mean)], [1])
      (source, samples) = (.wait, waits.count)
    } else {
      return nil
    }
  }

  /// The estimate from spans that were held and others that were longer than what was; nil where they are few.
  init?(spans: [Double], shorter: [Double]) {
    guard spans.count >= Self.fewestBacklogs else { return nil }
    let sorted = spans.sorted()
    (values, weights) = Self.compressed(sorted, Self.uncensored(sorted, shorter: shorter.sorted()))
    (source, samples) = (.backlog, spans.count)
  }

  /// Mean hold by what is left of it in `waits`: one over their density at zero, nanoseconds.
  static func meanByDensity(_ waits: [Double]) -> Double {
    let holds = residual(waits.sorted())
    return max(1, Analysis.mean(of: holds.values, weights: holds.weights))
  }

  /// The same shape with no mean above `longest`: owners of one lock follow each other, so their mean
  /// hold is at most the recording's length over their number.
  func bounded(by longest: Double) -> HoldEstimate {
    mean > longest ? scaled(by: longest / mean) : self
  }

  /// The same shape, `factor` times as long.
  func scaled(by factor: Double) -> HoldEstimate {
    var scaled = self
    for index in values.indices { scaled.values[index] *= factor }
    return scaled
  }

  /// Shares of the samples below which a group of the compressed distribution ends: finer where the
  /// tail is, which decides the variance.
  static let groupEnds = [
    0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.82, 0.88, 0.92, 0.95, 0.97, 0.985, 0.995, 1,
  ]

  /// The group means of ascending samples, with the groups' weights: the mean is kept exactly.
  static func compressed(
    _ sorted: [Double], _ sampleWeights: [Double]
  ) -> (values: [Double], weights: [Double]) {
    var values: [Double] = []
    var weights: [Double] = []
    let total = sampleWeights.reduce(0, +)
    var (start, below) = (0, 0.0)
    for end in groupEnds {
      var (sum, weight) = (0.0, 0.0)
      while start < sorted.count, below + sampleWeights[start] / 2 <= end * total || end == 1 {
        sum += sorted[start] * sampleWeights[start]
        weight += sampleWeights[start]
        below += sampleWeights[start]
        start += 1
      }
      guard weight > 0 else { continue }
      values.append(max(1, sum / weight))
      weights.append(weight)
    }
    return (values, weights)
  }

  /// The weight of each ascending sample where other samples are only known to be below a bound.
  ///
  /// A long hold is met by the next customer more often than a short one, so the holds that were met
  /// are too long on average. The others are left-censored, and the product-limit estimator taken
  /// from the longest down corrects for them (Kaplan and Meier 1958; Ware and DeMets, Biometrics 32,
  /// 1976). What it leaves below the shortest sample goes to that one. All weights are 1 without bounds.
  static func uncensored(_ sorted: [Double], shorter bounds: [Double]) -> [Double] {
    var weights = Array(repeating: 1.0, count: sorted.count)
    var left = Double(sorted.count + bounds.count)
    var bound = bounds.count
    for index in sorted.indices.reversed() {
      while bound > 0, bounds[bound - 1] > sorted[index] { bound -= 1 }
      weights[index] = left / Double(index + 1 + bound)
      left -= weights[index]
    }
    if left > 0, !weights.isEmpty { weights[0] += left }
    return weights
  }

  /// The holds scaled up so that their mean residual life, E[h^2] / 2 E[h], is no less than the mean
  /// wait: what the steps of `residual` lose between them is given back.
  ///
  /// They are not scaled down: of few customers none meets one long hold twice, so that the longest
  /// waits overstate the second moment without making short holds any shorter.
  private static func fitted(
    _ holds: (values: [Double], weights: [Double]), toWaits waits: [Double]
  ) -> (values: [Double], weights: [Double]) {
    let pairs = zip(holds.values, holds.weights)
    let first = pairs.reduce(0) { $0 + $1.0 * $1.1 }
    let second = pairs.reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
    let wait = waits.reduce(0, +) / Double(waits.count)
    guard second > 0, wait > 0 else { return holds }
    let factor = max(1, wait * 2 * first / second)
    return (holds.values.map { max(1, $0 * factor) }, holds.weights)
  }

  /// The hold distribution of a lock whose first waiter is not traced.
  ///
  /// Who is traced came in a hold in which somebody had come before, and waits for what is left of it and
  /// then for that one's own. Two arrivals are in a hold as often as its square is long, and what it has
  /// left at the second is r with a density of E[(h - r)+] / (E[h^2] / 2): its moments are
  /// E[h^3] / 3 E[h^2] and E[h^4] / 6 E[h^2]. Holds are taken as gamma-distributed, whose mean and
  /// variation follow from the mean and variation of the waits; two values stand for them that have their
  /// first three moments.
  private static func behindFirstWaiter(
    _ waits: [Double]
  ) -> (values: [Double], weights: [Double]) {
    let count = Double(waits.count)
    let mean = waits.reduce(0, +) / count
    let variance = waits.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    /// Mean and squared variation of the waits for holds of mean 1 and squared variation `square`.
    func shape(_ square: Double) -> (mean: Double, square: Double) {
      let rest = (1 + 2 * square) / 3
      let mean = rest + 1
      let variance = (1 + 2 * square) * (1 + 3 * square) / 6 - rest * rest + square
      return (mean, variance / (mean * mean))
    }
    var (low, high) = (0.0, mostVaried)
    for _ in 0..<50 {
      let middle = (low + high) / 2
      if shape(middle).square * mean * mean < variance { low = middle } else { high = middle }
    }
    let hold = mean / shape(low).mean
    let spread = low.squareRoot()
    let root = (1 + low).squareRoot()
    let (short, long) = (1 + spread * (spread - root), 1 + spread * (spread + root))
    guard long > short else { return ([max(1, hold)], [1]) }
    return ([max(1, hold * short), max(1, hold * long)], [long - 1, 1 - short])
  }

  /// No holds vary more than this, as a squared coefficient of variation.
  private static let mostVaried = 20.0

  /// The hold distribution whose residual life the ascending waits are.
  ///
  /// An arrival that finds only the owner waits for the rest of its hold, whose density at x is
  /// P(hold > x) / E[hold] (D. R. Cox, "Renewal Theory", 1962, section 5.2). That density never rises,
  /// so it is fitted as the nearest falling step function (pool adjacent violators: Ayer et al., 1955)
  /// over groups of waits; each step down is a share of holds of that length. The first group is wide
  /// because such a fit is not consistent at zero (Woodroofe and Sun, 1993).
  static func residual(_ sorted: [Double]) -> (values: [Double], weights: [Double]) {
    let groups = min(16, max(3, sorted.count / 8))
    var edges = [0.0]
    var ends = (1...groups).map { Double($0) / Double(groups) }
    // The longest waits are few and far apart: one group of them all would spread them evenly up to the
    // longest, and make of a few long holds many.
    var tail = 0.5 / Double(groups)
    while tail * Double(sorted.count) >= 8 {
      ends.insert(1 - tail, at: ends.count - 1)
      tail /= 2
    }
    for end in ends {
      let edge = quantile(end, ofSorted: sorted)
      if edge > (edges.last ?? 0) { edges.append(edge) }
    }
    guard edges.count > 1 else { return ([1], [1]) }
    var blocks: [(mass: Double, width: Double, end: Double)] = []
    var below = 0
    for index in 1..<edges.count {
      var until = below
      while until < sorted.count, sorted[until] <= edges[index] { until += 1 }
      blocks.append((Double(until - below), edges[index] - edges[index - 1], edges[index]))
      below = until
      while blocks.count > 1 {
        let (a, b) = (blocks[blocks.count - 2], blocks[blocks.count - 1])
        guard a.mass / a.width < b.mass / b.width else { break }
        blocks.removeLast(2)
        blocks.append((a.mass + b.mass, a.width + b.width, b.end))
      }
    }
    var values: [Double] = []
    var weights: [Double] = []
    for (index, block) in blocks.enumerated() {
      let density = block.mass / block.width
      let next =
        index + 1 < blocks.count ? blocks[index + 1].mass / blocks[index + 1].width : 0
      if density > next {
        values.append(max(1, block.end))
        weights.append(density - next)
      }
    }
    return (values, weights)
  }
}
