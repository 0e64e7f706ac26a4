import Analysis
import Foundation
import Testing
import TraceFormat
import Workloads

/// Sleeps that tasks of the workload end, told from those that interrupts end.
@Suite struct SignalTests {
  /// Two tasks that take turns on one CPU, 10 us each, and a third that only computes on the other;
  /// every sleeper is woken by `waker` 10 ns before its turn.
  private static func turns(wakers: [Int]) -> String {
    "cpus 2\ntask 1 process=1 name=a\ntask 2 process=2 name=b\ntask 9 process=9 name=c\n1.000000000 [1] tid=0 sched_switch prev_state=0 next_pid=9 syscalls=0\n"
      + (1..<200).map { round in
        func at(_ offset: Int) -> String {
          "1." + String(format: "%09d", round * 10_000 + offset)
        }
        let (runs, next) = (1 + round % 2, 1 + (round + 1) % 2)
        let waker = wakers[round % wakers.count]
        let cpu = waker == 9 ? 1 : 0
        return """
          \(at(9_980)) [\(cpu)] tid=\(waker == 9 ? 9 : runs) sched_waking pid=\(next) target_cpu=0
          \(at(9_990)) [0] tid=\(runs) sched_switch prev_state=1 next_pid=\(next) syscalls=1

          """
      }.joined() + "1.002000000 [1] tid=9 sched_switch prev_state=0 next_pid=0 syscalls=1\n"
  }

  private static func wakes(_ text: String) throws -> Int {
    try analyze(text).workload(name: "x").validated().tasks.reduce(0) { sum, group in
      sum + group.loop.count { if case .wake = $0 { true } else { false } }
    }
  }

  @Test("tasks that wake each other do so in the workload")
  func signals() throws { #expect(try Self.wakes(Self.turns(wakers: [1])) > 0) }

  @Test("an interrupt wakes in the name of whom it interrupts: such sleeps stay sleeps")
  func interrupts() throws { #expect(try Self.wakes(Self.turns(wakers: [1, 9, 9, 1])) == 0) }
}
