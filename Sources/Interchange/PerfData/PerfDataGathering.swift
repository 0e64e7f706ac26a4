import TraceFormat

/// What an import has read and not yet written.
struct PerfDataGathering {
  var account = ImportAccount()
  var tasks: [TaskRecord] = []
  var losses: [LossRecord] = []

  private var events: [[Event]] = []
  private var full: [Int] = []
  private var stacks: [StackRecord] = []
  private var numbers: [[UInt64]: StackID] = [:]
  private var nextStack: UInt32 = 1

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

  /// The stack of a call chain's kernel part; the same one for the same frames.
  ///
  /// The kernel's frames stand between PERF_CONTEXT_KERNEL (-128) and the next context mark; marks are
  /// the numbers from -4095 on (PERF_CONTEXT_MAX, include/uapi/linux/perf_event.h).
  mutating func stack(
    _ chain: Range<Int>, of file: ForeignBytes
  ) throws(InterchangeError) -> StackID {
    var frames: [UInt64] = []
    var isKernel = false
    for position in stride(from: chain.lowerBound, to: chain.upperBound, by: 8) {
      let address: UInt64 = try file.integer(at: position)
      if address >= UInt64(bitPattern: -4095) {
        isKernel = address == UInt64(bitPattern: -128)
      } else if isKernel {
        frames.append(address)
      }
    }
    if frames.isEmpty { return .none }
    if let known = numbers[frames] { return known }
    let id = StackID(nextStack)
    nextStack += 1
    numbers[frames] = id
    stacks.append(StackRecord(id: id, frames: frames))
    return id
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
      try writer.append(tasks: tasks)
      try writer.append(losses: losses)
    } catch {
      throw .trace(error)
    }
  }

  private mutating func write(_ cpu: Int, to writer: inout TraceWriter) throws(InterchangeError) {
    do throws(TraceError) {
      try writer.append(events: events[cpu], cpu: UInt16(cpu))
    } catch {
      throw .trace(error)
    }
    account.events += UInt64(events[cpu].count)
    events[cpu].removeAll(keepingCapacity: true)
  }
}
