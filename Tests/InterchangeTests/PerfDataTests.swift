import Foundation
import Interchange
import Testing
import TraceFormat

/// A perf.data file recorded now, with call chains where asked; nil where perf cannot record here.
private func recording(_ options: [String]) throws -> URL? {
  let file = FileManager.default.temporaryDirectory.appending(
    path: "oslet-\(UUID().uuidString).data")
  let events = [
    "lock:contention_begin", "lock:contention_end", "sched:sched_switch", "sched:sched_waking",
    "sched:sched_process_fork", "sched:sched_process_exec", "sched:sched_process_exit",
  ]
  let load = "for i in 1 2 3 4 5 6 7 8; do /bin/true & done; wait"
  let record = try run(
    ["perf", "record", "-q", "-a", "-o", file.path] + options
      + events.flatMap { ["-e", $0] } + ["--", "sh", "-c", load])
  return record.status == 0 ? file : nil
}

private let perfRecords = ((try? recording([])) ?? nil) != nil

@Suite("perf.data")
struct PerfDataTests {
  @Test("the import holds what perf script prints of the same file", .enabled(if: perfRecords))
  func agreesWithPerfScript() throws {
    let file = try #require(try recording([]))
    defer { try? FileManager.default.removeItem(at: file) }
    var reader = try TraceReader(bytes: imported(file).bytes)
    var ours: [String] = []
    for event in try RecordedTrace(reading: &reader).events {
      var line = "\(event.time.text) \(event.cpu) \(event.task.rawValue) \(event.kind.name)"
      if event.kind == .contentionBegin || event.kind == .contentionEnd {
        line += " 0x" + String(event.a, radix: 16)
      }
      if event.kind == .schedSwitch { line += " \(event.a)" }
      if event.kind == .schedWaking { line += " \(event.a) \(event.value)" }
      if event.kind == .fork { line += " \(event.taskName) \(event.value)" }
      ours.append(line)
    }
    let script = try run(
      ["perf", "script", "-i", file.path, "--ns", "-F", "tid,cpu,time,event,trace"])
    #expect(script.status == 0)
    let theirs = script.output.split(separator: "\n").compactMap(Self.line)
    #expect(ours.count > 30)
    #expect(ours.sorted() == theirs.sorted())
    #expect(reader.facts.kernel.release == (try run(["uname", "-r"])).output.dropLast())
    #expect(reader.tasks[TaskID(1)] != nil)
  }

  /// A line of perf script in the words of this test: `tid [cpu] time: system:event: fields`.
  private static func line(_ text: Substring) -> String? {
    let words = text.split(separator: " ")
    guard words.count > 4, let cpu = Int(words[1].dropFirst().dropLast()) else { return nil }
    let name = words[3].dropLast().split(separator: ":").last ?? ""
    func field(_ key: String) -> Substring {
      words.first { $0.hasPrefix(key + "=") }?.dropFirst(key.count + 1) ?? "?"
    }
    // A task that is on its way out has no id any more (perf_event_tid, kernel/events/core.c), but
    // the tracepoint's own field has it.
    let task = name == "sched_switch" ? field("prev_pid") : words[0]
    var line = "\(words[2].dropLast()) \(cpu) \(task) \(name)"
    switch name {
    case "contention_begin", "contention_end": line += " \(words[4])"
    case "sched_switch": line += " \(field("next_pid"))"
    case "sched_waking": line += " \(field("pid")) \(Int(field("target_cpu")) ?? -1)"
    case "sched_process_fork": line += " \(field("child_comm")) \(field("child_pid"))"
    default: break
    }
    return line
  }

  @Test("call chains become stacks of kernel addresses", .enabled(if: perfRecords))
  func chains() throws {
    let file = try #require(try recording(["-g"]))
    defer { try? FileManager.default.removeItem(at: file) }
    var reader = try TraceReader(bytes: imported(file).bytes)
    let events = try RecordedTrace(reading: &reader).events
    let stacks = events.filter { $0.kind == .schedSwitch }.map { reader.stacks.frames($0.stack) }
    #expect(!stacks.isEmpty)
    #expect(stacks.contains { $0.count > 2 })
    #expect(stacks.joined().allSatisfy { $0 >> 63 == 1 })
  }

  @Test("a cut or changed file is a typed error, never a trap", .enabled(if: perfRecords))
  func damage() throws {
    let file = try #require(try recording([]))
    defer { try? FileManager.default.removeItem(at: file) }
    expectNoTrap(importing: Array(try Data(contentsOf: file)))
  }

  @Test("what is no perf.data says so")
  func stranger() {
    do throws(InterchangeError) {
      _ = try ForeignTrace(bytes: Array("not a recording".utf8))
      Issue.record("opened")
    } catch {
      #expect(
        error.description
          == "this perf.data file cannot be imported (byte 0): it does not start with PERFILE2")
    }
  }
}
