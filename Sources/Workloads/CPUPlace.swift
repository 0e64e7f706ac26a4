/// Where one logical CPU sits; islands and cores are numbered over the whole machine.
public struct CPUPlace: Hashable, Sendable {
  /// The socket.
  public var socket: Int
  /// The island, counted over the machine.
  public var island: Int
  /// The core, counted over the machine.
  public var core: Int
  /// The hardware thread within the core.
  public var thread: Int

  /// A place; see the properties.
  public init(socket: Int, island: Int, core: Int, thread: Int) {
    self.socket = socket
    self.island = island
    self.core = core
    self.thread = thread
  }

  /// How far another CPU is.
  @inlinable
  public func distance(to other: CPUPlace) -> Distance {
    if core == other.core { return thread == other.thread ? .same : .smt }
    if island == other.island { return .island }
    return socket == other.socket ? .socket : .cross
  }
}

/// How far apart two CPUs are, nearest first.
public enum Distance: Int, Sendable, Comparable, CaseIterable {
  /// The same CPU.
  case same
  /// Threads of one core.
  case smt
  /// Cores behind one last-level cache.
  case island
  /// Islands of one socket.
  case socket
  /// Different sockets.
  case cross

  /// Nearer before farther.
  @inlinable
  public static func < (a: Distance, b: Distance) -> Bool { a.rawValue < b.rawValue }
}
