import Analysis
import Measures
import TraceFormat

/// A synthetic recording of four CPUs, analysed by the real analyzer: a spinlock that all wait for,
/// a mutex that two sleep for, and function calls of one CPU to the others.
enum SampleTrace {
  static let rename: UInt64 = 0xffff_ffff_8200_1000
  static let mutex: UInt64 = 0xffff_8881_0000_2000
  static let flush: UInt64 = 0xffff_ffff_8100_3000
  static let lookup: UInt64 = 0xffff_ffff_8100_4000
  static let vfsRename: UInt64 = 0xffff_ffff_8100_5000

  /// With what was added up in the kernel besides.
  static func findings(_ aggregates: [AggregateRecord] = []) -> Findings {
    var analyzer = Analyzer(facts: facts)
    for event in events() { analyzer.add(event) }
    return analyzer.finish(
      stacks: [
        StackRecord(id: StackID(1), frames: [vfsRename + 16]),
        StackRecord(id: StackID(2), frames: [lookup + 16]),
      ],
      symbols: [
        SymbolRecord(address: flush, size: 256, type: UInt8(ascii: "t"), name: "flush_tlb_func"),
        SymbolRecord(address: lookup, size: 256, type: UInt8(ascii: "t"), name: "lookup_slow"),
        SymbolRecord(address: vfsRename, size: 256, type: UInt8(ascii: "T"), name: "vfs_rename"),
        SymbolRecord(address: rename, size: 8, type: UInt8(ascii: "d"), name: "rename_lock"),
      ],
      tasks: (0..<4).map {
        TaskRecord(task: TaskID(100 + $0), process: TaskID(100), name: "worker", cgroup: "/")
      }, losses: [], aggregates: aggregates)
  }

  private static let facts = TraceFacts(
    writer: "oslet 0.1", command: ["oslet", "record"],
    kernel: KernelFacts(
      release: "6.18.5", version: "#1 SMP", architecture: "x86_64",
      config: ["CONFIG_PARAVIRT_SPINLOCKS": "y"], parameters: [], hypervisor: "kvm",
      processor: "test"),
    topology: .flat(4), regimes: ["spinlock": "every waiter (paravirt)"],
    clock: ClockFacts(startMonotonic: 0, startRealtime: 0), recorderProcess: 1, events: [:])

  /// Ten milliseconds: every 40 us four CPUs queue for the lock, 2 us apart, and it goes round.
  private static func events() -> [Event] {
    var events: [Event] = []
    func add(
      _ time: UInt64, _ cpu: Int, _ kind: EventKind, a: UInt64 = 0, b: UInt64 = 0,
      value: UInt32 = 0, stack: UInt32 = 0
    ) {
      events.append(
        Event(
          time: TraceTime(nanosecondsSinceBoot: 1_000_000 + time), cpu: UInt16(cpu),
          task: TaskID(Int32(100 + cpu)), kind: kind, a: a, b: b, value: value,
          stack: StackID(stack)))
    }
    for round in 0..<250 {
      let start = UInt64(round) * 40_000
      for cpu in 0..<4 {
        add(start + UInt64(cpu) * 200, cpu, .contentionBegin, a: rename, value: 1, stack: 1)
        add(start + 3000 + UInt64(cpu) * 1000, cpu, .contentionEnd, a: rename)
      }
      if round.isMultiple(of: 5) {
        add(start + 9000, 1, .contentionBegin, a: mutex, value: 32, stack: 2)
        add(start + 21_000, 1, .contentionEnd, a: mutex)
      }
      for target in 1..<4 where round.isMultiple(of: target) {
        add(start + 22_000, 0, .csdQueue, a: 64, b: flush, value: UInt32(target))
        add(start + 23_500, target, .csdFunctionEntry, a: 64, b: flush)
        add(start + 24_000, target, .csdFunctionExit, a: 64, b: flush)
      }
      add(start + 25_000, 0, .tlbFlush, a: 33, value: 1)
    }
    return events.sorted { $0.time < $1.time }
  }
}
