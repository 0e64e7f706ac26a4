public import FoundationEssentials
import Measures

extension Topology.Order: Codable {
  private static let names: [(String, Topology.Order)] = [
    ("socket-smt-last", .socketSMTLast), ("cores-first", .coresFirst), ("scatter", .scatter),
  ]

  /// Reads a name or a list of CPU numbers.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let numbers = try? container.decode([Int].self) {
      self = .list(numbers)
      return
    }
    let name = try container.decode(String.self)
    guard let known = Self.names.first(where: { $0.0 == name }) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "'\(name)' is none of socket-smt-last, cores-first, scatter, or a list")
    }
    self = known.1
  }

  /// Writes the form that `init(from:)` reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if case .list(let numbers) = self {
      try container.encode(numbers)
    } else {
      try container.encode(Self.names.first { $0.1 == self }?.0 ?? "")
    }
  }
}

extension Topology: Codable {
  private enum Key: String, CodingKey {
    case sockets, smt
    case islandsPerSocket = "islands_per_socket"
    case coresPerIsland = "cores_per_island"
    case order = "cpu_order"
  }

  /// Reads the object and checks that counts are positive and a CPU list names each CPU once.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    func count(_ key: Key, default fallback: Int?) throws -> Int {
      let found = try container.decodeIfPresent(Int.self, forKey: key) ?? fallback
      guard let found, (1...65_536).contains(found) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container,
          debugDescription: "\(key.rawValue) must be between 1 and 65536")
      }
      return found
    }
    self.init(
      sockets: try count(.sockets, default: nil),
      islandsPerSocket: try count(.islandsPerSocket, default: 1),
      coresPerIsland: try count(.coresPerIsland, default: nil),
      smt: try count(.smt, default: 1),
      order: try container.decodeIfPresent(Order.self, forKey: .order) ?? .socketSMTLast)
    guard sockets * islandsPerSocket <= 65_536, coreCount <= 65_536, cpuCount <= 65_536 else {
      throw WorkloadError.range("topology: more than 65536 CPUs")
    }
    if case .list(let numbers) = order {
      let distinct = Set(numbers)
      guard distinct.count == numbers.count, numbers.allSatisfy({ 0..<cpuCount ~= $0 }),
        !numbers.isEmpty
      else {
        throw WorkloadError.range("cpu_order: each CPU number once, from 0 to \(cpuCount - 1)")
      }
    }
  }

  /// Writes the object.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(sockets, forKey: .sockets)
    try container.encode(islandsPerSocket, forKey: .islandsPerSocket)
    try container.encode(coresPerIsland, forKey: .coresPerIsland)
    try container.encode(smt, forKey: .smt)
    try container.encode(order, forKey: .order)
  }
}

extension Machine: Codable {
  /// The schema written and read.
  public static let schema = "oslet.machine/1"

  private enum Key: String, CodingKey {
    case schema, name, topology, sources
    case levels = "line_transfer_ns"
    case matrix = "line_transfer_matrix_ns"
    case interrupt = "ipi_ns"
    case message = "message_ns"
    case constants = "constants_ns"
    case spread = "spread_ns"
    case interconnect = "interconnect_bytes_per_s"
  }

  private enum Level: String, CodingKey { case smt, island, socket, cross }

  /// Reads the document.
  ///
  /// A missing level takes the next nearer one's cost, a missing `ipi_ns` or `message_ns` is
  /// derived from the transfer costs by the rule in docs/model.md.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let found = try container.decode(String.self, forKey: .schema)
    guard found == Self.schema else {
      throw WorkloadError.schema(found: found, expected: Self.schema)
    }
    let topology = try container.decode(Topology.self, forKey: .topology)
    let transfer: LineTransfer
    if let matrix = try container.decodeIfPresent([[Double]].self, forKey: .matrix) {
      guard matrix.count == topology.cpuCount,
        matrix.allSatisfy({ $0.count == matrix.count && $0.allSatisfy { $0.isFinite && $0 >= 0 } })
      else {
        throw WorkloadError.range(
          "line_transfer_matrix_ns: \(topology.cpuCount) rows of as many numbers, none negative")
      }
      transfer = .matrix(matrix)
    } else {
      let levels = try container.nestedContainer(keyedBy: Level.self, forKey: .levels)
      func level(_ key: Level, default fallback: Double) throws -> Double {
        let cost = try levels.decodeIfPresent(Double.self, forKey: key) ?? fallback
        guard cost.isFinite, cost >= 0 else {
          throw WorkloadError.range("line_transfer_ns.\(key.rawValue) must be zero or more")
        }
        return cost
      }
      let smt = try level(.smt, default: 0)
      let island = try level(.island, default: smt)
      let socket = try level(.socket, default: island)
      transfer = .levels(
        smt: Nanoseconds(smt), island: Nanoseconds(island), socket: Nanoseconds(socket),
        cross: Nanoseconds(try level(.cross, default: socket)))
    }
    let far = transfer.cost(at: topology.sockets > 1 ? .cross : .socket, in: topology)
    self.init(
      name: try container.decodeIfPresent(String.self, forKey: .name) ?? "machine",
      topology: topology, lineTransfer: transfer,
      interrupt: try container.decodeIfPresent(InterruptCost.self, forKey: .interrupt)
        ?? InterruptCost(derivedFrom: far),
      message: try container.decodeIfPresent(MessageCost.self, forKey: .message)
        ?? MessageCost(derivedFrom: far),
      constants: try container.decodeIfPresent([String: Double].self, forKey: .constants) ?? [:],
      spread: try container.decodeIfPresent([String: Interval].self, forKey: .spread) ?? [:],
      interconnectBytesPerSecond: try container.decodeIfPresent(
        Double.self, forKey: .interconnect),
      sources: try container.decodeIfPresent([String].self, forKey: .sources) ?? [])
    guard interconnectBytesPerSecond.map({ $0.isFinite && $0 > 0 }) ?? true else {
      throw WorkloadError.range("machine: interconnect_bytes_per_s must be above zero")
    }
    let costs = [
      interrupt.send, interrupt.deliver, interrupt.acknowledge, message.polled, message.notified,
    ]
    guard costs.allSatisfy({ $0.value.isFinite && $0.value >= 0 }),
      constants.values.allSatisfy({ $0.isFinite && $0 >= 0 }),
      spread.values.allSatisfy({ 0 <= $0.low && $0.low <= $0.high && $0.high.isFinite })
    else { throw WorkloadError.range("machine: every cost must be zero or more") }
  }

  /// Writes the document.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(Self.schema, forKey: .schema)
    try container.encode(name, forKey: .name)
    try container.encode(topology, forKey: .topology)
    switch lineTransfer {
    case .levels(let smt, let island, let socket, let cross):
      var levels = container.nestedContainer(keyedBy: Level.self, forKey: .levels)
      try levels.encode(smt, forKey: .smt)
      try levels.encode(island, forKey: .island)
      try levels.encode(socket, forKey: .socket)
      try levels.encode(cross, forKey: .cross)
    case .matrix(let rows):
      try container.encode(rows, forKey: .matrix)
    }
    try container.encode(interrupt, forKey: .interrupt)
    try container.encode(message, forKey: .message)
    if !constants.isEmpty { try container.encode(constants, forKey: .constants) }
    if !spread.isEmpty { try container.encode(spread, forKey: .spread) }
    try container.encodeIfPresent(interconnectBytesPerSecond, forKey: .interconnect)
    try container.encode(sources, forKey: .sources)
  }

  /// Parses a machine file.
  ///
  /// - Throws: `WorkloadError` that names the place in the document.
  public init(json: Data) throws(WorkloadError) {
    self = try decodeDocument(Machine.self, from: json, what: "machine")
  }
}
