import TraceFormat
import Workloads

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How often readers and writers take a lock, and how long readers hold it, where too few meet for a census.
///
/// A reader waits for a writer alone, a writer for both. Of `r` writes a read, and readers that hold `x` times as
/// long as writers, a writer waits R = r + x times as often as a reader (rates of meetings: one's rate times the
/// other's time). What tells r from x is the shape of the waits. A reader's wait is what is left of a writer's
/// hold, a writer's is that in r of R cases and else what is left of a reader's; the density of what is left of a
/// hold is at zero one over its mean, so of the two densities there a writer's is (1 + r) / R of a reader's,
/// however holds vary. And a writer's mean wait is M = r/R + v x/R x times a reader's, where v says how much more
/// holds of readers vary. An rwsem's writers are traced behind readers alone, so there R is x, and nothing says
/// what r is: 1.
struct ReaderWriterBalance: Sendable {
  /// Readers' holds over writers'.
  let holdRatio: Double
  /// Acquisitions of readers and of writers over the recording.
  let reads: Double
  let writes: Double
  /// The same per traced contention of theirs.
  let perRead: Double
  let perWrite: Double

  /// Fewest waits of either that say anything.
  private static let fewest = 10.0

  /// Solves for the balance; nil where either hardly waits.
  ///
  /// - Parameters:
  ///   - readerWaits: of one class, nanoseconds; `writerWaits` likewise.
  ///   - hold: how long writers hold it on average.
  ///   - customers: who share one lock; `locks`: how many locks one scope has; `scopes`: how many scopes.
  init?(
    readerWaits: [Double], writerWaits: [Double], isSemaphore: Bool, hold: Double,
    customers: Double, locks: Double, scopes: Double, duration: Double
  ) {
    let (reading, writing) = (Double(readerWaits.count), Double(writerWaits.count))
    guard reading >= Self.fewest, writing >= Self.fewest, hold > 0, customers >= 2 else {
      return nil
    }
    let waited = readerWaits.reduce(0, +)
    let waitedWriting = writerWaits.reduce(0, +)
    let often = writing / reading
    let balance = isSemaphore ? 1 : Self.writesPerRead(readerWaits, writerWaits)
    let ratio = isSemaphore ? min(20, max(0.05, often)) : often - balance
    // One that comes finds a writer for as long as others write, less what it waits for them itself; it comes
    // when it neither waits nor owns.
    func excess(_ reads: Double) -> Double {
      let busy = reads * hold * (ratio + balance)
      let free = max(
        0.01 * duration * scopes, duration * scopes - (busy + waited + waitedWriting) / customers)
      let met = reads * balance * hold * (1 - 1 / customers) - waited / customers
      return reads * max(0, met) / locks - reading * free
    }
    var (low, high) = (reading, max(2 * reading, duration * scopes * customers / hold))
    for _ in 0..<60 {
      let middle = (low * high).squareRoot()
      if excess(middle) < 0 { low = middle } else { high = middle }
    }
    reads = (low * high).squareRoot()
    writes = max(writing, reads * balance)
    holdRatio = ratio
    perRead = reads / reading
    perWrite = writes / writing
  }

  /// Writes a read: the posterior mean of ln r by what both kinds of waits say.
  ///
  /// Nothing known, r is 1 within a factor of e, v within two: one standard deviation each of a logarithm.
  private static func writesPerRead(_ readerWaits: [Double], _ writerWaits: [Double]) -> Double {
    let (reading, writing) = (Double(readerWaits.count), Double(writerWaits.count))
    let often = writing / reading
    let longer =
      max(1, writerWaits.reduce(0, +)) / writing / max(1, readerWaits.reduce(0, +)) * reading
    let atZero =
      HoldEstimate.meanByDensity(readerWaits) / HoldEstimate.meanByDensity(writerWaits)
    let spread = hypot(densityError, densityNoise * (1 / reading + 1 / writing).squareRoot())
    var points: [(logarithm: Double, surprise: Double)] = []
    for step in -80...80 {
      let logarithm = Double(step) / 20
      let writes = exp(logarithm)
      let ratio = often - writes
      guard ratio > 0.02 * often else { break }
      let density = log(atZero * often / (1 + writes)) / spread
      let variation = (often * longer - writes) / (ratio * ratio)
      let varies = variation > 0 ? log(variation) / variationSpread : 4
      points.append(
        (logarithm, (logarithm * logarithm + density * density + varies * varies) / 2))
    }
    guard let weights = posteriorWeights(surprises: points.map(\.surprise)) else {
      return often / 2
    }
    return exp(mean(of: points.map(\.logarithm), weights: weights))
  }

  /// How far the ratio of two densities at zero is off, in its logarithm, and how far v is.
  ///
  /// Of the ratio with many waits, and with few, times the root of one over their number. From two simulated
  /// customers of one lock.
  private static let densityError = 0.1
  private static let densityNoise = 2.4
  private static let variationSpread = 0.7
}
