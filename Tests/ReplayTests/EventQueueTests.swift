import Measures
import Testing
import Workloads

@testable import Replay

@Suite struct EventQueueTests {
  @Test("events come out by time, and at one time in the order they went in")
  func order() {
    var random = SeededGenerator(seed: 3)
    var queue = EventQueue(capacity: 2)
    var reference: [(time: Double, order: Int, handle: Int32)] = []
    var out: [Int32] = []
    var expected: [Int32] = []
    var inserted = 0
    func takeBoth() {
      guard let event = queue.next() else { return }
      out.append(event.handle)
      let least = reference.indices.min {
        (reference[$0].time, reference[$0].order) < (reference[$1].time, reference[$1].order)
      }
      if let least { expected.append(reference.remove(at: least).handle) }
    }
    var now = 0.0
    for _ in 0..<500 {
      for _ in 0..<random.index(below: 4) {
        // Few distinct times, so that many are equal.
        let time = now + Double(random.index(below: 6))
        _ = queue.insert(at: time, handle: Int32(inserted))
        reference.append((time, inserted, Int32(inserted)))
        inserted += 1
      }
      if random.index(below: 3) > 0 { takeBoth() }
      now += 0.5
    }
    while !queue.isEmpty { takeBoth() }
    #expect(out == expected)
    #expect(out.count == inserted)
    #expect(queue.next() == nil)
  }

  @Test("a sampler draws the mean and the variation of its distribution")
  func samplers() throws {
    for distribution in try TestWorkload.shapes() {
      var table = AliasTable()
      let sampler = Sampler(distribution, table: &table)
      var random = SeededGenerator(seed: 11)
      var statistics = Statistics()
      for _ in 0..<20_000 { statistics.add(sampler.sample(&random, table)) }
      let mean = distribution.mean.value
      let deviation = distribution.squaredVariation.squareRoot() * mean
      // Five standard errors of the mean.
      #expect(abs(statistics.mean - mean) <= 5 * deviation / 20_000.0.squareRoot() + 1e-9)
      #expect(abs(statistics.standardDeviation - deviation) <= 0.05 * deviation + 1e-9)
    }
  }
}
