/// Who had a lock when somebody began to wait for it: a hint, read without the lock.
public struct LockOwner: Hashable, Sendable {
  /// The owner; `idle` where it is not known.
  public var task: TaskID
  /// Whether the owner is one of the readers, who may have left while others stay.
  public var reads: Bool

  /// An owner.
  @inlinable
  public init(task: TaskID, reads: Bool = false) {
    self.task = task
    self.reads = reads
  }

  /// Whether anybody is named.
  @inlinable public var isKnown: Bool { task != .idle }
}

extension Event {
  /// The owner in `b` of a contention_begin: the thread id in bits 0-31, bit 32 for a reader.
  @inlinable public var owner: LockOwner {
    get {
      LockOwner(task: TaskID(Int32(truncatingIfNeeded: b)), reads: b >> 32 & 1 == 1)
    }
    set {
      b = UInt64(UInt32(bitPattern: newValue.task.rawValue)) | (newValue.reads ? 1 << 32 : 0)
    }
  }
}
