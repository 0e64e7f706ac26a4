public import Measures

/// A task by its thread id; 0 is the idle task of whichever CPU.
public struct TaskID: Hashable, Comparable, Sendable {
  /// The kernel's thread id in the initial pid namespace.
  public var rawValue: Int32

  /// The task with this thread id.
  @inlinable
  public init(_ rawValue: Int32) { self.rawValue = rawValue }

  /// The idle task.
  public static let idle = TaskID(0)

  /// By number.
  @inlinable
  public static func < (a: TaskID, b: TaskID) -> Bool { a.rawValue < b.rawValue }
}

/// A stack in the trace's stack table; `none` where no stack was taken.
public struct StackID: Hashable, Sendable {
  /// Its number in the table, from 1.
  public var rawValue: UInt32

  /// The stack with this number.
  @inlinable
  public init(_ rawValue: UInt32) { self.rawValue = rawValue }

  /// No stack.
  public static let none = StackID(0)
}

/// One thing a probe saw: 48 bytes, one layout for every kind, so that millions of them can be
/// merged and replayed without a reference or an allocation.
///
/// What `a`, `b`, `c` and `value` mean depends on `kind`; `EventKind` says it, and the views in
/// `Event+*.swift` name it.
public struct Event: Hashable, Sendable {
  /// When.
  public var time: TraceTime
  /// First argument.
  public var a: UInt64
  /// Second argument.
  public var b: UInt64
  /// Third argument.
  public var c: UInt64
  /// A small argument.
  public var value: UInt32
  /// The kernel stack, where one was taken.
  public var stack: StackID
  /// The task that ran.
  public var task: TaskID
  /// The CPU it ran on.
  public var cpu: UInt16
  /// What the event says.
  public var kind: EventKind

  /// An event; see the properties.
  @inlinable
  public init(
    time: TraceTime, cpu: UInt16, task: TaskID, kind: EventKind, a: UInt64 = 0, b: UInt64 = 0,
    c: UInt64 = 0, value: UInt32 = 0, stack: StackID = .none
  ) {
    self.time = time
    self.a = a
    self.b = b
    self.c = c
    self.value = value
    self.stack = stack
    self.task = task
    self.cpu = cpu
    self.kind = kind
  }
}
