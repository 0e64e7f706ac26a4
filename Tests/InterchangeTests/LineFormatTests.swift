import FoundationEssentials
import Interchange
import Measures
import Testing
import TraceFormat

@Suite("Line formats")
struct LineFormatTests {
  private func lines(_ format: ExportFormat) throws -> [String] {
    var text = String(decoding: try exported(format), as: UTF8.self)
    #expect(text.hasSuffix("\n"))
    text.removeLast()
    return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private struct Line: Decodable {
    var timeNs: UInt64
    var cpu: Int
    var tid: Int32
    var type: String
    var lock: String?
    var flags: String?
    var ret: Int?
    var pages: Int?
    var stack: [String]?
    var targetCpu: Int?
    var childComm: String?
  }

  @Test("every NDJSON line is an object, the first the trace's")
  func ndjson() throws {
    let lines = try lines(.ndjson)
    let trace = try sampleTrace()
    #expect(lines.count == trace.events.count + 1)
    #expect(lines[0].hasPrefix("{\"complete\":true,\"damaged\":0,\"events\":18,\"facts\":{"))
    #expect(lines[0].contains("\"schema\":\"oslet.events/1\""))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let events = try lines.dropFirst().map {
      try decoder.decode(Line.self, from: Data($0.utf8))
    }
    for (line, event) in zip(events, trace.events) {
      #expect(line.timeNs == event.time.nanosecondsSinceBoot)
      #expect(line.cpu == Int(event.cpu))
      #expect(line.tid == event.task.rawValue)
      #expect(line.type == event.kind.name)
    }
    #expect(events[0].lock == "0xffffffff82000000")
    #expect(events[0].flags == "SPIN")
    #expect(events[0].stack == ["do_rename+0x10", "syscall+0x20"])
    #expect(events[3].ret == -4)
    #expect(events.first { $0.type == "csd_queue_cpu" }?.targetCpu == 1)
    #expect(events.first { $0.type == "tlb_flush" }?.pages == -1)
    #expect(events.last?.childComm == "child")
  }

  @Test("CSV has a column for every field and as many cells in every line")
  func csv() throws {
    let lines = try lines(.csv)
    let names = lines[0].split(separator: ",").map(String.init)
    #expect(names.prefix(6) == ["time_ns", "cpu", "tid", "type", "stack", "lock"])
    #expect(Set(names).count == names.count)
    for kind in EventKind.allCases {
      for field in kind.fields { #expect(names.contains(field.name) || field.name == "cpu") }
    }
    for line in lines.dropFirst() {
      #expect(line.split(separator: ",", omittingEmptySubsequences: false).count == names.count)
    }
    #expect(
      lines[1].hasPrefix(
        "1000,0,71,contention_begin,do_rename+0x10;syscall+0x20,0xffffffff82000000,SPIN,0,"))
  }

  @Test("a name with a comma and a quote is one CSV cell")
  func quoting() throws {
    let trace = try RecordedTrace(
      text: #"1.0 [0] tid=1 sched_process_exec comm="a,\"b" tgid=1"#)
    var reader = try TraceReader(bytes: trace.bytes())
    let text = String(decoding: try ExportFormat.csv.bytes(of: &reader), as: UTF8.self)
    #expect(text.contains(#","a,""b","#))
  }

  @Test("folded stacks hold every wait once, the unsampled ones divided as the sampled")
  func folded() throws {
    // The spinlock was waited for 3000 ns (with its stack) and 2000 ns (without), the mutex 15 us,
    // from its first begin to its end.
    #expect(
      try lines(.folded) == [
        "[no stack];MUTEX 0xffff888100000040 15", "syscall;do_rename;SPIN rename_lock 5",
      ])
  }
}
