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
/// other's time). A reader's wait is what is left of a writer's hold, a writer's wait is that in r of R cases and
/// else what is left of a reader's: M = r/R + x/R x times as long, where holds of both vary alike. Hence
/// x^2 - x = R (M - 1). An rwsem's writers are traced behind readers alone, so there R is x, and nothing says
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
    let ratio: Double
    let balance: Double
    if isSemaphore {
      ratio = min(20, max(0.05, often))
      balance = 1
    } else {
      let longer = waitedWriting / writing / max(1, waited / reading)
      let root = max(0, 1 + 4 * often * (longer - 1)).squareRoot()
      // Of two solutions below one the larger: the other is all but no hold at all.
      ratio = min(max(0.05, (1 + root) / 2), 0.95 * often)
      balance = often - ratio
    }
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
}
