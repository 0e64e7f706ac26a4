import CBPF
import Measures
import TraceFormat

/// Moves events from the logs into the trace, and keeps the account of what is there.
@safe struct Drain: ~Copyable {
  private let logs: LogMap
  private var cells: CellMap
  private var readers: [LogReader]
  private var names: NameCollector
  private let batch: UnsafeMutableBufferPointer<Event>
  private let cpus: [Int]
  private let looks: Bool

  /// The most events of a block.
  static let eventsPerBlock = 16384

  /// A drain of these CPUs' logs and cells; it owns the mappings from here on.
  ///
  /// With `looks` it notes the progress of every CPU as it begins and ends.
  init(
    _ logs: consuming LogMap, cells: consuming CellMap, cpus: [Int], names: NameCollector,
    isProfile: Bool, looks: Bool = false
  ) {
    readers = cpus.map { LogReader(cpu: $0, now: MonotonicClock.now(), isProfile: isProfile) }
    self.logs = logs
    self.cells = cells
    self.cpus = cpus
    self.looks = looks
    self.names = names
    unsafe batch = .allocate(capacity: Self.eventsPerBlock)
  }

  deinit { unsafe batch.deallocate() }

  /// Lets the probes record, or stops them; `fromWithin` each CPU itself, so that no event of it is
  /// under way meanwhile.
  func enable(_ on: Bool, fromWithin: Bool = false) {
    if fromWithin {
      DrainAffinity.visit(cpus) { logs.enable($0, on) }
    } else {
      for cpu in cpus { logs.enable(cpu, on) }
    }
  }

  /// Writes what the logs hold now.
  ///
  /// Returns how full the fullest was, 0...1.
  mutating func run(_ output: inout TraceOutput) throws(TraceError) -> Double {
    let start = MonotonicClock.now()
    var fullest = 0
    var losses: [LossRecord] = []
    look()
    for index in readers.indices {
      let cpu = UInt16(cpus[index])
      let bytes = try unsafe readers[index].read(logs, into: &names, batch: batch) {
        (events: Span<Event>) throws(TraceError) in
        try output.append(events: events, cpu: cpu)
      }
      fullest = max(fullest, bytes)
      losses += readers[index].takeLosses()
    }
    if !losses.isEmpty { try output.append(losses: losses) }
    let stacks = names.takeStacks()
    if !stacks.isEmpty { try output.append(stacks: stacks) }
    output.endDrain(start: start, counts: counts)
    look()
    return Double(fullest) / Double(logs.bytesPerCPU)
  }

  /// Keeps what was noted so far out of the file that begins.
  mutating func beginsFile() {
    for index in readers.indices { readers[index].forgetLooks() }
  }

  private mutating func look() {
    guard looks else { return }
    for index in readers.indices { readers[index].look(logs) }
  }

  /// Writes what was counted and added up in the kernel since the last call.
  mutating func writeAggregates(_ output: inout TraceOutput) throws(TraceError) {
    var records = cells.take { names.stack($0) }
    names.conceal(&records)
    for index in readers.indices { records += readers[index].takeCounts(logs) }
    if !records.isEmpty { try output.append(aggregates: records) }
  }

  /// Events counted in place of being recorded so far, by kind, over all CPUs.
  var aggregated: [UInt64] {
    var sums = [UInt64](repeating: 0, count: Int(OSLET_KINDS.rawValue))
    for cpu in cpus {
      for kind in sums.indices { sums[kind] += logs.missed(cpu, kind: UInt8(kind)).aggregated }
    }
    return sums
  }

  /// Writes the symbols of everything new that events refer to.
  mutating func writeSymbols(_ output: inout TraceOutput) throws(TraceError) {
    let symbols = names.takeSymbols()
    if !symbols.isEmpty { try output.append(symbols: symbols) }
  }

  /// What was missed so far, by CPU and kind; only where something was.
  func losses() -> [LossRecord] {
    var losses: [LossRecord] = []
    for cpu in cpus {
      for kind in EventKind.allCases where kind != .gap {
        let missed = logs.missed(cpu, kind: kind.rawValue)
        guard missed.lost + missed.suppressed > 0 else { continue }
        losses.append(
          LossRecord(
            cpu: UInt16(cpu), kind: kind, lost: missed.lost, suppressed: missed.suppressed,
            first: TraceTime(nanosecondsSinceBoot: missed.first_ns),
            last: TraceTime(nanosecondsSinceBoot: missed.last_ns)))
      }
    }
    return losses
  }

  /// Events written so far by kind, over all CPUs.
  var counts: [UInt64] {
    var sums = [UInt64](repeating: 0, count: Int(OSLET_KINDS.rawValue))
    for reader in readers {
      for kind in sums.indices { sums[kind] += reader.counts[kind] }
    }
    return sums
  }

  /// System calls counted so far, over all CPUs.
  var systemCalls: UInt64 { readers.reduce(0) { $0 + $1.systemCalls } }

  /// Time that stack walks took so far, over all CPUs, nanoseconds.
  var stackTime: UInt64 { cpus.reduce(0) { unsafe $0 + logs.head($1).pointee.stack_spent_ns } }

  /// The bare counters of Probes/selfcheck.h, over all CPUs.
  var counted: [EventKind: UInt64] {
    var counted: [EventKind: UInt64] = [.contentionBegin: 0, .schedSwitch: 0]
    for cpu in cpus {
      unsafe counted[.contentionBegin, default: 0] +=
        logs.head(cpu).pointee.counted_contention_begin
      unsafe counted[.schedSwitch, default: 0] += logs.head(cpu).pointee.counted_sched_switch
    }
    return counted
  }

  /// Stacks that were due and that the budget did not allow, over all CPUs.
  var stacksRefused: UInt64 {
    cpus.reduce(0) { unsafe $0 + UInt64(logs.head($1).pointee.stacks_refused) }
  }
}
