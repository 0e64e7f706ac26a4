import Foundation
import Measures
import Recording
import Testing
import TraceFormat

extension LiveTests {
  /// What a recording counts against who counts beside it.
  @Suite("Counts", .enabled(if: canRecord && LiveMachine.has("stress-ng")))
  struct LiveCountTests {
    static func options(_ folder: String, _ load: [String]) -> RecordOptions {
      var options = RecordOptions()
      options.output = "\(folder)/trace"
      options.command = ["stress-ng", "-q", "--temp-path", folder] + load
      return options
    }

    /// Recorded, aggregated, lost and suppressed events of a kind.
    static func all(_ kind: EventKind, _ summary: RecordSummary) -> UInt64 {
      summary.losses.filter { $0.kind == kind }
        .reduce((summary.eventsByKind[kind] ?? 0) + (summary.aggregatedByKind[kind] ?? 0)) {
          $0 + $1.lost + $1.suppressed
        }
    }

    /// The account of what the bare counters of a recording that checks itself count.
    static func account(_ summary: RecordSummary) -> [EventKind: UInt64] {
      [
        .contentionBegin: all(.contentionBegin, summary), .schedSwitch: all(.schedSwitch, summary),
      ]
    }

    @Test(
      "contentions of a file-name storm agree with perf stat within 1 %",
      .enabled(if: LiveMachine.has("perf")))
    func contentions() throws {
      try LiveMachine.withFolder { folder in
        var summary: RecordSummary?
        let counted = try LiveMachine.perfCount("lock:contention_begin", in: folder) {
          summary = try RecordSession.run(
            Self.options(folder, ["--rename", "4", "--open", "4", "-t", "10"]))
        }
        let recorded = try #require(summary)
        #expect(recorded.child == .exited(0))
        #expect(recorded.duration >= .seconds(10))
        let count = Double(Self.all(.contentionBegin, recorded))
        #expect(count > 1000)
        #expect(abs(count - Double(counted)) <= 0.01 * Double(counted), "\(count) and \(counted)")
        let reader = try TraceReader(path: recorded.output)
        #expect(reader.ending == .complete)
        #expect(reader.facts.cost == recorded.cost)
        #expect(reader.stacks.records.count > 0)
      }
    }

    @Test(
      "with full logs, events, lost and suppressed are what a bare counter counts",
      arguments: [4096, 65536])
    func account(bytes: Int) throws {
      try LiveMachine.withFolder { folder in
        var options = Self.options(folder, ["--switch", "2", "--rename", "4", "-t", "2"])
        options.bytesPerCPU = bytes
        options.checksItself = true
        options.aggregatesUnderLoad = false
        let summary = try RecordSession.run(options)
        #expect(summary.lost > 0)
        #expect(Self.account(summary) == summary.counted)
        // The trace says the same as the summary, and marks where the gaps are.
        var reader = try TraceReader(path: summary.output)
        #expect(reader.losses.lost == summary.lost)
        #expect(reader.losses.suppressed == summary.suppressed)
        var gaps: UInt64 = 0
        while let event = try reader.next() {
          if event.kind == .gap { gaps += event.a }
        }
        #expect(gaps == summary.lost)
      }
    }

    @Test(
      "of two CPUs the recorder notes what each does as it drains, and switches say no less",
      .enabled(if: ProcessInfo.processInfo.activeProcessorCount >= 2))
    func progress() throws {
      try LiveMachine.withFolder { folder in
        var options = Self.options(folder, ["--get", "2", "-t", "2"])
        options.cpus = [0, 1]
        var reader = try TraceReader(path: RecordSession.run(options).output)
        var seen: [UInt16: UInt64] = [:]
        var looks = 0
        while let event = try reader.next() {
          if event.kind == .progress {
            looks += 1
            #expect(event.a >= seen[event.cpu] ?? 0)
            seen[event.cpu] = event.a
          } else if event.kind == .schedSwitch {
            #expect(event.b >= seen[event.cpu] ?? 0)
            seen[event.cpu] = 0
          }
        }
        // Twice a drain, of ten in a second.
        #expect(looks >= 20, "\(looks)")
        #expect(seen.count == 2)

        options.processes = [getpid()]
        reader = try TraceReader(path: RecordSession.run(options).output)
        while let event = try reader.next() { #expect(event.kind != .progress) }
      }
    }

    @Test("received interrupts agree with /proc/interrupts within 2 %, by CPU")
    func interrupts() throws {
      try LiveMachine.withFolder { folder in
        var options = RecordOptions()
        options.output = "\(folder)/trace"
        // What is counted in place of being recorded stands in no loss record.
        options.aggregatesUnderLoad = false
        let load = "stress-ng -q --membarrier 2 --tlb-shootdown 2 --switch 2 --rename 4"
        options.command = [
          "sh", "-c",
          "cat /proc/interrupts >\(folder)/a; \(load) --temp-path \(folder) -t 4; "
            + "cat /proc/interrupts >\(folder)/b",
        ]
        let summary = try RecordSession.run(options)
        let before = try String(contentsOfFile: "\(folder)/a", encoding: .utf8)
        let after = try String(contentsOfFile: "\(folder)/b", encoding: .utf8)
        var reader = try TraceReader(path: summary.output)
        let cpus = LiveMachine.interrupts(before, "CAL").count
        var received: [EventKind: [Int]] = [:]
        for loss in summary.losses {
          received[loss.kind, default: Array(repeating: 0, count: cpus)][Int(loss.cpu)] += Int(
            loss.lost + loss.suppressed)
        }
        while let event = try reader.next() {
          received[event.kind, default: Array(repeating: 0, count: cpus)][Int(event.cpu)] += 1
        }
        let none = Array(repeating: 0, count: cpus)
        let calls = zip(
          received[.callFunctionEntry] ?? none, received[.callFunctionSingleEntry] ?? none
        ).map(+)
        for (label, recorded) in [("CAL", calls), ("RES", received[.rescheduleEntry] ?? none)] {
          let was = LiveMachine.interrupts(before, label)
          let now = LiveMachine.interrupts(after, label)
          for cpu in 0..<cpus {
            let counted = now[cpu] - was[cpu]
            // A few fall between the two readings and the recording's ends.
            let slack = max(10, 0.02 * Double(counted))
            #expect(
              abs(Double(recorded[cpu] - counted)) <= slack,
              "\(label) of CPU \(cpu): \(recorded[cpu]) and \(counted)")
          }
        }
      }
    }
  }
}
