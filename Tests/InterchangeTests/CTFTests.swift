import Foundation
import Interchange
import Measures
import Testing
import TraceFormat

@Suite("CTF")
struct CTFTests {
  /// What babeltrace2 makes of a folder: its lines, and its remarks.
  private func read(_ folder: URL) throws -> (lines: [Substring], remarks: String) {
    let remarks = folder.appendingPathExtension("stderr")
    try Data().write(to: remarks)
    defer { try? FileManager.default.removeItem(at: remarks) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/babeltrace2")
    process.arguments = ["--clock-seconds", "--names=all", folder.path]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: remarks)
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return (
      String(decoding: data, as: UTF8.self).split(separator: "\n"),
      try String(contentsOf: remarks, encoding: .utf8)
    )
  }

  /// The trace as a folder, for as long as `body` runs.
  private func withExport(of trace: RecordedTrace, _ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "oslet-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var reader = try TraceReader(bytes: trace.bytes())
    try CTFExport.write(&reader, into: folder.path)
    try body(folder)
  }

  @Test("babeltrace2 reads every event with its CPU, task, stack and fields")
  func reads() throws {
    let trace = try sampleTrace()
    try withExport(of: trace) { folder in
      let lines = try read(folder).lines
      // Two tasks and four symbols stand before the events.
      #expect(lines.count == trace.events.count + 6)
      for event in trace.events {
        let time =
          "timestamp = 0.\(String(1_000_000_000 + event.time.nanosecondsSinceBoot).dropFirst())"
        #expect(
          lines.contains {
            $0.hasPrefix("\(time), ") && $0.contains("name = \(event.kind.name), ")
              && $0.contains("cpu_id = \(event.cpu) ")
              && $0.contains("tid = \(event.task.rawValue),")
          }, "\(event)")
      }
      for part in [
        "callstack_kernel = [ [0] = 0xFFFFFFFF81000010, [1] = 0xFFFFFFFF81000120 ]",
        "{ lock = 0xFFFF888100000040, flags = 0x21, owner = 0x0 }", "ret = -4 }",
        "pages = -1, reason = 2 }",
        "func = 0xFFFFFFFF81000200, callsite = 0x0, target_cpu = 1 }",
        #"child_comm = "child", child_pid = 90, child_tgid = 70 }"#,
        #"{ tid = 71, process = 70, name = "a, \"b\"", cgroup = "/" }"#,
        #"{ address = 0xFFFFFFFF82000000, size = 4, name = "rename_lock" }"#,
      ] {
        #expect(lines.contains { $0.contains(part) }, "\(part)")
      }
    }
  }

  @Test("many packets keep every event, and what was lost is discarded")
  func packets() throws {
    var trace = RecordedTrace(
      events: (0..<60_000).map {
        Event(
          time: TraceTime(nanosecondsSinceBoot: UInt64($0)), cpu: UInt16($0 % 3), task: TaskID(7),
          kind: .rescheduleEntry)
      })
    trace.losses = [
      LossRecord(
        cpu: 2, kind: .rescheduleEntry, lost: 40, suppressed: 2,
        first: TraceTime(nanosecondsSinceBoot: 5), last: TraceTime(nanosecondsSinceBoot: 59_000))
    ]
    try withExport(of: trace) { folder in
      let (lines, remarks) = try read(folder)
      #expect(lines.count == 60_000)
      #expect(remarks.contains("discarded 42 events"))
    }
  }

  @Test("a folder with something in it stays as it is")
  func refuses() throws {
    try withExport(of: sampleTrace()) { folder in
      var reader = try TraceReader(bytes: sampleTrace().bytes())
      #expect(throws: InterchangeError.write(errno: EEXIST)) {
        try CTFExport.write(&reader, into: folder.path)
      }
      #expect(!FileManager.default.fileExists(atPath: folder.path + ".part"))
    }
  }
}
