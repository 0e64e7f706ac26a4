import Measures
import Testing
import TraceFormat

@Suite("Text form")
struct TraceTextTests {
  @Test("reads every kind of line")
  func reads() throws {
    let trace = try RecordedTrace(
      text: """
        # two tasks, one spinlock
        kernel 6.18.0-test
        cpus 2
        regime spinlock every waiter (paravirt)
        event csdQueue missing: no tracepoint csd_queue_cpu
        task 71 process=70 name="a b" cgroup=/user.slice
        symbol 0xffffffff81000000 size=64 type=T name="rename [fs]"
        stack 3 0xffffffff81000010 0xffffffff81000020
        lost cpu=1 kind=sched_switch lost=3 suppressed=1 first=1.5 last=2
        12.345678901 [0] tid=71 contention_begin lock=0xffff888100000040 flags=SPIN|READ stack=3
        12.345678900 [1] tid=72 sched_switch prev_state=1 next_pid=0 syscalls=4
        """)
    #expect(trace.facts.kernel.release == "6.18.0-test")
    #expect(trace.facts.topology.online == [0, 1])
    #expect(trace.facts.regimes == ["spinlock": "every waiter (paravirt)"])
    #expect(trace.facts.events == ["csdQueue": "missing: no tracepoint csd_queue_cpu"])
    #expect(
      trace.tasks == [
        TaskRecord(task: TaskID(71), process: TaskID(70), name: "a b", cgroup: "/user.slice")
      ])
    #expect(
      trace.symbols == [
        SymbolRecord(
          address: 0xffff_ffff_8100_0000, size: 64, type: UInt8(ascii: "T"), name: "rename [fs]")
      ])
    #expect(
      trace.stacks == [
        StackRecord(id: StackID(3), frames: [0xffff_ffff_8100_0010, 0xffff_ffff_8100_0020])
      ])
    #expect(
      trace.losses == [
        LossRecord(
          cpu: 1, kind: .schedSwitch, lost: 3, suppressed: 1,
          first: TraceTime(nanosecondsSinceBoot: 1_500_000_000),
          last: TraceTime(nanosecondsSinceBoot: 2_000_000_000))
      ])
    #expect(
      trace.events == [
        Event(
          time: TraceTime(nanosecondsSinceBoot: 12_345_678_900), cpu: 1, task: TaskID(72),
          kind: .schedSwitch, a: 0, b: 4, value: 1),
        Event(
          time: TraceTime(nanosecondsSinceBoot: 12_345_678_901), cpu: 0, task: TaskID(71),
          kind: .contentionBegin, a: 0xffff_8881_0000_0040, value: 3, stack: StackID(3)),
      ])
  }

  @Test("writes what perf's users expect to see")
  func writes() {
    let event = Event(
      time: TraceTime(nanosecondsSinceBoot: 12_345_678_901), cpu: 0, task: TaskID(71),
      kind: .contentionBegin, a: 0xffff_8881_0000_0040, value: 1, stack: StackID(3))
    #expect(
      event.text
        == "12.345678901 [0] tid=71 contention_begin lock=0xffff888100000040 flags=SPIN stack=3")
    let send = Event(
      time: .zero, cpu: 3, task: .idle, kind: .ipiSendMask, a: 1, b: 2, c: 5, value: 1 << 31 | 1)
    #expect(
      send.text
        == "0.000000000 [3] tid=0 ipi_send_cpumask word=first:1 mask=0x5 callsite=0x1 callback=0x2")
  }

  @Test(
    "says the line and what is wrong",
    arguments: [
      ("\n\nfoo", "\"foo\" is not a time in seconds"),
      ("\n\n1.0 [0] tid=1 nonsense", "\"nonsense\" is no event"),
      ("\n\n1.0 [70000] tid=1 sched_wakeup", "cpu: \"70000\" is not a number that fits"),
      ("\n\n1.0 [0] tid=1 sched_wakeup lock=3", "sched_wakeup has no lock="),
      ("\n\n1.0 [0] tid=1 sched_process_exec comm=\"x", "a quote is not closed"),
      (
        "\n\n1.0 [0] tid=1 sched_process_exec comm=12345678901234567",
        "comm: \"12345678901234567\" is longer than 16 bytes"
      ),
      ("\n\n18446744074.0 [0] tid=1 sched_wakeup", "\"18446744074.0\" is not a time in seconds"),
      ("\n\ntask 1 colour=red", "colour= is not known here"),
      ("\n\nsymbol 0x10 size=1", "a symbol needs name="),
    ])
  func errors(text: String, reason: String) {
    #expect(throws: TraceError.text(line: 3, reason: reason)) { try RecordedTrace(text: text) }
  }

  @Test("text and back is the same trace, whatever the bits", arguments: 0..<20 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    let trace = arbitraryTrace(seed: seed)
    let again = try RecordedTrace(text: trace.text())
    #expect(again == trace)
    #expect(try again.text() == trace.text())
  }
}
