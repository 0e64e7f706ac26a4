import Foundation
import Measures
import Recording
import Testing
import TraceFormat

extension LiveTests {
  /// Recordings that end by a trigger, and those that go on in new files.
  @Suite("Parts of a recording", .enabled(if: canRecord && LiveMachine.has("stress-ng")))
  struct LivePartsTests {
    /// Waits of a trace by a pairing of its own, and those that its triggers marked.
    static func waits(
      _ events: [Event]
    ) -> (longest: UInt64, beyond: (UInt64) -> Set<UInt64>, fired: [Event]) {
      var open: [[UInt64]: UInt64] = [:]
      var ends: [(at: UInt64, length: UInt64)] = []
      for event in events {
        let time = event.time.nanosecondsSinceBoot
        let key = [UInt64(UInt32(bitPattern: event.task.rawValue)), event.a]
        // A mutex that spins and then sleeps begins twice: one wait.
        if event.kind == .contentionBegin, open[key] == nil { open[key] = time }
        if event.kind == .contentionEnd, let begin = open.removeValue(forKey: key) {
          ends.append((time, time - begin))
        }
      }
      return (
        ends.map(\.length).max() ?? 0,
        { limit in Set(ends.filter { $0.length > limit }.map(\.at)) },
        events.filter { $0.kind == .trigger }
      )
    }

    @Test("a long wait ends the recording, and every wait as long is marked at its end")
    func wait() throws {
      try LiveMachine.withFolder { folder in
        var options = LiveCountTests.options(folder, ["--rename", "4", "-t", "20"])
        options.overwrite = 64 << 20
        options.keep = .seconds(10)
        options.triggers = [try Trigger.parse("wait>1ms")]
        let summary = try RecordSession.run(options)
        #expect(summary.end == .trigger)
        let trace = try LiveFlightTests.read(summary.output)
        #expect(trace.facts.triggers == ["wait>1ms"])
        let waits = Self.waits(trace.events)
        #expect(!waits.fired.isEmpty)
        #expect(waits.fired.allSatisfy { $0.value == TriggerCause.wait.rawValue })
        #expect(waits.fired.allSatisfy { $0.b > 1_000_000 })
        // The clock is read once more for a wait's begin than for its record.
        let marked = Set(waits.fired.map { $0.time.nanosecondsSinceBoot })
        #expect(marked.isSubset(of: waits.beyond(990_000)))
        #expect(waits.beyond(1_010_000).isSubset(of: marked))
      }
    }

    @Test("a late IPI is marked with the function that ran; snapshots are counted")
    func interrupt() throws {
      try LiveMachine.withFolder { folder in
        var options = LiveCountTests.options(folder, ["--membarrier", "2", "-t", "2"])
        options.overwrite = 64 << 20
        options.triggers = [try Trigger.parse("ipi>1us")]
        options.snapshots = 2
        let summary = try RecordSession.run(options)
        #expect(summary.end == .command)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.filter { $0.hasPrefix("trace") }.sorted() == ["trace", "trace.1", "trace.2"])
        let events = try LiveFlightTests.read("\(folder)/trace").events
        let fired = events.filter { $0.kind == .trigger }
        #expect(fired.count > 2)
        var queued: [UInt64: UInt64] = [:]
        var late = 0
        for event in events {
          let time = event.time.nanosecondsSinceBoot
          if event.kind == .csdQueue { queued[event.a] = time }
          if event.kind == .csdFunctionEntry, event.a != 0, let from = queued[event.a],
            time > from + 1000
          {
            late += 1
          }
        }
        // Merged by the clocks of two CPUs, and read a little before the record is.
        #expect(abs(late - fired.count) <= max(20, late / 10), "\(late) and \(fired.count)")
        #expect(try !LiveFlightTests.read("\(folder)/trace.1").events.isEmpty)
      }
    }

    @Test("files that follow each other are whole, named and bounded, and miss nothing")
    func files() throws {
      try LiveMachine.withFolder { folder in
        var options = LiveCountTests.options(folder, ["--switch", "2", "--rename", "2", "-t", "2"])
        options.switchOutput = OutputSwitch(.time(.seconds(0.4)))
        let summary = try RecordSession.run(options)
        #expect(summary.duration >= .seconds(2))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        let parts = names.filter { $0.hasPrefix("trace.") } + ["trace"]
        #expect(parts.count >= 3)
        var count: UInt64 = 0
        for name in parts {
          let trace = try LiveFlightTests.read("\(folder)/\(name)")
          let start = trace.facts.clock.startMonotonic
          #expect(trace.events.allSatisfy { $0.time.nanosecondsSinceBoot >= start })
          let stacks = Set(trace.events.map(\.stack)).subtracting([.none])
          #expect(stacks.isSubset(of: trace.stacks))
          // First sights of locks are repeated in later files.
          count += UInt64(trace.events.count { $0.kind != .lockSeen && $0.kind != .gap })
        }
        let recorded = summary.eventsByKind.filter { $0.key != .lockSeen }.values.reduce(0, +)
        #expect(count == recorded)

        options.switchOutput = OutputSwitch(.size(20_000), mostFiles: 2)
        options.output = "\(folder)/few"
        _ = try RecordSession.run(options)
        let few = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(few.count { $0.hasPrefix("few.") } == 2)
      }
    }
  }
}
