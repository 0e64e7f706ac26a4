import Foundation
import Measures
import Recording
import Testing
import TraceFormat

extension LiveTests {
  /// What filters keep and leave out, in the kernel.
  @Suite("Filters", .enabled(if: canRecord && LiveMachine.has("stress-ng")))
  struct LiveFilterTests {
    static let storm = ["--rename", "4", "--open", "2", "-t", "1"]

    /// Contentions of a recording; every end belongs to one of its begins but for those at the start.
    static func contentions(
      _ options: RecordOptions
    ) throws -> (trace: LiveFlightTests.Trace, begins: [Event]) {
      let summary = try RecordSession.run(options)
      let trace = try LiveFlightTests.read(summary.output)
      var open: Set<[UInt64]> = []
      var orphans = 0
      for event in trace.events {
        let wait = [UInt64(UInt32(bitPattern: event.task.rawValue)), event.a]
        if event.kind == .contentionBegin { open.insert(wait) }
        if event.kind == .contentionEnd, open.remove(wait) == nil { orphans += 1 }
      }
      let begins = trace.events.filter { $0.kind == .contentionBegin }
      // Suppressed begins leave their ends alone.
      #expect(orphans <= Int(summary.suppressed), "of \(begins.count)")
      return (trace, begins)
    }

    @Test(
      "-Y keeps a type, as many as perf stat counts with the same filter on the flags",
      .enabled(if: LiveMachine.has("perf")))
    func type() throws {
      try LiveMachine.withFolder { folder in
        var options = LiveCountTests.options(folder, Self.storm)
        options.lockTypes = try LockTypes.parse("mutex")
        var begins: [Event] = []
        var filters: [String: String]?
        let counted = try LiveMachine.perfCount(
          "lock:contention_begin", filter: "flags & 32", in: folder
        ) {
          let recorded = try Self.contentions(options)
          begins = recorded.begins
          filters = recorded.trace.facts.filters
        }
        #expect(filters == ["lock_types": "mutex"])
        #expect(begins.count > 1000)
        #expect(begins.allSatisfy { LockFlags(rawValue: $0.value).contains(.mutex) })
        let difference = abs(Double(begins.count) - Double(counted))
        #expect(difference <= 0.02 * Double(counted), "\(begins.count) and \(counted)")
      }
    }

    @Test("-L keeps one lock by its address, and all locks of a slab cache by its name")
    func lock() throws {
      try LiveMachine.withFolder { folder in
        // One mount is renamed in all along, so its s_vfs_rename_mutex keeps its address.
        var options = LiveCountTests.options(folder, Self.storm)
        let all = try Self.contentions(options)
        var counts: [UInt64: Int] = [:]
        for event in all.begins { counts[event.a, default: 0] += 1 }
        let hottest = try #require(counts.max { ($0.value, $1.key) < ($1.value, $0.key) })
        let others = all.begins.count - hottest.value
        #expect(others > 0)

        options.locks = ["0x" + String(hottest.key, radix: 16)]
        let one = try Self.contentions(options)
        #expect(one.begins.count > hottest.value / 10)
        #expect(one.begins.allSatisfy { $0.a == hottest.key })

        let sight = all.trace.events.first { $0.kind == .lockSeen && $0.a == hottest.key }
        let cache = all.trace.symbols.first { $0.address == sight?.c && $0.type == 0x6b }
        options.locks = [try #require(cache).name]
        let kind = try Self.contentions(options)
        #expect(kind.begins.contains { $0.a == hottest.key })
        let seen = kind.trace.events.filter { $0.kind == .lockSeen }
        #expect(!seen.isEmpty)
        #expect(seen.allSatisfy { $0.c == sight?.c })
      }
    }

    @Test("--tid, -G and -Y together keep what all of them ask for")
    func together() throws {
      let root = try #require(LiveMachine.unifiedHierarchy)
      let group = "oslet-test-\(UUID().uuidString)"
      let path = root + "/" + group
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      defer { unsafe rmdir(path) }
      try LiveMachine.withFolder { folder in
        var options = RecordOptions()
        options.output = "\(folder)/trace"
        let load = "stress-ng -q --rename 4 --open 2 --temp-path \(folder) -t 1"
        options.command = [
          "sh", "-c", "\(load) & sh -c 'echo $$ >\(path)/cgroup.procs; exec \(load)'; wait",
        ]
        options.cgroups = [group]
        options.lockTypes = try LockTypes.parse("mutex,spinlock")
        let (trace, begins) = try Self.contentions(options)
        #expect(begins.count > 100)
        #expect(
          begins.allSatisfy {
            let flags = LockFlags(rawValue: $0.value)
            return flags.contains(.mutex) || flags == .spin
          })
        #expect(trace.facts.filters == ["cgroups": group, "lock_types": "mutex,spinlock"])
        // Tasks of the load outside wait as often, and are in no event.
        let switches = trace.events.filter { $0.kind == .schedSwitch }
        let inside = Set(begins.map(\.task))
        #expect(!switches.isEmpty)
        #expect(inside.count <= 8, "\(inside.count) tasks wait, of 14 that run")
      }
      try LiveMachine.withFolder { folder in
        // The first process has one thread and no wait; its switches are all there is.
        var options = LiveCountTests.options(folder, ["--switch", "1", "-t", "1"])
        options.threads = [1]
        let trace = try LiveFlightTests.read(try RecordSession.run(options).output)
        #expect(
          trace.events.allSatisfy {
            $0.task.rawValue == 1 || ($0.kind == .schedSwitch && $0.a == 1)
          })
      }
    }

    @Test("a filter that names nothing is refused before anything is recorded")
    func nothing() {
      for (locks, cgroups) in [(["no_such_lock"], []), ([], ["no/such/group"]), ([], ["../.."])] {
        var options = RecordOptions()
        options.output = "/dev/null"
        options.locks = locks
        options.cgroups = cgroups
        #expect(throws: RecordError.self) { try RecordSession.run(options) }
      }
    }
  }
}
