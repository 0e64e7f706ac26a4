import Testing

@testable import Analysis

@Suite("Readers that own a lock together")
struct ReaderBatchTests {
  private static func batch(since: [UInt64]) -> ReaderBatch {
    var batch = ReaderBatch(epoch: 1)
    for (task, since) in since.enumerated() {
      batch.readers.append(
        ReaderBatch.Reader(task: Int32(task), since: since, clock: OwnerClock()))
    }
    return batch
  }

  @Test("whoever wakes the writer held until then, the others for less")
  func waker() {
    let spans = Self.batch(since: [100, 110, 120]).spans(
      lock: 0, last: 1, now: 1_000, clock: OwnerClock(off: 200))
    #expect(spans.filter { !$0.isBound }.map(\.span) == [690])
    #expect(spans.filter(\.isBound).map(\.span).sorted() == [880, 900])
  }

  @Test("a writer woken by somebody else says nothing of these readers")
  func stranger() {
    #expect(
      Self.batch(since: [100]).spans(lock: 0, last: 7, now: 1_000, clock: OwnerClock()).isEmpty)
  }

  @Test("of a batch in front of a spinning writer one hold is seen, whoever's")
  func spinning() {
    let spans = Self.batch(since: [100, 110]).spans(
      lock: 0, last: nil, now: 1_000, clock: OwnerClock())
    #expect(spans.count == 2 && spans.count { $0.isBound } == 1)
  }

  @Test("how often and how long either waits tells readers and writers apart")
  func balance() throws {
    // A read and a half for a write, holds twice as long: R = 2/3 + 2, M = 1/4 + 3/4 * 2.
    let found = try #require(
      ReaderWriterBalance(
        readerWaits: Array(repeating: 1_000, count: 300),
        writerWaits: Array(repeating: 1_750, count: 800), isSemaphore: false, hold: 1_000,
        customers: 2, locks: 1, scopes: 1, duration: 1e9))
    #expect(abs(found.holdRatio - 2) < 0.01)
    #expect(abs(found.writes / found.reads - 2.0 / 3) < 0.01)
  }
}
