import Foundation
import Recording
import Testing
import TraceFormat

/// Recorders that are killed, and streams and disks that end, with the tool as people run it.
extension LiveTests {
  @Suite("Abrupt ends", .enabled(if: canRecord))
  struct LiveKillTests {
    static let tool = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: ".build/debug/oslet")

    static func record(
      _ arguments: [String], input: Any? = nil, output: Any? = nil, errors: Any? = nil
    ) throws -> Process {
      let process = Process()
      process.executableURL = tool
      process.arguments = ["record"] + arguments
      process.standardInput = input
      process.standardOutput = output ?? FileHandle.nullDevice
      process.standardError = errors ?? FileHandle.nullDevice
      try process.run()
      return process
    }

    @Test("kill -9 at any moment leaves a readable trace and no program behind")
    func kill() throws {
      try LiveMachine.withFolder { folder in
        var held = BPFHoldings()
        for round in 0..<6 {
          let path = "\(folder)/trace\(round)"
          let process = try Self.record(["-q", "-o", path])
          // From before the first block to well into the recording.
          usleep(UInt32(50_000 + round * 230_000))
          held.formUnion(BPFHoldings(of: process.processIdentifier))
          Foundation.kill(process.processIdentifier, SIGKILL)
          process.waitUntilExit()
          let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
          guard let size, size > 0 else { continue }
          var reader = try TraceReader(path: path)
          #expect(reader.ending != .complete)
          var count: UInt64 = 0
          while try reader.next() != nil { count += 1 }
          #expect(count == reader.eventCount)
          if round >= 4 { #expect(count > 0) }
        }
        #expect(held.count > 40)
        #expect(held.awaitEnd() == BPFHoldings())
      }
    }

    @Test("a signal ends in a whole file", arguments: [SIGINT, SIGTERM])
    func signal(number: Int32) throws {
      try LiveMachine.withFolder { folder in
        let path = "\(folder)/trace"
        let process = try Self.record(["-q", "-o", path])
        usleep(1_200_000)
        Foundation.kill(process.processIdentifier, number)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(try TraceReader(path: path).ending == .complete)
      }
    }

    @Test("a closed pipe and a full disk end in one error, not in a signal, and leave nothing")
    func refused() throws {
      let pipe = Pipe()
      let errors = Pipe()
      let piped = try Self.record(
        ["-q", "-o", "-", "--", "sleep", "60"], output: pipe, errors: errors)
      var held = BPFHoldings()
      for _ in 0..<1000 where held.links.count < 20 {
        usleep(10_000)
        held = BPFHoldings(of: piped.processIdentifier)
      }
      let command = try LivePrivilegeTests.children(of: piped.processIdentifier)
      try pipe.fileHandleForReading.close()
      piped.waitUntilExit()
      #expect(piped.terminationReason == .exit)
      #expect(piped.terminationStatus == 1)
      let said = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
      #expect(said == "oslet: cannot write -: Broken pipe\n")
      #expect(held.links.count >= 20 && held.awaitEnd() == BPFHoldings())
      #expect(!command.isEmpty)
      #expect(command.allSatisfy { !FileManager.default.fileExists(atPath: "/proc/\($0)") })

      let full = try Self.record(["-q", "-o", "/dev/full", "-d", "5"])
      full.waitUntilExit()
      #expect(full.terminationReason == .exit)
      #expect(full.terminationStatus == 1)
    }

    @Test(
      "a stream is a whole trace: analyzed from a pipe as from a file, every event for babeltrace2",
      .enabled(if: LiveMachine.has("babeltrace2")))
    func stream() throws {
      try LiveMachine.withFolder { folder in
        let script = """
          set -e; cd \(folder); oslet=\(Self.tool.path)
          $oslet record -q -o - -d 0.5 | tee trace | $oslet analyze -i - --json >piped
          $oslet analyze -i trace --json >filed
          $oslet export -i - --to ctf -o ctf <trace
          babeltrace2 ctf >events
          """
        let done = try LivePrivilegeTests.run("/bin/sh", ["-c", script])
        #expect(done.status == 0, "\(done.errors)")
        let reader = try TraceReader(path: "\(folder)/trace")
        #expect(reader.ending == .complete)
        #expect(reader.eventCount > 0)
        let piped = try String(contentsOfFile: "\(folder)/piped", encoding: .utf8)
        let filed = try String(contentsOfFile: "\(folder)/filed", encoding: .utf8)
        #expect(piped == filed)
        #expect(piped.contains("\"events\" : \(reader.eventCount),"))
        let events = try String(contentsOfFile: "\(folder)/events", encoding: .utf8)
        // Tasks and symbols stand before the events.
        let named = reader.tasks.records.count + reader.symbols.records.count
        #expect(events.split(separator: "\n").count == Int(reader.eventCount) + named)
      }
    }

    @Test("the command's status comes through")
    func status() throws {
      try LiveMachine.withFolder { folder in
        let process = try Self.record(["-q", "-o", "\(folder)/t", "--", "sh", "-c", "exit 7"])
        process.waitUntilExit()
        #expect(process.terminationStatus == 7)
      }
    }
  }
}
