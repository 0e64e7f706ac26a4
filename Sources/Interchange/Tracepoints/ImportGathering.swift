import Measures
import TraceFormat

/// What an import has read and not yet written.
struct ImportGathering {
  var account = ImportAccount()
  var tasks: [TaskRecord] = []
  var losses: [LossRecord] = []
  /// What addresses of the trace are called; filled before `finish`.
  var symbols: [SymbolRecord] = []

  private var events: [[Event]] = []
  private var full: [Int] = []
  private var stacks: [StackRecord] = []
  private var numbers: [[UInt64]: StackID] = [:]
  private var nextStack: UInt32 = 1
  /// What events point to: locks, functions, call sites.
  private var addresses: Set<UInt64> = []

  /// A block's worth: what TraceWriter takes at once.
  private static let most = 1 << 14

  /// Adds events of one CPU.
  mutating func withEvents(
    of cpu: Int, _ add: (inout [Event]) throws(InterchangeError) -> Bool
  ) throws(InterchangeError) -> Bool {
    while events.count <= cpu { events.append([]) }
    let known = try add(&events[cpu])
    if events[cpu].count >= Self.most { full.append(cpu) }
    return known
  }

  /// The stack of these frames, innermost first; the same one for the same frames.
  mutating func stack(_ frames: [UInt64]) -> StackID {
    if frames.isEmpty { return .none }
    if let known = numbers[frames] { return known }
    let id = StackID(nextStack)
    nextStack += 1
    numbers[frames] = id
    stacks.append(StackRecord(id: id, frames: frames))
    return id
  }

  /// Puts a stack to the last event of a CPU that has none yet, where it is this task's.
  mutating func setStack(_ stack: StackID, cpu: Int, task: TaskID) {
    guard cpu < events.count, let last = events[cpu].indices.last else { return }
    guard events[cpu][last].task == task, events[cpu][last].stack == .none else { return }
    events[cpu][last].stack = stack
  }

  /// Adds events of unknown kinds that the foreign recorder lost on a CPU.
  mutating func addLoss(of count: UInt64, cpu: UInt16, at time: UInt64) {
    let time = TraceTime(nanosecondsSinceBoot: time)
    losses.append(
      LossRecord(cpu: cpu, kind: .gap, lost: count, suppressed: 0, first: time, last: time))
    let (sum, overflow) = account.lost.addingReportingOverflow(count)
    account.lost = overflow ? .max : sum
  }

  /// Looks the trace's addresses up in a kernel's table.
  mutating func nameAddresses(by table: KernelSymbols) {
    var known: Set<UInt64> = []
    for address in addresses.union(stacks.flatMap(\.frames)).sorted() {
      guard let symbol = table.symbol(at: address), known.insert(symbol.address).inserted else {
        continue
      }
      symbols.append(symbol)
    }
  }

  /// Writes the CPUs that have a block's worth.
  mutating func drain(to writer: inout TraceWriter) throws(InterchangeError) {
    guard !full.isEmpty else { return }
    for cpu in full { try write(cpu, to: &writer) }
    full.removeAll()
  }

  /// Writes all the rest.
  mutating func finish(to writer: inout TraceWriter) throws(InterchangeError) {
    for cpu in events.indices { try write(cpu, to: &writer) }
    do throws(TraceError) {
      try writer.append(stacks: stacks)
      try writer.append(symbols: symbols)
      try writer.append(tasks: tasks)
      try writer.append(losses: losses)
    } catch {
      throw .trace(error)
    }
  }

  private mutating func noteAddresses(of event: Event) {
    for field in event.kind.fields where field.form == .hexadecimal {
      let address = field.bits(of: event)
      if address >> 63 == 1 { addresses.insert(address) }
    }
  }

  private mutating func write(_ cpu: Int, to writer: inout TraceWriter) throws(InterchangeError) {
    do throws(TraceError) {
      try writer.append(events: events[cpu], cpu: UInt16(cpu))
    } catch {
      throw .trace(error)
    }
    account.events += UInt64(events[cpu].count)
    for event in events[cpu] { noteAddresses(of: event) }
    events[cpu].removeAll(keepingCapacity: true)
  }
}
