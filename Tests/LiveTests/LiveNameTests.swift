import Foundation
import Recording
import Testing
import TraceFormat

/// Names that tasks give themselves while they are recorded, and those of locks.
extension LiveTests {
  @Suite("Names", .enabled(if: canRecord))
  struct LiveNameTests {
    @Test("a task that renamed itself is known by its last name, whether it ended or lives on")
    func renamed() throws {
      try LiveMachine.withFolder { folder in
        // Writing to comm is what prctl(PR_SET_NAME) does: no event tells of either.
        let lasting =
          "printf lasting >/proc/$$/comm; echo $$ >\(folder)/lasting; exec 3<>\(folder)/f"
        let script = """
          mkfifo \(folder)/f
          sh -c '\(lasting); read line <&3' &
          sh -c 'printf passing >/proc/$$/comm; echo $$ >\(folder)/passing'
          while [ ! -s \(folder)/lasting ]; do sleep 0.05; done
          sleep 0.1
          """
        var options = RecordOptions()
        options.output = "\(folder)/trace"
        options.command = ["sh", "-c", script]
        let summary = try RecordSession.run(options)
        let passing = try Self.process("\(folder)/passing")
        let lives = try Self.process("\(folder)/lasting")
        defer { kill(lives, SIGKILL) }
        var reader = try TraceReader(path: summary.output)
        var last: [String] = []
        while let event = try reader.next() {
          if event.kind == .exit, event.task == TaskID(passing) { last.append(event.taskName) }
        }
        #expect(last == ["passing"])
        #expect(reader.tasks[TaskID(lives)]?.name == "lasting")
      }
    }

    /// The number in a file.
    static func process(_ path: String) throws -> Int32 {
      let text = try String(contentsOfFile: path, encoding: .utf8)
      return try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    /// Ten loads at once, as in Tests/Benchmarks/names.py.
    @Test(
      "of a mix of loads 95 % of the wait has a class that is no address, 90 % of contentions a caller",
      .enabled(if: LiveMachine.has("stress-ng")))
    func mix() throws {
      try LiveMachine.withFolder { folder in
        var load = ["stress-ng", "-q", "--temp-path", folder, "-t", "2"]
        for name in [
          "rename", "open", "dentry", "futex", "mmap", "fork", "pipe", "sock", "pthread",
          "tlb-shootdown",
        ] { load += ["--\(name)", "1"] }
        let recorded = try LiveKillTests.record(
          ["-q", "--events", "lock,task", "-o", "\(folder)/t", "--"] + load)
        recorded.waitUntilExit()
        #expect(recorded.terminationStatus == 0)
        let analyzed = try LivePrivilegeTests.run(
          "/bin/sh",
          ["-c", "\(LiveKillTests.tool.path) analyze -i \(folder)/t --json >\(folder)/j"])
        #expect(analyzed.status == 0)
        let json = try Data(contentsOf: URL(filePath: "\(folder)/j"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let rows = try decoder.decode(Shares.self, from: json).classes
        let wait = rows.reduce(0) { $0 + $1.waitNs.total }
        // An offset in an object is no name, nor is a kind that no stack was taken of.
        let named = rows.filter { !$0.name.contains("0x") && !$0.name.contains(", unsampled") }
          .reduce(0) { $0 + $1.waitNs.total }
        let contentions = rows.reduce(0) { $0 + $1.contentions }
        let called = rows.flatMap(\.callers)
          .filter { !$0.symbol.hasPrefix("0x") && !$0.symbol.hasPrefix("[") }
          .reduce(0) { $0 + $1.contentions }
        #expect(contentions > 100)
        #expect(named >= 0.95 * wait, "\(named) of \(wait)")
        #expect(Double(called) >= 0.9 * Double(contentions), "\(called) of \(contentions)")
      }
    }

    /// What the document of `analyze` says of each class.
    struct Shares: Decodable {
      var classes: [Row]
      struct Row: Decodable {
        var name: String
        var contentions: Int
        var waitNs: Wait
        var callers: [Caller]
      }
      struct Wait: Decodable { var total: Double }
      struct Caller: Decodable {
        var symbol: String
        var contentions: Int
      }
    }
  }
}
