import Analysis
import Foundation
import Testing
import TraceFormat
import Workloads

@Suite("Findings")
struct FindingsTests {
  @Test("the document has every key that others rely on")
  func keys() throws {
    let json = try encodeDocument(analyze(InterruptTests.text))
    let root = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
    #expect(root["schema"] as? String == "oslet.analysis/1")
    for key in ["duration_ns", "cpus", "events", "lost", "ceiling", "classes", "ipi", "tlb"] {
      #expect(root[key] != nil, "\(key)")
    }
    let ceiling = try #require(root["ceiling"] as? [String: Any])
    for key in ["lock_wait_share", "line_transfer_share", "ipi_share"] {
      #expect(ceiling[key] is Double, "\(key)")
    }
    let ipi = try #require(root["ipi"] as? [String: Any])
    #expect((ipi["matrix"] as? [[Int]])?.count == 3)
    #expect(Set(ipi.keys).isSuperset(of: ["sent", "received", "latency_ns", "by_function"]))
  }

  @Test("a class carries its waits, holds and callers")
  func classKeys() throws {
    let trace = SimulatedLock(acquisitions: 2_000).run(seed: 2).trace
    let json = try encodeDocument(trace.analyzed())
    let root = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
    let row = try #require((root["classes"] as? [[String: Any]])?.first)
    let wait = try #require(row["wait_ns"] as? [String: Any])
    #expect(Set(wait.keys) == ["total", "mean", "p50", "p90", "p99", "max"])
    let hold = try #require(row["hold_ns"] as? [String: Any])
    #expect(hold["source"] as? String == "backlog")
    #expect(row["think_ns"] is Double && row["scope"] as? String == "image")
    let caller = try #require((row["callers"] as? [[String: Any]])?.first)
    #expect(Set(caller.keys) == ["symbol", "contentions", "wait_ns_total"])
  }

  @Test("every view is a table of as many fields as its header", arguments: FindingsView.allCases)
  func csv(_ view: FindingsView) throws {
    let trace = try RecordedTrace(
      text: "task 7 process=7 name=\"a,b\" cgroup=/x\n" + InterruptTests.text
        + "\n1.000005000 [0] tid=7 contention_begin lock=0xa0 flags=SPIN"
        + "\n1.000006000 [0] tid=7 contention_end lock=0xa0 ret=0")
    let lines = trace.analyzed().csv(view).split(separator: "\n")
    #expect(lines.count >= 2)
    let columns = lines[0].split(separator: ",").count
    for line in lines.dropFirst() {
      // Commas between quotes separate nothing.
      let bare = line.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
        .map { $0.offset % 2 == 0 ? String($0.element) : "" }.joined()
      let fields = bare.split(separator: ",", omittingEmptySubsequences: false)
      #expect(fields.count == columns, "\(line)")
    }
  }

  @Test("loss is carried over, by CPU")
  func loss() throws {
    let found = try analyze(
      """
      lost cpu=1 kind=contention_begin lost=3 suppressed=1 first=1.5 last=2
      lost cpu=1 kind=sched_switch lost=4 suppressed=0 first=1.5 last=2
      1.000000000 [0] tid=7 contention_begin lock=0xa0 flags=SPIN
      """)
    #expect(found.lost.events == 7 && found.lost.suppressed == 1)
    #expect(found.lost.byCPU.map(\.cpu) == [1] && found.lost.byCPU.map(\.events) == [7])
  }
}
