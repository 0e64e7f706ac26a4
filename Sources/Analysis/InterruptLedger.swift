import Measures
import TraceFormat

/// Who interrupted whom, how long it took to arrive, and what the targets did.
///
/// Function calls are joined by their csd: each sender-target pair has its own call_single_data, and
/// it is not queued again before its function ran (csd_lock, kernel/smp.c, Linux 6.18), so a pointer
/// names one request at a time. Reschedule IPIs have no csd: they are counted, not joined.
struct InterruptLedger: Sendable {
  /// A csd, and the request it last carried.
  private struct Request: Sendable {
    var queued: UInt64 = 0
    var function: Int32 = -1
    var batch: UInt32 = 0
    var sender: UInt16 = 0
    var pending = false
  }
  /// What one CPU sends, as long as it looks like one call to smp_call_function_many_cond.
  private struct Batch: Sendable {
    var number: UInt32 = 0
    var start: UInt64 = 0
    var end: UInt64 = 0
    var function: Int32 = -1
    var task: Int32 = -1
    var targets: UInt32 = 0
    /// Whether its IPIs left: what is queued later is another call.
    var sent = true
  }
  /// What a target CPU is doing.
  private struct Handler: Sendable {
    var function: Int32 = -1
    var csd: Int32 = -1
    var start: UInt64 = 0
    /// Start of the interrupt, and its depth.
    var interrupt: UInt64 = 0
    var depth: Int32 = 0
  }
  /// One function.
  struct Function: Sendable {
    var address: UInt64
    var queued: UInt64 = 0
    var run: UInt64 = 0
    var handler = LogHistogram()
    var latency = LogHistogram()
    /// From the first queued csd of a call to its last handler's end.
    var completion = LogHistogram()
  }
  /// Interrupts of one CPU, as target.
  struct Target: Sendable {
    var callFunction: UInt64 = 0
    var reschedule: UInt64 = 0
    var csdQueued: UInt64 = 0
    var csdRun: UInt64 = 0
    /// Nanoseconds between entry and exit of its IPI interrupts.
    var interrupted: UInt64 = 0
    /// Nanoseconds in csd functions.
    var handling: UInt64 = 0
  }

  private var csds = HandleTable()
  private var requests: [Request] = []
  private var functionTable = HandleTable()
  private(set) var functions: [Function] = []
  private var batches: [Batch] = []
  private var handlers: [Handler] = []
  /// By CPU.
  private(set) var targets: [Target] = []
  /// Requests by (sender, target): csd queued, and reschedule IPIs.
  private(set) var matrix = PairTally()
  /// Calls by (task, function); the total is their targets.
  private(set) var calls = PairTally()
  /// ipi_send_cpu and the targets of ipi_send_cpumask, by (sender, target).
  private(set) var raised = PairTally()
  private(set) var raisedCount: UInt64 = 0
  private(set) var queuedCount: UInt64 = 0
  private(set) var rescheduleCount: UInt64 = 0
  /// IPIs that a CPU sent to itself (irq_work).
  private(set) var selfCount: UInt64 = 0
  /// Handlers without a queue event, and requests whose handler was not seen.
  private(set) var unjoined: UInt64 = 0
  /// Longest spans accepted as "in this interrupt": an exit that was lost must not count for ever.
  private static let longestHandler: UInt64 = 1_000_000_000

  /// Makes room for `cpu`.
  mutating func reach(_ cpu: Int) {
    while targets.count <= cpu {
      targets.append(Target())
      batches.append(Batch())
      handlers.append(Handler())
    }
  }

  /// Takes csd_queue_cpu; `target` is in range.
  mutating func queue(_ event: Event, task: Int32, target: Int) {
    let now = event.time.nanosecondsSinceBoot
    let sender = Int(event.cpu)
    let function = function(event.b)
    functions[Int(function)].queued += 1
    queuedCount += 1
    targets[target].csdQueued += 1
    matrix.add(Int32(event.cpu), Int32(truncatingIfNeeded: target))
    if batches[sender].sent || batches[sender].function != function
      || batches[sender].task != task
    {
      close(sender)
      batches[sender].number &+= 1
      batches[sender].start = now
      batches[sender].end = 0
      batches[sender].function = function
      batches[sender].task = task
      batches[sender].targets = 0
      batches[sender].sent = false
    }
    batches[sender].targets += 1
    let csd = Int(csds.insert(event.a))
    if csd == requests.count { requests.append(Request()) }
    if requests[csd].pending { unjoined += 1 }
    requests[csd] = Request(
      queued: now, function: function, batch: batches[sender].number, sender: event.cpu,
      pending: true)
  }

  /// Ends the sender's call and keeps how long it took.
  private mutating func close(_ sender: Int) {
    let batch = batches[sender]
    guard batch.function >= 0 else { return }
    calls.add(batch.task, batch.function, amount: Double(batch.targets))
    if batch.end > batch.start {
      functions[Int(batch.function)].completion.add(
        Nanoseconds(Double(batch.end - batch.start)))
    }
    batches[sender].function = -1
  }

  /// Takes csd_function_entry.
  mutating func enter(_ event: Event) {
    let now = event.time.nanosecondsSinceBoot
    let cpu = Int(event.cpu)
    let function = function(event.b)
    handlers[cpu].function = function
    handlers[cpu].start = now
    handlers[cpu].csd = -1
    functions[Int(function)].run += 1
    targets[cpu].csdRun += 1
    guard let csd = csds.find(event.a), requests[Int(csd)].pending,
      requests[Int(csd)].function == function, now >= requests[Int(csd)].queued
    else {
      unjoined += 1
      return
    }
    requests[Int(csd)].pending = false
    handlers[cpu].csd = csd
    functions[Int(function)].latency.add(
      Nanoseconds(Double(now - requests[Int(csd)].queued)))
  }

  /// Takes csd_function_exit.
  mutating func leave(_ event: Event) {
    let now = event.time.nanosecondsSinceBoot
    let cpu = Int(event.cpu)
    let handler = handlers[cpu]
    guard handler.function >= 0, now >= handler.start,
      functions[Int(handler.function)].address == event.b
    else { return }
    handlers[cpu].function = -1
    let span = now - handler.start
    functions[Int(handler.function)].handler.add(Nanoseconds(Double(span)))
    targets[cpu].handling &+= span
    guard handler.csd >= 0 else { return }
    let request = requests[Int(handler.csd)]
    let sender = Int(request.sender)
    if batches[sender].number == request.batch { batches[sender].end = now }
  }

  /// Takes ipi_send_cpu; `target` is in range.
  mutating func sendOne(_ event: Event, target: Int) {
    raisedCount += 1
    raised.add(Int32(event.cpu), Int32(truncatingIfNeeded: target))
    batches[Int(event.cpu)].sent = true
    if Int(event.cpu) == target { selfCount += 1 }
    if event.b == 0 { reschedule(from: event.cpu, to: target) }
  }

  /// Takes one word of ipi_send_cpumask; CPUs from `limit` on are left out.
  mutating func sendMask(_ event: Event, limit: Int) {
    batches[Int(event.cpu)].sent = true
    let word = Int(event.value & 0x7fff_ffff)
    guard word < 1024 else { return }
    var bits = event.c
    while bits != 0 {
      let target = word * 64 + bits.trailingZeroBitCount
      bits &= bits - 1
      guard target < limit else { continue }
      reach(target)
      raisedCount += 1
      raised.add(Int32(event.cpu), Int32(truncatingIfNeeded: target))
      if event.b == 0 { reschedule(from: event.cpu, to: target) }
    }
  }

  /// A null callback is smp_send_reschedule ("trace: Add trace_ipi_send_cpu()", Linux 6.4).
  private mutating func reschedule(from sender: UInt16, to target: Int) {
    rescheduleCount += 1
    matrix.add(Int32(sender), Int32(truncatingIfNeeded: target))
  }

  /// Takes an interrupt's entry.
  mutating func interrupt(_ event: Event) {
    let cpu = Int(event.cpu)
    if event.kind == .rescheduleEntry {
      targets[cpu].reschedule += 1
    } else {
      targets[cpu].callFunction += 1
    }
    handlers[cpu].interrupt = event.time.nanosecondsSinceBoot
    handlers[cpu].depth = 1
  }

  /// Takes an interrupt's exit; hard interrupts do not nest on Linux since 2.6.35.
  mutating func interruptReturn(_ event: Event) {
    let cpu = Int(event.cpu)
    let now = event.time.nanosecondsSinceBoot
    guard handlers[cpu].depth > 0, now >= handlers[cpu].interrupt else { return }
    handlers[cpu].depth = 0
    let span = now - handlers[cpu].interrupt
    if span <= Self.longestHandler { targets[cpu].interrupted &+= span }
  }

  /// Forgets what `cpu` was doing: events of it are missing.
  mutating func forget(_ cpu: Int) { handlers[cpu] = Handler() }

  /// Ends every call and counts the requests that were never seen to run.
  mutating func finish() {
    for cpu in batches.indices { close(cpu) }
    for request in requests where request.pending { unjoined += 1 }
  }

  private mutating func function(_ address: UInt64) -> Int32 {
    let handle = functionTable.insert(address)
    if Int(handle) == functions.count { functions.append(Function(address: address)) }
    return handle
  }
}
