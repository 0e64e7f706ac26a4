import Foundation
import Measures
import Recording
import Testing
import TraceFormat

/// The flight recorder: the latest events in bounded memory.
extension LiveTests {
  @Suite("Flight recorder", .enabled(if: canRecord && LiveMachine.has("stress-ng")))
  struct LiveFlightTests {
    struct Trace {
      var facts: TraceFacts
      var losses: LossAccount
      var stacks: Set<StackID>
      var symbols: [SymbolRecord]
      var events: [Event]
    }

    /// A whole trace.
    static func read(_ path: String) throws -> Trace {
      var reader = try TraceReader(path: path)
      var events: [Event] = []
      while let event = try reader.next() { events.append(event) }
      #expect(reader.ending == .complete)
      return Trace(
        facts: reader.facts, losses: reader.losses, stacks: Set(reader.stacks.records.map(\.id)),
        symbols: reader.symbols.records, events: events)
    }

    @Test("holds the end of the recording, within its memory, and all of it from its start on")
    func latest() throws {
      try LiveMachine.withFolder { folder in
        var options = LiveCountTests.options(folder, ["--switch", "2", "--rename", "4", "-t", "2"])
        options.overwrite = 256 << 10
        let summary = try RecordSession.run(options)
        let reader = try Self.read(summary.output)
        let events = reader.events
        let clock = reader.facts.clock
        // Two seconds were recorded; what is here is the end of them.
        #expect(summary.duration < .seconds(2))
        #expect(clock.endMonotonic > clock.startMonotonic)
        let first = try #require(events.first?.time.nanosecondsSinceBoot)
        let last = try #require(events.last?.time.nanosecondsSinceBoot)
        #expect(first >= clock.startMonotonic)
        #expect(last + 500_000_000 > clock.endMonotonic)
        #expect(reader.losses.lost == summary.lost)
        #expect(reader.losses.suppressed == summary.suppressed)
        for kind in [EventKind.contentionBegin, .contentionEnd, .schedSwitch] {
          let count = events.lazy.filter { $0.kind == kind }.count
          #expect(UInt64(count) == summary.eventsByKind[kind] ?? 0, "\(kind)")
        }
        // Beside other work the end of a load may pass without a contention, never without a switch.
        #expect(events.contains { $0.kind == .schedSwitch })
        let size = try FileManager.default.attributesOfItem(atPath: summary.output)[.size] as? Int
        // Tables come on top of the events: tasks, stacks, symbols, locks.
        #expect(try #require(size) < 3 << 20)
        // Stacks and first sights of locks were logged long before, and are not lost with it.
        let stacks = Set(events.map(\.stack)).subtracting([.none])
        #expect(stacks.allSatisfy { reader.stacks.contains($0) })
        let seen = Set(events.lazy.filter { $0.kind == .lockSeen }.map(\.a))
        let waited = Set(events.lazy.filter { $0.kind == .contentionBegin }.map(\.a))
        #expect(waited.subtracting(seen).count <= max(1, waited.count / 10))
      }
    }

    @Test("SIGUSR2 writes whole traces while recording goes on")
    func snapshots() throws {
      try LiveMachine.withFolder { folder in
        let path = "\(folder)/trace"
        let process = try LiveKillTests.record(["-q", "--overwrite", "-o", path])
        for snapshot in 1...2 {
          usleep(300_000)
          kill(process.processIdentifier, SIGUSR2)
          // A second signal before the first is taken would be the same one.
          for _ in 0..<200 where !FileManager.default.fileExists(atPath: "\(path).\(snapshot)") {
            usleep(50_000)
          }
        }
        usleep(300_000)
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 0)
        let first = try Self.read("\(folder)/trace.1")
        let later = try Self.read("\(folder)/trace.2").events
        let whole = try Self.read("\(folder)/trace")
        let (early, all) = (first.events, whole.events)
        #expect(!early.isEmpty)
        #expect(early.count < later.count && later.count < all.count)
        #expect(Array(all.prefix(early.count / 2)) == Array(early.prefix(early.count / 2)))
        #expect(first.facts.clock.endMonotonic < whole.facts.clock.endMonotonic)
        #expect(first.facts.clock.startMonotonic == whole.facts.clock.startMonotonic)
      }
    }
  }
}
