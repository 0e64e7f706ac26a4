import Foundation
import Interchange
import TraceFormat

/// Runs a command; its exit status and what it printed.
///
/// By way of Python, which takes the signal mask off: Foundation's threads block SIGCHLD, the mask is
/// inherited, and perf record would wait for it for ever.
func run(_ command: [String]) throws -> (status: Int32, output: String) {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments =
    [
      "timeout", "20", "python3", "-c",
      "import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []); "
        + "os.execvp(sys.argv[1], sys.argv[1:])",
    ] + command
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
