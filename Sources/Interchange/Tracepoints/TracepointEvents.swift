import Measures
import TraceFormat

/// When and where a raw tracepoint record was taken, as the file around it says.
struct RecordOrigin {
  var time: UInt64 = 0
  var cpu: UInt32 = 0
  var process: Int32 = 0
  var thread: Int32 = 0
  var stack = StackID.none
}

/// Turns raw tracepoint records into events of this trace's kinds.
struct TracepointEvents {
  /// One tracepoint of the file that has a kind here: which field goes to which member.
  private struct Plan {
    var kind: EventKind
    var a: TracepointFormat.Field?
    var b: TracepointFormat.Field?
    var c: TracepointFormat.Field?
    var value: TracepointFormat.Field?
    /// A name or a mask, in the record's dynamic part.
    var text: TracepointFormat.Field?
    /// The task, where it is not its origin's.
    var task: TracepointFormat.Field?
  }

  private var plans: [Plan?]
  /// Tracepoints without a kind here, by number.
  let strangers: [UInt16: String]

  init(_ formats: [UInt16: TracepointFormat]) {
    plans = []
    var strangers: [UInt16: String] = [:]
    for (id, format) in formats {
      if let plan = Self.plan(for: format) {
        while plans.count <= Int(id) { plans.append(nil) }
        plans[Int(id)] = plan
      } else {
        strangers[id] = format.name
      }
    }
    self.strangers = strangers
  }

  private static func plan(for format: TracepointFormat) -> Plan? {
    guard let kind = EventKind(name: format.name) else { return nil }
    var plan = Plan(kind: kind)
    func field(_ name: String) -> TracepointFormat.Field? { format.field(name) }
    switch kind {
    case .contentionBegin: (plan.a, plan.value) = (field("lock_addr"), field("flags"))
    case .contentionEnd: (plan.a, plan.value) = (field("lock_addr"), field("ret"))
    case .csdQueue:
      (plan.a, plan.b, plan.c) = (field("csd"), field("func"), field("callsite"))
      plan.value = field("cpu")
    case .csdFunctionEntry, .csdFunctionExit: (plan.a, plan.b) = (field("csd"), field("func"))
    case .ipiSendCPU:
      (plan.a, plan.b, plan.value) = (field("callsite"), field("callback"), field("cpu"))
    case .ipiSendMask:
      (plan.a, plan.b, plan.text) = (field("callsite"), field("callback"), field("cpumask"))
    case .callFunctionEntry, .callFunctionExit, .callFunctionSingleEntry,
      .callFunctionSingleExit, .rescheduleEntry, .rescheduleExit:
      plan.a = field("vector")
    case .tlbFlush: (plan.a, plan.value) = (field("pages"), field("reason"))
    case .schedSwitch:
      (plan.task, plan.a, plan.value) = (field("prev_pid"), field("next_pid"), field("prev_state"))
    case .schedWaking, .schedWakeup: (plan.a, plan.value) = (field("pid"), field("target_cpu"))
    case .schedMigrate:
      (plan.a, plan.b, plan.value) = (field("pid"), field("orig_cpu"), field("dest_cpu"))
    case .fork: (plan.text, plan.value) = (field("child_comm"), field("child_pid"))
    case .exec: plan.text = field("filename")
    case .exit: plan.task = field("pid")
    case .lockSeen, .gap, .trigger, .progress: return nil
    }
    return plan
  }

  /// Appends the events of one raw record (bytes `record` of the file) to `events`; false where its
  /// tracepoint has no kind here.
  func append(
    _ record: Range<Int>, of file: ForeignBytes, origin: RecordOrigin, to events: inout [Event]
  ) throws(InterchangeError) -> Bool {
    let id: UInt16 = try file.integer(at: record.lowerBound)
    guard Int(id) < plans.count, let plan = plans[Int(id)] else { return false }
    var event = Event(
      time: TraceTime(nanosecondsSinceBoot: origin.time),
      cpu: UInt16(truncatingIfNeeded: origin.cpu), task: TaskID(origin.thread), kind: plan.kind)
    event.stack = origin.stack
    event.a = try Self.number(plan.a, record, file)
    event.b = try Self.number(plan.b, record, file)
    event.c = try Self.number(plan.c, record, file)
    event.value = UInt32(truncatingIfNeeded: try Self.number(plan.value, record, file))
    if let task = plan.task {
      event.task = TaskID(Int32(truncatingIfNeeded: try Self.number(task, record, file)))
    }
    switch plan.kind {
    case .ipiSendMask: return try Self.append(mask: plan.text, event, record, file, &events)
    case .fork: Self.setName(&event, try Self.dynamic(plan.text, record, file), file)
    case .exec:
      // begin_new_exec (fs/exec.c) names the task after the file, without its folders.
      let path = try Self.dynamic(plan.text, record, file)
      let slash = file.bytes[path].lastIndex(of: UInt8(ascii: "/"))
      Self.setName(&event, (slash.map { $0 + 1 } ?? path.lowerBound)..<path.upperBound, file)
      event.c = UInt64(UInt32(bitPattern: origin.process))
    case .exit: event.c = UInt64(UInt32(bitPattern: origin.process))
    default: break
    }
    events.append(event)
    return true
  }

  /// A field's number, sign and width as the kernel says; zero where the tracepoint has no such field.
  @inline(__always)
  private static func number(
    _ field: TracepointFormat.Field?, _ record: Range<Int>, _ file: ForeignBytes
  ) throws(InterchangeError) -> UInt64 {
    guard let field else { return 0 }
    let offset = record.lowerBound + field.offset
    guard offset + field.size <= record.upperBound else {
      throw file.fail("a tracepoint's record is too short", at: record.lowerBound)
    }
    switch (field.size, field.isSigned) {
    case (8, _): return try file.integer(at: offset)
    case (4, true):
      return UInt64(bitPattern: Int64(try file.integer(at: offset, as: Int32.self)))
    case (4, false): return UInt64(try file.integer(at: offset, as: UInt32.self))
    case (2, _): return UInt64(try file.integer(at: offset, as: UInt16.self))
    case (1, _): return UInt64(try file.integer(at: offset, as: UInt8.self))
    default: return 0
    }
  }

  /// The bytes of a field: its own, or those that a `__data_loc` points to.
  private static func dynamic(
    _ field: TracepointFormat.Field?, _ record: Range<Int>, _ file: ForeignBytes
  ) throws(InterchangeError) -> Range<Int> {
    guard let field else { return record.lowerBound..<record.lowerBound }
    var start = record.lowerBound + field.offset
    var length = field.size
    if field.isDynamic {
      let place: UInt32 = try file.integer(at: start)
      // __rel_loc counts from the end of its own field (include/trace/stages/stage4).
      let base = field.isRelative ? start + field.size : record.lowerBound
      start = base + Int(place & 0xFFFF)
      length = Int(place >> 16)
    }
    guard start + length <= record.upperBound else {
      throw file.fail("a tracepoint's record is too short", at: record.lowerBound)
    }
    return start..<(start + length)
  }

  /// One event for each word of a CPU mask that is not zero, the first one marked.
  private static func append(
    mask field: TracepointFormat.Field?, _ event: Event, _ record: Range<Int>,
    _ file: ForeignBytes, _ events: inout [Event]
  ) throws(InterchangeError) -> Bool {
    let mask = try dynamic(field, record, file)
    var first: UInt32 = 1 << 31
    for (word, start) in stride(from: mask.lowerBound, to: mask.upperBound - 7, by: 8).enumerated()
    {
      let bits: UInt64 = try file.integer(at: start)
      guard bits != 0 else { continue }
      var part = event
      part.c = bits
      part.value = UInt32(word) | first
      first = 0
      events.append(part)
    }
    return true
  }

  /// Up to 15 bytes before the first zero, as the kernel keeps them (TASK_COMM_LEN is 16).
  private static func setName(_ event: inout Event, _ range: Range<Int>, _ file: ForeignBytes) {
    for (index, byte) in file.bytes[range].prefix(15).enumerated() {
      if byte == 0 { break }
      if index < 8 {
        event.a |= UInt64(byte) << UInt64(8 * index)
      } else {
        event.b |= UInt64(byte) << UInt64(8 * (index - 8))
      }
    }
  }
}
