import Foundation
import Interchange
import Measures
import Testing
import TraceFormat

/// Runs a command with no signal blocked (Tests/unblocked.py); its exit status and what it printed.
func run(_ command: [String]) throws -> (status: Int32, output: String) {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  let unblocked = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "unblocked.py")
  process.arguments = ["timeout", "20", "python3", unblocked.path] + command
  let output = Pipe()
  process.standardOutput = output
  process.standardError = FileHandle.nullDevice
  process.standardInput = FileHandle.nullDevice
  try process.run()
  let data = try output.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}

/// Another recorder's file as a trace.
func imported(_ file: URL) throws -> (bytes: [UInt8], account: ImportAccount) {
  try ForeignTrace(bytes: Array(try Data(contentsOf: file))).trace()
}

/// Damages a recorder's file in a dozen seeded ways; each must import or be a typed error.
func expectNoTrap(importing bytes: [UInt8]) {
  var random = SeededGenerator(seed: 1)
  for _ in 0..<12 {
    var changed = bytes
    for _ in 0..<4 {
      changed[random.index(below: random.index(below: 2) == 0 ? 500 : bytes.count)] =
        UInt8(truncatingIfNeeded: random.next())
    }
    if random.index(below: 3) == 0 { changed.removeLast(random.index(below: bytes.count)) }
    do throws(InterchangeError) { _ = try ForeignTrace(bytes: changed).trace() } catch {
      #expect(!error.description.isEmpty)
    }
  }
}
