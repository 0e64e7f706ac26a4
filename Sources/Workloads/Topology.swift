/// How the CPUs of a machine are grouped, and in which order a growing load uses them.
public struct Topology: Hashable, Sendable {
  /// Sockets.
  public var sockets: Int
  /// Islands (CPUs behind one last-level cache) in a socket.
  public var islandsPerSocket: Int
  /// Cores in an island.
  public var coresPerIsland: Int
  /// Hardware threads in a core.
  public var smt: Int
  /// Which CPU is used next as the load grows.
  public var order: Order

  /// Which CPU is used next as the load grows.
  public enum Order: Hashable, Sendable {
    /// All cores of a socket, then its SMT siblings, then the next socket.
    case socketSMTLast
    /// All cores of all sockets, socket by socket, then the siblings.
    case coresFirst
    /// Round robin over the sockets, siblings last.
    case scatter
    /// These CPU numbers; see `Topology.place(ofCPU:)` for how they are numbered.
    case list([Int])
  }

  /// A topology; every count is at least 1.
  public init(
    sockets: Int, islandsPerSocket: Int = 1, coresPerIsland: Int, smt: Int = 1,
    order: Order = .socketSMTLast
  ) {
    self.sockets = sockets
    self.islandsPerSocket = islandsPerSocket
    self.coresPerIsland = coresPerIsland
    self.smt = smt
    self.order = order
  }

  /// Cores in one socket.
  public var coresPerSocket: Int { islandsPerSocket * coresPerIsland }
  /// Cores in the machine.
  public var coreCount: Int { sockets * coresPerSocket }
  /// Logical CPUs in the machine.
  public var cpuCount: Int { coreCount * smt }

  /// The places of all CPUs in the order a growing load uses them: element k is the (k+1)-th.
  public func placesInOrder() -> [CPUPlace] {
    var places: [CPUPlace] = []
    places.reserveCapacity(cpuCount)
    switch order {
    case .socketSMTLast:
      for socket in 0..<sockets {
        for thread in 0..<smt {
          for core in 0..<coresPerSocket {
            places.append(place(socket: socket, core: core, thread: thread))
          }
        }
      }
    case .coresFirst:
      for thread in 0..<smt {
        for socket in 0..<sockets {
          for core in 0..<coresPerSocket {
            places.append(place(socket: socket, core: core, thread: thread))
          }
        }
      }
    case .scatter:
      for thread in 0..<smt {
        for core in 0..<coresPerSocket {
          for socket in 0..<sockets {
            places.append(place(socket: socket, core: core, thread: thread))
          }
        }
      }
    case .list(let numbers):
      places = numbers.map(place(ofCPU:))
    }
    return places
  }

  /// The place of a CPU number under Linux's usual numbering on x86 servers: all first threads of
  /// all cores, socket by socket, then all second threads in the same order.
  ///
  /// The number must be below `cpuCount`.
  public func place(ofCPU number: Int) -> CPUPlace {
    let thread = number / coreCount
    let core = number % coreCount
    return place(
      socket: core / coresPerSocket, core: core % coresPerSocket, thread: thread)
  }

  func place(socket: Int, core: Int, thread: Int) -> CPUPlace {
    CPUPlace(
      socket: socket, island: socket * islandsPerSocket + core / coresPerIsland,
      core: socket * coresPerSocket + core, thread: thread)
  }
}
