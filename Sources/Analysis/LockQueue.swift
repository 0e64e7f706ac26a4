#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One lock and the customers who share it: each thinks for an exponential time, then takes the lock
/// for a time of any distribution, first come first served (M/G/1//N, the machine repairman).
///
/// Solved exactly by the chain of customers left behind at releases, which is skip-free downwards, so
/// that level crossings give its distribution in one pass of positive terms. Source: L. Takacs,
/// "Introduction to the Theory of Queues", Oxford 1962, chapter 5; H. Takagi, "Queueing Analysis 2:
/// Finite Systems", North-Holland 1993.
struct LockQueue: Sendable {
  /// Acquisitions per nanosecond of all customers.
  let acquisitionRate: Double
  /// Share of acquisitions that find the lock held.
  let contendedShare: Double
  /// Share of acquisitions that find it held and somebody waiting already.
  let queuedShare: Double
  /// Mean wait of an acquisition, uncontended ones included, nanoseconds.
  let meanWait: Double
  /// The part of `meanWait` that acquisitions spend which find it held and nobody waiting.
  let firstWaiterWait: Double
  /// Share of time the lock is held.
  let utilization: Double

  /// The lock for `customers` (at least 1), each thinking `think` nanoseconds on average (more than 0)
  /// and holding for one of `holds` in proportion to `weights`.
  ///
  /// O(customers^2 x holds).
  init(customers: Int, think: Double, holds: [Double], weights: [Double]) {
    let n = max(1, customers)
    let mean = mean(of: holds, weights: weights)
    guard mean > 0 else {
      acquisitionRate = Double(n) / think
      (contendedShare, queuedShare, meanWait, firstWaiterWait, utilization) = (0, 0, 0, 0, 0)
      return
    }
    let left = Self.leftBehind(n, think: think, holds: holds, weights: weights)
    let between = mean + left[0] * think / Double(n)
    acquisitionRate = 1 / between
    utilization = mean / between
    contendedShare = 1 - left[0]
    meanWait = max(0, Double(n) * between - think - mean)
    // Somebody becomes the first waiter once in every service that starts with nobody waiting and
    // sees an arrival; its wait is what is then left of the service.
    let rate = Double(n - 1) / think
    let none = chanceOfNobody(in: holds, weights: weights, rate: rate)
    let alone = left[0] + (n > 1 ? left[1] : 0)
    queuedShare = max(0, contendedShare - alone * (1 - none))
    firstWaiterWait = n > 1 ? alone * (mean - (1 - none) / rate) : 0
  }

  /// The distribution of customers at the lock just after a release.
  private static func leftBehind(
    _ n: Int, think: Double, holds: [Double], weights: [Double]
  ) -> [Double] {
    let total = weights.reduce(0, +)
    // By thinking customers: the chance of no arrival in a service, and of at least a arrivals.
    var none: [Double] = []
    var atLeast: [[Double]] = []
    for thinking in 0..<n {
      var arrivals = Array(repeating: 0.0, count: thinking + 1)
      for (hold, weight) in zip(holds, weights) {
        binomial(thinking, -expm1(-hold / think), weight / total, into: &arrivals)
      }
      none.append(arrivals[0])
      for a in stride(from: thinking - 1, through: 0, by: -1) { arrivals[a] += arrivals[a + 1] }
      atLeast.append(arrivals)
    }
    var left = Array(repeating: 0.0, count: n)
    left[0] = 1
    var sum = 1.0
    // Level crossings: what goes up over level j from below comes down from j + 1, one at a time.
    for level in 0..<max(0, n - 1) {
      var up = 0.0
      for from in 0...level {
        let inService = max(1, from)
        // Leaves inService - 1 + a behind: above `level` for a of at least this.
        let least = level - inService + 2
        let tail = atLeast[n - inService]
        if least < tail.count { up += left[from] * tail[least] }
      }
      let down = none[n - (level + 1)]
      let next = down > 0 ? up / down : .infinity
      if next < 1e200 {
        left[level + 1] = next
        sum += next
      } else {
        // Nobody ever thinks through a whole hold: the levels below are never seen.
        for index in 0...level { left[index] = 0 }
        (left[level + 1], sum) = (1, 1)
      }
    }
    return left.map { $0 / sum }
  }

  /// Adds `weight` times the binomial distribution of `n` trials at chance `p` to `out`.
  private static func binomial(_ n: Int, _ p: Double, _ weight: Double, into out: inout [Double]) {
    if p <= 0 {
      out[0] += weight
      return
    }
    if p >= 1 {
      out[n] += weight
      return
    }
    // From the mode outwards, so that no term underflows that counts.
    let mode = min(n, Int(Double(n + 1) * p))
    let logMode =
      lgamma(Double(n + 1)) - lgamma(Double(mode + 1)) - lgamma(Double(n - mode + 1))
      + Double(mode) * log(p) + Double(n - mode) * log1p(-p)
    let peak = weight * exp(logMode)
    let odds = p / (1 - p)
    var term = peak
    for k in stride(from: mode, through: 0, by: -1) {
      out[k] += term
      term *= Double(k) / (Double(n - k + 1) * odds)
      if term < weight * 1e-18 { break }
    }
    term = peak
    for k in mode..<n {
      term *= Double(n - k) * odds / Double(k + 1)
      if term < weight * 1e-18 { break }
      out[k + 1] += term
    }
  }
}
