/// The lock instances that play one role.
public struct LockClass: Hashable, Sendable {
  /// The name used in steps, layouts and reports; unique in a workload.
  public var name: String
  /// How the lock decides who is next.
  public var kind: LockKind
  /// How acquisitions own it unless a step says otherwise; meaningful for kinds with readers.
  public var mode: LockMode
  /// Who shares one instance.
  public var scope: Scope
  /// Instances of the class within one scope, chosen at random per acquisition (a hash table of
  /// locks); at least 1.
  public var instances: Int
  /// Modified cache lines that move with the lock from the previous owner to the next, the lock's
  /// own line included; 0 makes the hand-over free of transfer cost.
  public var lines: Double
  /// How far the demand on it may be off: one standard deviation of its logarithm; 0 where it is known.
  public var demandError = 0.0
  /// The narrowest scope that the recording allows, where that is not `scope`.
  public var narrowest: Scope?
  /// The widest.
  public var widest: Scope?
  /// The layout group the class belongs to (`fs`, `net`, `mm`, ...), for `4x+fs:2x16`; none if nil.
  public var group: String?

  /// A lock class; see the properties.
  public init(
    name: String, kind: LockKind, mode: LockMode = .write, scope: Scope, instances: Int = 1,
    lines: Double = 0, group: String? = nil
  ) {
    self.name = name
    self.kind = kind
    self.mode = mode
    self.scope = scope
    self.instances = instances
    self.lines = lines
    self.group = group
  }

  /// The kind as files spell it: `spinlock`, `rwsem:R`, `rwlock:W`.
  public var kindName: String {
    kind.hasReaders ? kind.rawValue + (mode == .read ? ":R" : ":W") : kind.rawValue
  }
}
