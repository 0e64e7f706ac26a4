import Foundation
import Interchange
import Testing
import TraceFormat

/// A trace.dat file recorded now; nil where trace-cmd cannot record here.
///
/// trace-cmd writes filters even where there are none, and some kernels have no such files or refuse:
/// plain files stand in for them, in a mount namespace of its own.
private func recording(_ options: [String]) throws -> URL? {
  let file = FileManager.default.temporaryDirectory.appending(
    path: "oslet-\(UUID().uuidString).dat")
  let script = """
    tracing=/sys/kernel/tracing; [ -e $tracing/events ] || mount -t tracefs nodev $tracing
    stand_in=$(mktemp); trap 'rm -f $stand_in' EXIT; echo 1 > $stand_in
    mount --bind $stand_in /proc/sys/kernel/ftrace_enabled
    for name in set_ftrace_filter set_ftrace_notrace set_graph_function set_graph_notrace \
        set_ftrace_pid set_ftrace_notrace_pid; do
      [ -e $tracing/$name ] && mount --bind $stand_in $tracing/$name
    done
    trace-cmd record -q -C mono "$@" -- \
      sh -c 'for i in $(seq 60); do /bin/true & done; wait'
    """
  let events = ["lock", "sched:sched_switch", "sched:sched_waking"].flatMap { ["-e", $0] }
  // A tracer has the ring buffer to itself: where another one runs, the next attempt may do.
  for _ in 0..<4 {
    let record = try run(
      ["unshare", "-m", "sh", "-c", script, "sh", "-o", file.path] + options + events)
    if record.status == 0, FileManager.default.fileExists(atPath: file.path) { return file }
  }
  return nil
}

private let traceCommandRecords = ((try? recording([])) ?? nil) != nil

@Suite("trace.dat", .serialized)
struct TraceDatTests {
  @Test(
    "the import holds what trace-cmd report prints of the same file",
    .enabled(if: traceCommandRecords),
    arguments: [
      ["--file-version", "6"], ["--compression", "none"], ["--compression", "zstd", "-T"],
    ])
  func agreesWithReport(options: [String]) throws {
    let file = try #require(try recording(options))
    defer { try? FileManager.default.removeItem(at: file) }
    let bytes = try imported(file).bytes
    var reader = try TraceReader(bytes: bytes)
    let ours = try RecordedTrace(reading: &reader).events.map { event in
      var line = "\(event.time.text) \(event.cpu) \(event.task.rawValue) \(event.kind.name)"
      if event.kind == .contentionBegin || event.kind == .contentionEnd {
        line += " 0x" + String(event.a, radix: 16)
      }
      if event.kind == .schedSwitch { line += " \(event.a)" }
      if event.kind == .schedWaking { line += " \(event.a) \(event.value)" }
      return line
    }
    if options.contains("-T") {
      let stacks = reader.stacks.records
      #expect(!stacks.isEmpty)
      let isNamed = stacks.flatMap(\.frames).map { reader.symbols.name(at: $0) != nil }
      #expect(isNamed.allSatisfy { $0 })
    }
    // -t: whole nanoseconds; -R: fields as numbers.
    let report = try run(["trace-cmd", "report", "-t", "-R", "-i", file.path])
    #expect(report.status == 0)
    let theirs = report.output.split(separator: "\n").compactMap(Self.line)
    #expect(ours.count > 30)
    #expect(ours.sorted() == theirs.sorted())
    #expect(reader.facts.kernel.release == (try run(["uname", "-r"])).output.dropLast())
  }

  /// A line of trace-cmd report in the words of this test:
  /// `name-tid [cpu] time: event: field=value ...`.
  private static func line(_ text: Substring) -> String? {
    guard let bracket = text.firstIndex(of: "["),
      let dash = text[..<bracket].lastIndex(of: "-")
    else { return nil }
    let task = text[dash...].dropFirst().prefix { $0.isNumber }
    let cpu = Int(text[bracket...].dropFirst().prefix { $0.isNumber }) ?? -1
    let words = text[bracket...].split(separator: " ")
    guard words.count > 2 else { return nil }
    let name = words[2].dropLast()
    func field(_ key: String) -> Substring {
      words.first { $0.hasPrefix(key + "=") }?.dropFirst(key.count + 1) ?? "?"
    }
    var line = "\(words[1].dropLast()) \(cpu) \(task) \(name)"
    switch name {
    case "contention_begin", "contention_end": line += " \(field("lock_addr"))"
    case "sched_switch": line += " \(field("next_pid"))"
    case "sched_waking": line += " \(field("pid")) \(Int(field("target_cpu")) ?? -1)"
    default: return nil
    }
    return line
  }

  @Test("a changed file is a typed error, never a trap", .enabled(if: traceCommandRecords))
  func damage() throws {
    let file = try #require(try recording(["--file-version", "6"]))
    defer { try? FileManager.default.removeItem(at: file) }
    expectNoTrap(importing: Array(try Data(contentsOf: file)))
  }
}
