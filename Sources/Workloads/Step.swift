/// One thing a task does, in the order it does it.
public indirect enum Step: Hashable, Sendable {
  /// Computes on its CPU.
  case run(Distribution)
  /// Takes the lock class, does `held` while owning it (nested acquisitions included), releases it.
  case acquire(Acquisition)
  /// Sends an IPI.
  case ipi(Interrupt)
  /// Gives up its CPU for a while (I/O, a timer).
  case sleep(Distribution)
  /// Modifies one shared line without a lock: the class is of kind `counter`.
  case touch(String)
  /// Wakes a sleeping task of the named group on its CPU.
  case wake(String)
  /// Counts progress.
  case operation(Double)
}

/// One acquisition of a lock.
public struct Acquisition: Hashable, Sendable {
  /// The lock class.
  public var lockClass: String
  /// How it is owned; nil takes the class's mode.
  public var mode: LockMode?
  /// What the owner computes while it owns the lock, without any cache miss on lines that moved.
  public var hold: Distribution
  /// What else the owner does before it releases, after `hold`: nested acquisitions, IPIs.
  public var nested: [Step]

  /// An acquisition; see the properties.
  public init(
    _ lockClass: String, mode: LockMode? = nil, hold: Distribution, nested: [Step] = []
  ) {
    self.lockClass = lockClass
    self.mode = mode
    self.hold = hold
    self.nested = nested
  }
}

/// One function-call IPI.
public struct Interrupt: Hashable, Sendable {
  /// Whom it interrupts.
  public enum Targets: Hashable, Sendable {
    /// One other CPU.
    case one
    /// Every other CPU of the image.
    case all
    /// Every other CPU that runs a task of the sender's process.
    case mm
    /// This many other CPUs.
    case count(Int)
  }

  /// Whom it interrupts.
  public var targets: Targets
  /// The function the target runs, for reports: `flush_tlb_func`.
  public var function: String
  /// Whether the sender waits for the slowest target.
  public var waits: Bool
  /// How long each target is taken from its work.
  public var handler: Distribution

  /// An IPI; see the properties.
  public init(targets: Targets, function: String, waits: Bool, handler: Distribution) {
    self.targets = targets
    self.function = function
    self.waits = waits
    self.handler = handler
  }
}
