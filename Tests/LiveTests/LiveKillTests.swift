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

    static func record(_ arguments: [String], output: Any? = nil) throws -> Process {
      let process = Process()
      process.executableURL = tool
      process.arguments = ["record"] + arguments
      process.standardOutput = output ?? FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
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

    @Test("a closed pipe and a full disk end in one error, not in a signal")
    func refused() throws {
      let pipe = Pipe()
      let piped = try Self.record(["-q", "-o", "-"], output: pipe)
      usleep(700_000)
      try pipe.fileHandleForReading.close()
      piped.waitUntilExit()
      #expect(piped.terminationReason == .exit)
      #expect(piped.terminationStatus == 1)

      let full = try Self.record(["-q", "-o", "/dev/full", "-d", "5"])
      full.waitUntilExit()
      #expect(full.terminationReason == .exit)
      #expect(full.terminationStatus == 1)
    }

    @Test("a stream is a whole trace")
    func stream() throws {
      let pipe = Pipe()
      let process = try Self.record(["-q", "-o", "-", "-d", "0.5"], output: pipe)
      try pipe.fileHandleForWriting.close()
      let bytes = try #require(try pipe.fileHandleForReading.readToEnd())
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      let reader = try TraceReader(bytes: [UInt8](bytes))
      #expect(reader.ending == .complete)
      #expect(reader.eventCount > 0)
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
