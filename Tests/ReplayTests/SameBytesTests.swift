import FoundationEssentials
import Measures
import Testing
import Workloads

@testable import Replay

/// One seed makes one prediction, byte for byte, whatever the layout, the run and the threads.
@Suite struct SameBytesTests {
  /// The mixed workload with a class that service OSlets can own and one for lockless reads.
  static let workload: Workload = {
    var workload = BooksTests.mixed
    workload.classes[3].group = "fs"
    return workload
  }()

  /// Two sockets of two islands of four cores with two threads: every cut cuts.
  static let machine: Machine = {
    var machine = TestWorkload.machine()
    machine.topology = Topology(sockets: 2, islandsPerSocket: 2, coresPerIsland: 4, smt: 2)
    machine.constants["smt_slowdown"] = 0.3
    return machine
  }()

  /// Every form of docs/layouts.md.
  static let layouts = [
    "one", "4x", "8x4", "8,8,16", "by=core", "by=l3", "by=node", "by=socket",
    "4x2x4/tree", "4x2x4/flat", "4x2x4/ring", "4x+fs:2x4", "one+numa-handover",
    "one+shard:s=4", "one+percpu:h", "one+lockless:r", "one+broadcast-tlb", "one+split:h@node",
    "4x+numa-handover+shard:s=4+broadcast-tlb",
  ]

  @Test("the same bytes at one and two threads and again", arguments: layouts)
  func same(text: String) async throws {
    var layout = try Layout(text)
    if text.contains("/") || text.contains("fs:") {
      // Broadcasts to replicas, and stripes that are notified.
      layout.policies["m"] = PolicyOverride(.replicated)
      layout.policies["h"] = PolicyOverride(.striped, message: .notified)
    }
    let precision = Precision(
      relativeHalfWidth: 0, replications: 2, events: 2_000, eventsPerCPU: 0, maximumEvents: 4_000)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var documents: [Data] = []
    for threads in [1, 2, 1] {
      let prediction = try await Replayer(seed: 11, precision: precision, threads: threads).sweep(
        Self.workload, on: Self.machine, layouts: [layout], cpus: [32], load: .replicate)
      documents.append(try encoder.encode(prediction))
    }
    #expect(documents[0] == documents[1], "\(text): one and two threads differ")
    #expect(documents[0] == documents[2], "\(text): two runs differ")
    let other = try await Replayer(seed: 12, precision: precision, threads: 1).sweep(
      Self.workload, on: Self.machine, layouts: [layout], cpus: [32], load: .replicate)
    #expect(try encoder.encode(other) != documents[0])
  }
}
