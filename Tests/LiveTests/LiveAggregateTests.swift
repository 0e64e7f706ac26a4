import Foundation
import Measures
import Recording
import Testing
import TraceFormat

extension LiveTests {
  /// Waits added up in the kernel, against those who count and trace beside.
  @Suite("Aggregation", .enabled(if: canRecord && LiveMachine.has("stress-ng")))
  struct LiveAggregateTests {
    static let storm = ["--rename", "4", "--open", "2", "-t", "2"]

    static func aggregates(_ path: String) throws -> [AggregateRecord] {
      try TraceReader(path: path).aggregates
    }

    @Test(
      "a profile counts as many contentions as perf stat, and every wait is in a cell",
      .enabled(if: LiveMachine.has("perf")))
    func profile() throws {
      try LiveMachine.withFolder { folder in
        var options = LiveCountTests.options(folder, Self.storm)
        options.profile = true
        options.events = [.lock]
        var recorded: RecordSummary?
        let counted = try LiveMachine.perfCount("lock:contention_begin", in: folder) {
          recorded = try RecordSession.run(options)
        }
        let summary = try #require(recorded)
        let begins = LiveCountTests.all(.contentionBegin, summary)
        // perf counts from before the probes are attached until after the trace is written.
        #expect(begins > 1000)
        #expect(Double(begins) <= 1.01 * Double(counted))
        #expect(Double(begins) >= 0.97 * Double(counted))
        // No event but names of locks, and names of stacks for most waits.
        let trace = try LiveFlightTests.read(summary.output)
        #expect(trace.facts.profile == true)
        #expect(trace.events.allSatisfy { $0.kind == .lockSeen || $0.kind == .gap })
        let records = try Self.aggregates(summary.output)
        let waits = records.filter { !$0.histogram.isEmpty }
        let ends = records.filter { $0.histogram.isEmpty && $0.kind == .contentionEnd }
        let ended = waits.reduce(0) { $0 + $1.count }
        #expect(ended == ends.reduce(0) { $0 + $1.count })
        #expect(waits.allSatisfy { $0.histogram.reduce(0, +) == $0.count })
        #expect(waits.allSatisfy { $0.total.value >= $0.longest.value || $0.count > 0 })
        let called = waits.filter { trace.stacks.contains($0.stack) }.reduce(0) { $0 + $1.count }
        #expect(Double(called) > 0.9 * Double(ended))
      }
    }

    @Test("a profile and a trace of the same run agree on the longest-waited lock")
    func trace() throws {
      try LiveMachine.withFolder { folder in
        // The trace is around the profile, so both see all of the load.
        var options = RecordOptions()
        options.output = "\(folder)/trace"
        options.events = [.lock]
        options.command =
          [LiveKillTests.tool.path, "record", "-q", "--profile", "-o", "\(folder)/profile", "--"]
          + ["stress-ng", "-q", "--temp-path", folder] + Self.storm
        let summary = try RecordSession.run(options)
        #expect(summary.child == .exited(0))
        #expect(summary.aggregated == 0)
        var open: [[UInt64]: UInt64] = [:]
        var traced: [UInt64: (count: Double, wait: Double)] = [:]
        for event in try LiveFlightTests.read(summary.output).events {
          let time = event.time.nanosecondsSinceBoot
          let key = [UInt64(UInt32(bitPattern: event.task.rawValue)), event.a]
          if event.kind == .contentionBegin, open[key] == nil { open[key] = time }
          if event.kind == .contentionEnd, let begin = open.removeValue(forKey: key) {
            traced[event.a, default: (0, 0)].count += 1
            traced[event.a, default: (0, 0)].wait += Double(time - begin)
          }
        }
        let (lock, waits) = try #require(
          traced.max { ($0.value.wait, $1.key) < ($1.value.wait, $0.key) })
        let cells = try Self.aggregates("\(folder)/profile").filter { $0.lock == lock }
        let count = cells.reduce(0.0) { $0 + Double($1.count) }
        let wait = cells.reduce(0.0) { $0 + $1.total.value }
        #expect(abs(count - waits.count) <= 0.02 * waits.count, "\(count) and \(waits.count)")
        #expect(abs(wait - waits.wait) <= 0.05 * waits.wait, "\(wait) and \(waits.wait)")
      }
    }

    @Test(
      "under overload, traced, aggregated, lost and suppressed events are what a bare counter counts",
      arguments: [8192, 65536])
    func overload(bytes: Int) throws {
      try LiveMachine.withFolder { folder in
        var options = LiveCountTests.options(folder, ["--switch", "2", "--rename", "4", "-t", "2"])
        options.bytesPerCPU = bytes
        options.checksItself = true
        let summary = try RecordSession.run(options)
        #expect(summary.aggregated > 0)
        #expect(LiveCountTests.account(summary) == summary.counted)
        // The trace has the same account in its tables, and in gaps where it happened.
        #expect(try Self.gaps(summary.output) == summary.aggregatedByKind)
        let counts = try Self.aggregates(summary.output).filter { $0.histogram.isEmpty }
        #expect(counts.allSatisfy { $0.first <= $0.last })
        let byKind = Dictionary(counts.map { ($0.kind, $0.count) }, uniquingKeysWith: +)
        #expect(byKind == summary.aggregatedByKind)
      }
    }

    /// Events that the gaps of a trace say were counted, by kind.
    static func gaps(_ path: String) throws -> [EventKind: UInt64] {
      var gaps: [EventKind: UInt64] = [:]
      for gap in try LiveFlightTests.read(path).events where gap.kind == .gap && gap.c > 0 {
        if let kind = EventKind(rawValue: UInt8(gap.value)) { gaps[kind, default: 0] += gap.c }
      }
      return gaps
    }
  }
}
