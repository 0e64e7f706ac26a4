import Foundation
import Recording
import Testing
import TraceFormat

extension LiveTests {
  /// What the tool promises the machine it records: where it runs, what it takes, what it tells.
  @Suite("Restraint", .enabled(if: canRecord && LiveMachine.has("stress-ng")))
  struct LiveRestraintTests {
    static let load = [
      "stress-ng", "-q", "--switch", "2", "--rename", "2", "--mmap", "1", "-t", "1",
    ]

    /// The recorder drains where it was told to, its command runs anywhere.
    @Test(
      "--drain-cpu confines every thread of the recorder and not the command", arguments: [0, 1])
    func drainCPU(cpu: Int) throws {
      guard ProcessInfo.processInfo.activeProcessorCount > 1 else { return }
      try LiveMachine.withFolder { folder in
        let process = try LiveKillTests.record(
          ["-q", "-o", "\(folder)/t", "--drain-cpu", "\(cpu)", "--"]
            + ["sh", "-c", "grep Cpus_allowed_list: /proc/self/status >\(folder)/command; cat"],
          input: Pipe())
        let input = try #require(process.standardInput as? Pipe)
        let wanted: Set<[String]> = [["\(cpu)"]]
        func allowed() throws -> Set<[String]> {
          try LivePrivilegeTests.status(of: process.processIdentifier, ["Cpus_allowed_list"])
        }
        for _ in 0..<1000 where try allowed() != wanted { usleep(10_000) }
        #expect(try allowed() == wanted)
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let command = try String(contentsOfFile: "\(folder)/command", encoding: .utf8)
        let mine = try LivePrivilegeTests.status(of: getpid(), ["Cpus_allowed_list"])
        #expect(mine.contains([String(command.split(whereSeparator: \.isWhitespace)[1])]))
      }
    }

    /// Numbers of a file that x86-64 has kernel addresses at.
    ///
    /// The upper half of what four levels of page tables reach (Documentation/arch/x86/x86_64/mm.rst);
    /// -1 is a count of pages.
    static func kernelAddresses(_ path: String) throws -> Set<UInt64> {
      let digits = "\(path).digits"
      let scan = "grep -oE '[0-9a-f]{16,20}' \(path) | sort -u >\(digits)"
      #expect(try LivePrivilegeTests.run("/bin/sh", ["-c", scan]).status == 0)
      let numbers = try String(contentsOfFile: digits, encoding: .utf8).split(separator: "\n")
        .compactMap { UInt64($0, radix: $0.count == 16 ? 16 : 10) }
      return Set(numbers.filter { $0 >= 0xffff_8000_0000_0000 && $0 != .max })
    }

    @Test("with --hide-addresses nothing in the file is an address of this kernel")
    func hidden() throws {
      try LiveMachine.withFolder { folder in
        // All that is in a trace: facts, stacks, symbols, tasks, events.
        func exported(_ name: String, _ options: [String]) throws -> String {
          let trace = "\(folder)/\(name)"
          let recorded = try LiveKillTests.record(
            ["-q", "-o", trace] + options + ["--"] + Self.load)
          recorded.waitUntilExit()
          #expect(recorded.terminationStatus == 0)
          let export = try LivePrivilegeTests.run(
            LiveKillTests.tool.path, ["export", "-i", trace, "--to", "text", "-o", "\(trace).txt"])
          #expect(export.status == 0)
          return "\(trace).txt"
        }
        let hidden = try exported("hidden", ["--hide-addresses", "--events=-switch"])
        #expect(try Self.kernelAddresses(hidden) == [])
        // Without it the same search finds them, those of /proc/kallsyms among them.
        let open = try Self.kernelAddresses(exported("open", ["--events=-switch"]))
        let symbols = try String(contentsOfFile: "/proc/kallsyms", encoding: .utf8)
        let starts = Set(
          symbols.split(separator: "\n").compactMap { UInt64($0.prefix(16), radix: 16) })
        #expect(open.count > 100 && !open.isDisjoint(with: starts))
      }
    }

    /// The budget of docs/capture.md.
    @Test("under load it stays within the memory that its documents state")
    func memory() throws {
      try LiveMachine.withFolder { folder in
        let process = try LiveKillTests.record(["-q", "-o", "\(folder)/t", "--"] + Self.load)
        var held = 0
        var resident = 0
        while process.isRunning {
          held = max(held, BPFHoldings.bytes(of: process.processIdentifier))
          resident = max(resident, LiveMachine.peakResident(process.processIdentifier))
          usleep(20_000)
        }
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let cpus = ProcessInfo.processInfo.activeProcessorCount
        let logs = cpus * RecordOptions.defaultBytesPerCPU(cpus: cpus)
        #expect(held > logs && held <= logs + cpus * (256 << 10) + (4 << 20), "\(held)")
        // The logs are mapped: once more among the resident.
        #expect(resident > 1 << 20 && resident <= logs + (48 << 20), "\(resident)")
      }
    }
  }
}
