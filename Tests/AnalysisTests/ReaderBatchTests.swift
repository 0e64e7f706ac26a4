import Foundation
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
    // A read and a half for a write, holds twice as long: R = 2/3 + 2. Readers wait for what is left of a writer's
    // hold, writers in three of four cases for what is left of a reader's.
    func rest(_ mean: Double, _ count: Int) -> [Double] {
      (0..<count).map { -mean * log((Double($0) + 0.5) / Double(count)) }
    }
    let found = try #require(
      ReaderWriterBalance(
        readerWaits: rest(1_000, 3_000), writerWaits: rest(1_000, 2_000) + rest(2_000, 6_000),
        isSemaphore: false, hold: 1_000, customers: 2, locks: 1, scopes: 1, duration: 1e9))
    #expect(abs(found.holdRatio - 2) < 0.2)
    #expect(abs(found.writes / found.reads - 2.0 / 3) < 0.2)
  }

  @Test("holds of readers that vary more than writers' do not pass for longer ones")
  func variation() throws {
    // As many writes as reads, all holds 1 us on average: a writer's constant, of ten readers' nine are 0.5 and
    // one is 5.5 us. What is left of those is up to 0.5 us in one half of the cases, up to 5.5 in the other.
    func even(from begin: Double = 0, to end: Double, _ count: Int) -> [Double] {
      (0..<count).map { begin + (end - begin) * (Double($0) + 0.5) / Double(count) }
    }
    let found = try #require(
      ReaderWriterBalance(
        readerWaits: even(to: 1_000, 3_000),
        writerWaits: even(to: 1_000, 3_000) + even(to: 500, 1_500)
          + even(from: 500, to: 5_500, 1_500), isSemaphore: false,
        hold: 1_000, customers: 2, locks: 1, scopes: 1, duration: 1e9))
    #expect(abs(found.holdRatio - 1) < 0.25)
  }
}
