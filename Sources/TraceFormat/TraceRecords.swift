public import Measures

/// A kernel stack: return addresses, innermost first.
public struct StackRecord: Hashable, Sendable {
  /// Its number in events.
  public var id: StackID
  /// Return addresses, innermost first.
  public var frames: [UInt64]

  /// A stack; see the properties.
  public init(id: StackID, frames: [UInt64]) {
    self.id = id
    self.frames = frames
  }
}

/// A kernel symbol that something in the trace refers to.
public struct SymbolRecord: Hashable, Sendable {
  /// Where it starts.
  public var address: UInt64
  /// Bytes to the next symbol; 0 where unknown.
  public var size: UInt32
  /// The type letter of /proc/kallsyms (`t`, `T`, `d`, `B`, ...).
  public var type: UInt8
  /// The name, with its module in brackets where it has one: `ext4_sync_file [ext4]`.
  public var name: String

  /// A symbol; see the properties.
  public init(address: UInt64, size: UInt32, type: UInt8, name: String) {
    self.address = address
    self.size = size
    self.type = type
    self.name = name
  }

  /// Where the symbol of a field in a slab cache's objects stands, type `f`: at the cache's address
  /// with the offset in the upper 16 bits, where no address of the kernel is.
  public static func fieldAddress(cache: UInt64, offset: UInt64) -> UInt64 {
    cache ^ offset << 48
  }
}

/// A task that lived when recording started.
public struct TaskRecord: Hashable, Sendable {
  /// Its thread id.
  public var task: TaskID
  /// Its process.
  public var process: TaskID
  /// Its name (comm).
  public var name: String
  /// Its cgroup path; empty where unknown.
  public var cgroup: String

  /// A task; see the properties.
  public init(task: TaskID, process: TaskID, name: String, cgroup: String) {
    self.task = task
    self.process = process
    self.name = name
    self.cgroup = cgroup
  }
}

/// Events of one kind that one CPU could not record.
public struct LossRecord: Hashable, Sendable {
  /// The CPU.
  public var cpu: UInt16
  /// The kind.
  public var kind: EventKind
  /// Found no room in the log.
  public var lost: UInt64
  /// Raised inside the recorder itself and left out by its guard.
  public var suppressed: UInt64
  /// The first of them.
  public var first: TraceTime
  /// The last of them.
  public var last: TraceTime

  /// A loss; see the properties.
  public init(
    cpu: UInt16, kind: EventKind, lost: UInt64, suppressed: UInt64, first: TraceTime,
    last: TraceTime
  ) {
    self.cpu = cpu
    self.kind = kind
    self.lost = lost
    self.suppressed = suppressed
    self.first = first
    self.last = last
  }
}
