import Analysis
import Foundation
import Testing
import TraceFormat
import Workloads

@Suite("Which tasks meet")
struct TaskMeetingsTests {
  /// Four tasks on four CPUs, 100 rounds of 10 us: 1 and 3 wake each other, 2 and 4 do; `locks` adds
  /// a hand-over from 1 to 2 in every round, `strays` one from 1 to 4 in the first.
  static func trace(locks: Bool = false, strays: Bool = false) -> String {
    let heads = (1...4).map { "task \($0) process=\($0) name=a cgroup=/x\n" }.joined()
    let rounds = (0..<100).map { round in
      func at(_ offset: Int) -> String { "1." + String(format: "%09d", round * 10_000 + offset) }
      var lines: [String] = []
      for task in 1...4 {
        let peer = (task + 1) % 4 + 1
        lines.append(
          "\(at(task)) [\(task - 1)] tid=0 sched_switch prev_state=0 next_pid=\(task) syscalls=0")
        lines.append(
          "\(at(5_000 + task)) [\(task - 1)] tid=\(task) sched_waking pid=\(peer) target_cpu=\(peer - 1)"
        )
        lines.append(
          "\(at(9_000 + task)) [\(task - 1)] tid=\(task) sched_switch prev_state=1 next_pid=0 syscalls=1"
        )
      }
      func lock(_ task: Int, _ begin: Int, _ address: String) {
        for (offset, word) in [(begin, "begin"), (begin + 100, "end")] {
          let rest = word == "begin" ? "flags=SPIN" : "ret=0"
          lines.append(
            "\(at(offset)) [\(task - 1)] tid=\(task) contention_\(word) lock=\(address) \(rest)")
        }
      }
      if locks {
        lock(1, 6_000, "0xa0")
        lock(2, 6_200, "0xa0")
      }
      if strays, round == 0 {
        lock(1, 7_000, "0xb0")
        lock(4, 7_200, "0xb0")
      }
      return lines.sorted().map { $0 + "\n" }.joined()
    }
    return "cpus 4\n" + heads + rounds.joined()
  }

  static func edges(_ text: String) throws -> [String: Double] {
    let workload = try analyze(text).workload(name: "w").validated()
    return Dictionary(
      uniqueKeysWithValues: workload.edges.map { edge in
        let ends = [edge.from, edge.to].map { "\($0.group)\($0.task ?? -1)" }
        return (ends.joined(separator: "-"), edge.perSecond)
      })
  }

  @Test("wake-ups in both directions are one edge between recorded tasks, a second")
  func wakeUps() throws {
    let edges = try Self.edges(Self.trace())
    #expect(edges.keys.sorted() == ["a0-a2", "a1-a3"])
    // Two wake-ups in each round of 10 us.
    for rate in edges.values { #expect(abs(rate / 200_000 - 1) < 0.02) }
  }

  @Test(
    "a lock that two tasks own in turn ties them; who meets once in a hundred times is left out")
  func handOvers() throws {
    let edges = try Self.edges(Self.trace(locks: true, strays: true))
    // Those that wait for a lock, 1, 2 and 4, are a group that says so; 3 is one of its own. 1 and 4 are
    // not tied.
    let waits = "a at spinlock, unsampled"
    #expect(
      edges.keys.sorted() == ["\(waits)0-\(waits)1", "\(waits)0-a0", "\(waits)1-\(waits)2"])
    // 1 to 2 within a round, 2 to 1 into the next.
    #expect(abs((edges["\(waits)0-\(waits)1"] ?? 0) / 199_000 - 1) < 0.02)
  }

  @Test("a trace's pairs end in one OSlet each")
  func placed() throws {
    let workload = try analyze(Self.trace()).workload(name: "w")
    let machine = try KnownMachines.machine(named: "epyc-7r13")
    let scenario = try Scenario(
      workload: workload, machine: machine, layout: Layout("2x+place=graph"), cpus: 4,
      load: .replicate)
    // Processes are numbered in the order of the tasks.
    let homes = scenario.tasks.sorted { $0.process < $1.process }.map(\.oslet)
    #expect(homes[0] == homes[2] && homes[1] == homes[3] && homes[0] != homes[1])
  }
}
