import Foundation
import Measures
import Testing
import TraceFormat

/// Recorders that meet every kind of end at a random moment: each must leave files that can be read
/// and nothing else.
///
/// TORTURE_ROUNDS of them (30), by TORTURE_SEED; OSLET names another program than the one just built
/// (`make torture`).
extension LiveTests {
  @Suite(
    "Torture", .enabled(if: canRecord && geteuid() == 0 && LiveMachine.has("stress-ng")))
  struct LiveTortureTests {
    static func setting(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }

    @Test("whatever ends a recorder, files stay readable and nothing stays in the kernel")
    func rounds() throws {
      let rounds = Self.setting("TORTURE_ROUNDS").flatMap { Int($0) } ?? 30
      let seed = Self.setting("TORTURE_SEED").flatMap { UInt64($0) } ?? 1
      let tool = Self.setting("OSLET").map { URL(filePath: $0) } ?? LiveKillTests.tool
      let disk = try SmallDisk()
      let mounts = try Self.mounts()
      var generator = SeededGenerator(seed: seed)
      var tally: [Ordeal: Int] = [:]
      var files = 0
      var held = 0
      for round in 0..<rounds {
        // Each kind in turn, so that few rounds meet all of them.
        let ordeal = Ordeal.allCases[round % Ordeal.allCases.count]
        try LiveMachine.withFolder { folder in
          defer { Self.endCommands(of: folder) }
          let run = try OrdealRun(
            ordeal, tool: tool, folder: folder, disk: disk, using: &generator)
          try Self.judge(run, round: round)
          #expect(Self.leftovers(of: folder) == [], "round \(round), \(ordeal.rawValue)")
          files += run.traces.count
          held += run.held.count
        }
        try disk.clear()
        tally[ordeal, default: 0] += 1
      }
      #expect(try Self.mounts() == mounts)
      // The rounds were what they should be: most recorders had their probes in the kernel.
      #expect(held > rounds * 20)
      #expect(files > rounds / 2)
      let kinds = Ordeal.allCases.compactMap { kind in tally[kind].map { "\($0) \(kind.rawValue)" }
      }
      print("\(rounds) rounds, seed \(seed), \(files) traces, \(held) BPF objects:", kinds)
    }

    /// Holds what a run left against what it may leave.
    static func judge(_ run: OrdealRun, round: Int) throws {
      let what: Comment = "round \(round), \(run.ordeal.rawValue): \(run.status) \(run.errors)"
      if run.status >= 0 {
        // A signal that came before the recorder had set up its handling ends it, and that is all.
        #expect(run.ordeal.statuses.contains(run.status), what)
        #expect(run.errors.split(separator: "\n").count == (run.status == 1 ? 1 : 0), what)
        if run.status == 1 { #expect(run.errors.hasPrefix("oslet: cannot write "), what) }
      } else {
        let may: [Ordeal] = [.killed, .snapshots, .twice, .folderGone]
        #expect(may.contains(run.ordeal), what)
        #expect(run.errors == "", what)
      }
      if run.ordeal.endsWhole { #expect(run.traces.count == 1, what) }
      for path in run.traces {
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        guard size != 0 else {
          #expect(!run.ordeal.endsWhole, what)
          continue
        }
        guard let content = try Self.read(path) else {
          // A disk may end before the first block does.
          #expect(!run.ordeal.endsWhole, what)
          continue
        }
        #expect(content.isWhole || !run.ordeal.endsWhole, what)
        #expect(content.missing == 0, what)
      }
      #expect(run.held.awaitEnd().count == 0, what)
    }

    /// Reads a trace to its end; nil where it holds no whole block.
    static func read(_ path: String) throws -> (isWhole: Bool, missing: Int)? {
      let start = try Data(contentsOf: URL(filePath: path)).prefix(24 + 56 + 1)
      if start.count <= 24 + 56 { return nil }
      var reader = try TraceReader(path: path)
      var count: UInt64 = 0
      while try reader.next() != nil { count += 1 }
      return (reader.ending == .complete, Int(reader.eventCount - count) + reader.damaged.count)
    }

    /// Recorders, and processes of theirs, that bear the mark of a run, once they had the time to end.
    static func leftovers(of folder: String) -> [String] {
      var left = marked(folder)
      for _ in 0..<250 where left.contains(where: { $0.name.hasPrefix("oslet") }) {
        usleep(20_000)
        left = marked(folder)
      }
      return left.map(\.name).filter { $0.hasPrefix("oslet") }
    }

    /// Ends the commands that outlived their recorder: they are the user's, and stay.
    static func endCommands(of folder: String) {
      for process in marked(folder) { kill(process.id, SIGKILL) }
    }

    private static func marked(_ folder: String) -> [(id: Int32, name: String)] {
      let mark = Data("\(OrdealRun.mark)=\(folder)".utf8)
      let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
      return names.compactMap { name in
        guard let id = Int32(name),
          let environment = FileManager.default.contents(atPath: "/proc/\(id)/environ"),
          environment.range(of: mark) != nil,
          let command = try? String(contentsOfFile: "/proc/\(id)/comm", encoding: .utf8)
        else { return nil }
        return (id, command.trimmingCharacters(in: .newlines))
      }
    }

    private static func mounts() throws -> Set<String> {
      let text = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
      return Set(
        text.split(separator: "\n").compactMap { line in
          line.split(separator: " ").dropFirst(4).first.map(String.init)
        })
    }
  }
}
