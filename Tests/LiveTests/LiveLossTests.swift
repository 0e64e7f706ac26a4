import Foundation
import Measures
import Recording
import Testing
import TraceFormat

extension LiveTests {
  /// A recording that loses events beside one that does not.
  ///
  /// Both have a program on sched_switch, the witness's first. Switches of a CPU do not nest, so the
  /// two read the clock in turn: a switch that the other recorded is the witness's latest before it.
  @Suite("Losses", .enabled(if: canRecord && LiveMachine.has("stress-ng")))
  struct LiveLossTests {
    /// Task switches in order, by CPU.
    static func switches(_ path: String) throws -> [UInt16: [Event]] {
      var reader = try TraceReader(path: path)
      var switches: [UInt16: [Event]] = [:]
      while let event = try reader.next() {
        if event.kind == .schedSwitch { switches[event.cpu, default: []].append(event) }
      }
      return switches
    }

    /// The times of what the witness saw and the other did not, up to `end`: each not before the
    /// first and not after the second of two.
    ///
    /// What the other did record must be the witness's switch, or this records an issue.
    static func missing(
      _ seen: [Event], from witness: [Event], until end: TraceTime
    ) -> [(from: TraceTime, to: TraceTime)] {
      var missing: [(from: TraceTime, to: TraceTime)] = []
      var next = 0
      guard let first = seen.first, let start = witness.lastIndex(where: { $0.time <= first.time })
      else { return [] }
      for place in start..<witness.count - 1 where witness[place].time <= end {
        let event = witness[place]
        let after = witness[place + 1].time
        if next < seen.count, seen[next].time < after {
          #expect(seen[next].task == event.task && seen[next].a == event.a)
          next += 1
        } else {
          missing.append((event.time, after))
        }
      }
      #expect(next == seen.count)
      return missing
    }

    @Test("what a full log lost is what another recorder saw, and when the trace says")
    func ranges() throws {
      try LiveMachine.withFolder { folder in
        var options = RecordOptions()
        options.output = "\(folder)/witness"
        options.events = [.switch]
        options.bytesPerCPU = 32 << 20
        options.command =
          [LiveKillTests.tool.path, "record", "-q", "--max-loss", "1", "-m", "4K", "--no-degrade"]
          + ["--events", "switch", "-o", "\(folder)/trace", "--"]
          + ["stress-ng", "-q", "--temp-path", folder, "--switch", "2", "-t", "1"]
        let summary = try RecordSession.run(options)
        #expect(summary.child == .exited(0))
        try #require(summary.lost + summary.suppressed == 0)
        let witness = try Self.switches(summary.output)
        let seen = try Self.switches("\(folder)/trace")
        let ranges = try TraceReader(path: "\(folder)/trace").losses.ranges
        #expect(ranges.count > 10)
        for (cpu, seen) in seen {
          let mine = ranges.filter { $0.cpu == cpu }
          let end = max(mine.last?.last ?? seen[0].time, seen[seen.count - 1].time)
          let missing = Self.missing(seen, from: witness[cpu] ?? [], until: end)
          let lost = mine.reduce(0) { $0 + $1.lost }
          #expect(mine.allSatisfy { $0.suppressed == 0 })
          #expect(UInt64(missing.count) == lost, "CPU \(cpu)")
          var next = 0
          for range in mine {
            // A time is written before its count: the last may be that of one counted in the next range.
            let inside = missing[next..<min(missing.count, next + Int(range.lost))]
            #expect(inside.allSatisfy { $0.to >= range.first && $0.from <= range.last })
            next += inside.count
          }
        }
      }
    }
  }
}
