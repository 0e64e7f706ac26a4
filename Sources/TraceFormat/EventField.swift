/// How one argument of an event is called and written, in text and in every export.
///
/// Names are the tracepoints' own (`/sys/kernel/tracing/events/*/*/format`), except where a field
/// is ours.
public struct EventField: Hashable, Sendable {
  /// Which member of `Event` holds it.
  public enum Slot: Hashable, Sendable {
    /// `Event.a`.
    case a
    /// `Event.b`.
    case b
    /// `Event.c`.
    case c
    /// `Event.value`.
    case value
  }

  /// How its bits are to be read.
  public enum Form: Hashable, Sendable {
    /// A kernel address or a mask, in hexadecimal.
    case hexadecimal
    /// An unsigned number.
    case decimal
    /// A signed number of the member's width.
    case signed
    /// LCB_F flags by name (`SPIN|READ`).
    case lockFlags
    /// A `LockHint` by name.
    case lockHint
    /// A `LockOwner`: its thread id, `reader:` before it where it is one of the readers.
    case lockOwner
    /// A mask word's index, `first:` before it on the first word of one send.
    case maskWord
    /// A task's name, 16 bytes in `a` and `b`.
    case taskName
    /// A `TriggerCause` by name.
    case cause
    /// An event kind by name, `any` for 0.
    case kind
  }

  /// The field's name.
  public var name: String
  /// Where it is.
  public var slot: Slot
  /// How it is read.
  public var form: Form

  init(_ name: String, _ slot: Slot, _ form: Form) {
    self.name = name
    self.slot = slot
    self.form = form
  }
}

extension EventKind {
  /// The arguments of this kind, in the order they are written.
  public var fields: [EventField] { Self.fieldTable[Int(rawValue)] }

  private static let fieldTable: [[EventField]] = {
    let most = allCases.reduce(0) { max($0, Int($1.rawValue)) }
    var table = [[EventField]](repeating: [], count: most + 1)
    for kind in allCases { table[Int(kind.rawValue)] = kind.makeFields() }
    return table
  }()

  private func makeFields() -> [EventField] {
    switch self {
    case .contentionBegin:
      [
        .init("lock", .a, .hexadecimal), .init("flags", .value, .lockFlags),
        .init("owner", .b, .lockOwner),
      ]
    case .contentionEnd: [.init("lock", .a, .hexadecimal), .init("ret", .value, .signed)]
    case .csdQueue:
      [
        .init("csd", .a, .hexadecimal), .init("func", .b, .hexadecimal),
        .init("callsite", .c, .hexadecimal), .init("cpu", .value, .decimal),
      ]
    case .csdFunctionEntry, .csdFunctionExit:
      [.init("csd", .a, .hexadecimal), .init("func", .b, .hexadecimal)]
    case .ipiSendCPU:
      [
        .init("cpu", .value, .decimal), .init("callsite", .a, .hexadecimal),
        .init("callback", .b, .hexadecimal),
      ]
    case .ipiSendMask:
      [
        .init("word", .value, .maskWord), .init("mask", .c, .hexadecimal),
        .init("callsite", .a, .hexadecimal), .init("callback", .b, .hexadecimal),
      ]
    case .callFunctionEntry, .callFunctionExit, .callFunctionSingleEntry,
      .callFunctionSingleExit, .rescheduleEntry, .rescheduleExit:
      [.init("vector", .a, .decimal)]
    case .tlbFlush: [.init("pages", .a, .signed), .init("reason", .value, .decimal)]
    case .schedSwitch:
      [
        .init("prev_state", .value, .decimal), .init("next_pid", .a, .decimal),
        .init("syscalls", .b, .decimal),
      ]
    case .schedWaking, .schedWakeup:
      [.init("pid", .a, .decimal), .init("target_cpu", .value, .decimal)]
    case .schedMigrate:
      [
        .init("pid", .a, .decimal), .init("orig_cpu", .b, .decimal),
        .init("dest_cpu", .value, .decimal),
      ]
    case .fork:
      [
        .init("child_comm", .a, .taskName), .init("child_pid", .value, .decimal),
        .init("child_tgid", .c, .decimal),
      ]
    case .exec, .exit: [.init("comm", .a, .taskName), .init("tgid", .c, .decimal)]
    case .lockSeen:
      [
        .init("lock", .a, .hexadecimal), .init("hint", .value, .lockHint),
        .init("object", .b, .hexadecimal), .init("cache", .c, .decimal),
      ]
    case .gap:
      [
        .init("lost", .a, .decimal), .init("suppressed", .b, .decimal),
        .init("of", .value, .kind),
      ]
    case .trigger:
      [
        .init("cause", .value, .cause), .init("object", .a, .hexadecimal),
        .init("latency_ns", .b, .decimal), .init("func", .c, .hexadecimal),
      ]
    case .progress: [.init("syscalls", .a, .decimal)]
    }
  }
}
