import Measures
import TraceFormat

/// A Perfetto trace: per CPU a track of what runs and one of the interrupts it serves, per thread a
/// track of its waits, an arrow from each csd_queue_cpu to the csd_function_entry it leads to.
///
/// Times are CLOCK_MONOTONIC as the trace has them. A wait without its end, and an exit without its
/// entry, are left out; sched_waking, sched_wakeup and sched_migrate_task too, whose effect the
/// running slices show.
func writePerfetto(
  _ reader: inout TraceReader, to output: inout ByteOutput
) throws(InterchangeError) {
  var scene = PerfettoScene(output, tasks: reader.tasks)
  var batch: [Event] = []
  while try reader.fill(&batch) {
    for event in batch {
      scene.add(event, reader.symbols, reader.stacks)
      try scene.packets.output.drain()
    }
  }
  scene.finish()
  output = scene.packets.output
}

/// What is open while a trace is turned into slices.
struct PerfettoScene {
  var packets: PerfettoPackets

  private var pairing = WaitPairing()
  private var described: Set<UInt64> = []
  private var names: [TaskID: String] = [:]
  private var processes: [TaskID: TaskID] = [:]
  /// CPUs with a running slice open.
  private var running: Set<UInt16> = []
  /// Handlers open on each CPU, outermost first.
  private var handlers: [UInt16: [EventKind]] = [:]
  /// Flows from a queued csd that was not yet served.
  private var flows: [UInt64: UInt64] = [:]
  private var lastFlow: UInt64 = 0
  private var lastTime: UInt64 = 0

  // Track ids: the kind in the high half, CPU or thread in the low one.
  private static let cpus: UInt64 = 1 << 32
  private static let interrupts: UInt64 = 2 << 32
  private static let threads: UInt64 = 3 << 32
  private static let allCPUs: UInt64 = 4 << 32

  init(_ output: consuming ByteOutput, tasks: TaskTable) {
    packets = PerfettoPackets(output)
    for task in tasks.records {
      names[task.task] = task.name
      processes[task.task] = task.process
    }
  }

  mutating func add(_ event: Event, _ symbols: SymbolTable, _ stacks: StackTable) {
    lastTime = event.time.nanosecondsSinceBoot
    if let wait = pairing.add(event) { return write(wait, symbols, stacks) }
    switch event.kind {
    case .schedSwitch: switchTask(event)
    case .callFunctionEntry, .callFunctionSingleEntry, .rescheduleEntry, .csdFunctionEntry:
      enter(event, symbols)
    case .callFunctionExit, .callFunctionSingleExit, .rescheduleExit, .csdFunctionExit:
      leave(event)
    case .csdQueue:
      lastFlow += 1
      flows[event.a] = lastFlow
      mark(
        event, "csd to CPU \(event.value)", flow: lastFlow,
        [.text("function", symbols.text(event.b)), .text("callsite", symbols.text(event.c))])
    case .ipiSendCPU:
      mark(event, "IPI to CPU \(event.value)", [.text("callback", symbols.text(event.b))])
    case .ipiSendMask:
      mark(
        event, "IPI to mask",
        [
          .number("word", UInt64(event.value & 0x7FFF_FFFF)), .pointer("mask", event.c),
          .text("callback", symbols.text(event.b)),
        ])
    case .tlbFlush:
      let pages = Int64(bitPattern: event.a)
      mark(
        event, pages < 0 ? "TLB flush, all" : "TLB flush, \(pages) pages",
        [.number("reason", UInt64(event.value))])
    case .gap:
      mark(
        event, "events missing",
        [.number("lost", event.a), .number("suppressed", event.b)])
    case .trigger:
      mark(
        event, "trigger: \(TriggerCause(rawValue: event.value)?.name ?? "unknown")",
        [.number("latency_ns", event.b), .pointer("object", event.a)])
    case .fork:
      names[TaskID(Int32(bitPattern: event.value))] = event.taskName
      processes[TaskID(Int32(bitPattern: event.value))] = TaskID(
        Int32(truncatingIfNeeded: event.c))
    case .exec: names[event.task] = event.taskName
    case .contentionBegin, .contentionEnd, .schedWaking, .schedWakeup, .schedMigrate, .exit,
      .lockSeen, .progress:
      break
    }
  }

  /// Closes what is still open at the last event's time.
  mutating func finish() {
    for cpu in running.sorted() {
      packets.write(.sliceEnd, at: lastTime, track: Self.cpus | UInt64(cpu))
    }
    for (cpu, open) in handlers.sorted(by: { $0.key < $1.key }) {
      for _ in open {
        packets.write(.sliceEnd, at: lastTime, track: Self.interrupts | UInt64(cpu))
      }
    }
  }

  private mutating func write(
    _ wait: WaitPairing.Wait, _ symbols: SymbolTable, _ stacks: StackTable
  ) {
    let track = threadTrack(wait.begin)
    var notes: [PerfettoPackets.Annotation] = [
      .pointer("lock", wait.begin.a),
      .text("flags", LockFlags(rawValue: wait.begin.value).text),
      .signed("ret", Int64(Int32(bitPattern: wait.end.value))),
    ]
    for (depth, frame) in stacks.frames(wait.begin.stack).enumerated() {
      notes.append(.text("stack \(depth)", symbols.text(frame)))
    }
    packets.write(
      .sliceBegin, at: wait.begin.time.nanosecondsSinceBoot, track: track,
      name: "wait \(symbols.text(wait.begin.a))", category: "lock", notes)
    packets.write(.sliceEnd, at: wait.end.time.nanosecondsSinceBoot, track: track)
  }

  private mutating func switchTask(_ event: Event) {
    let track = cpuTrack(event.cpu)
    if running.remove(event.cpu) != nil {
      packets.write(.sliceEnd, at: lastTime, track: track)
    }
    let next = TaskID(Int32(truncatingIfNeeded: event.a))
    guard next != .idle else { return }
    running.insert(event.cpu)
    packets.write(
      .sliceBegin, at: lastTime, track: track, name: name(of: next), category: "sched",
      [.number("tid", UInt64(UInt32(bitPattern: next.rawValue)))])
  }

  private mutating func enter(_ event: Event, _ symbols: SymbolTable) {
    handlers[event.cpu, default: []].append(event.kind)
    let isCSD = event.kind == .csdFunctionEntry
    packets.write(
      .sliceBegin, at: lastTime, track: interruptTrack(event.cpu),
      name: isCSD ? symbols.text(event.b) : String(event.kind.name.dropLast("_entry".count)),
      category: "ipi", endingFlow: isCSD ? flows.removeValue(forKey: event.a) : nil)
  }

  private mutating func leave(_ event: Event) {
    // Each exit kind is its entry's number and one.
    let entry = EventKind(rawValue: event.kind.rawValue - 1)
    guard var open = handlers[event.cpu], let place = open.lastIndex(where: { $0 == entry }) else {
      return
    }
    for _ in place..<open.count {
      packets.write(.sliceEnd, at: lastTime, track: interruptTrack(event.cpu))
    }
    open.removeSubrange(place...)
    handlers[event.cpu] = open
  }

  private mutating func mark(
    _ event: Event, _ name: String, flow: UInt64? = nil,
    _ annotations: [PerfettoPackets.Annotation]
  ) {
    packets.write(
      .instant, at: lastTime, track: interruptTrack(event.cpu), name: name, category: "ipi",
      flow: flow, annotations)
  }

  private func name(of task: TaskID) -> String { names[task] ?? "thread \(task.rawValue)" }

  private mutating func cpuTrack(_ cpu: UInt16) -> UInt64 {
    let uuid = Self.cpus | UInt64(cpu)
    if described.insert(uuid).inserted {
      if described.insert(Self.allCPUs).inserted {
        packets.describe(track: Self.allCPUs, name: "CPUs", parent: 0)
      }
      packets.describe(track: uuid, name: "CPU \(cpu)", parent: Self.allCPUs)
    }
    return uuid
  }

  private mutating func interruptTrack(_ cpu: UInt16) -> UInt64 {
    let uuid = Self.interrupts | UInt64(cpu)
    if described.insert(uuid).inserted {
      packets.describe(track: uuid, name: "CPU \(cpu) interrupts", parent: cpuTrack(cpu))
    }
    return uuid
  }

  /// The thread's track; the idle tasks' waits are on their CPU's interrupt track.
  private mutating func threadTrack(_ event: Event) -> UInt64 {
    if event.task == .idle { return interruptTrack(event.cpu) }
    let uuid = Self.threads | UInt64(UInt32(bitPattern: event.task.rawValue))
    if described.insert(uuid).inserted {
      packets.describe(
        track: uuid, thread: event.task, process: processes[event.task] ?? event.task,
        name: name(of: event.task))
    }
    return uuid
  }
}

extension SymbolTable {
  /// The symbol at an address, or the address.
  func text(_ address: UInt64) -> String { name(at: address) ?? "0x" + String(address, radix: 16) }
}
