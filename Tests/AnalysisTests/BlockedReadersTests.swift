import Foundation
import Measures
import Testing
import TraceFormat

@testable import Analysis

@Suite("Readers that a writer blocks")
struct BlockedReadersTests {
  /// What a kernel would trace of readers that come at random, and of two writers that sleep in between.
  ///
  /// Tasks 0 and 1 write, the others read; nanoseconds.
  private struct Known {
    var readers = 8
    /// Reads of one reader, and visits of both writers, a nanosecond.
    var readRate = 4e-6
    var writeRate = 1e-7
    var visit = 20_000.0
    var duration = 1e10
    private(set) var waits: [Wait] = []
    private(set) var tasks: [TaskLedger.Task] = []
    private(set) var visits = 0.0

    init(readers: Int, seed: UInt64) {
      self.readers = readers
      var random = SeededGenerator(seed: seed)
      func exponential(_ mean: Double) -> Double { -mean * log(1 - random.unit()) }
      var now = exponential(1 / writeRate)
      var sleeps: [UInt32] = [0, 0]
      while now < duration {
        let writer = Int32(visits.truncatingRemainder(dividingBy: 2))
        let end = now + exponential(visit)
        for reader in 0..<readers {
          let begin = now + exponential(1 / readRate)
          guard begin < end else { continue }
          let length = UInt64(end - begin)
          waits.append(
            Wait(
              end: UInt64(end), length: length, asleep: length, met: length, lock: 0,
              task: Int32(2 + reader), owner: writer, stack: .none, cpu: 0,
              flags: UInt8(LockFlags([.perCPU, .read]).rawValue), acquired: true))
        }
        visits += 1
        sleeps[Int(writer)] += 1
        now = end + exponential(1 / writeRate)
      }
      waits.sort { $0.begin < $1.begin }
      for task in 0..<(2 + readers) {
        var made = TaskLedger.Task(id: Int32(100 + task), born: 0, lastSeen: UInt64(duration))
        if task < 2 { (made.sleeps, made.systemCalls) = (sleeps[task], UInt64(sleeps[task])) }
        tasks.append(made)
      }
    }
  }

  @Test("how often either comes", arguments: [(8, 1), (8, 2), (3, 3)] as [(Int, UInt64)])
  func rates(_ readers: Int, _ seed: UInt64) throws {
    let known = Known(readers: readers, seed: seed)
    let hold = try #require(waited(known))
    let found = try #require(
      BlockedReaders(
        known.waits, tasks: known.tasks, hold: hold, cpus: 16, locks: 1, duration: known.duration))
    let reads = found.shares.reduce(0) { $0 + $1.reads }
    let visits = found.shares.reduce(0) { $0 + $1.others }
    let truth = known.readRate * Double(readers) * known.duration
    #expect(abs(reads / truth - 1) < 0.25, "\(reads) of \(truth)")
    #expect(abs(visits / known.visits - 1) < 0.1, "\(visits) of \(known.visits)")
    // Nobody else writes.
    #expect(found.shares.allSatisfy { ($0.task < 2) == ($0.others > 0) })
  }

  private func waited(_ known: Known) -> HoldEstimate? {
    HoldEstimate(backlogs: [], waits: known.waits.map { Double($0.met) })
  }

  @Test("without anybody who is known to have ended a wait there is nothing to say")
  func unknown() throws {
    let known = Known(readers: 8, seed: 1)
    let waits = known.waits.map { wait in
      var wait = wait
      wait.owner = -1
      return wait
    }
    #expect(
      BlockedReaders(
        waits, tasks: known.tasks, hold: waited(known), cpus: 16, locks: 1,
        duration: known.duration) == nil)
  }
}
