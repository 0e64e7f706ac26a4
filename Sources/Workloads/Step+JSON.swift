import Measures

extension Step: Codable {
  private enum Key: String, CodingKey {
    case run = "run_ns"
    case sleep = "sleep_ns"
    case acquire, mode, steps, touch, wake, operation, ipi
    case hold = "hold_ns"
  }

  /// Reads one object of a loop; exactly one of the keys that name a step must be there.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let naming: [Key] = [.run, .acquire, .ipi, .sleep, .touch, .wake, .operation]
    let present = naming.filter(container.contains)
    guard let key = present.first, present.count == 1 else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription:
            "a step has exactly one of run_ns, acquire, ipi, sleep_ns, touch, wake, operation"))
    }
    switch key {
    case .run: self = .run(try container.decode(Distribution.self, forKey: .run))
    case .sleep: self = .sleep(try container.decode(Distribution.self, forKey: .sleep))
    case .touch: self = .touch(try container.decode(String.self, forKey: .touch))
    case .wake: self = .wake(try container.decode(String.self, forKey: .wake))
    case .operation: self = .operation(try container.decode(Double.self, forKey: .operation))
    case .ipi: self = .ipi(try container.decode(Interrupt.self, forKey: .ipi))
    default:
      self = .acquire(
        Acquisition(
          try container.decode(String.self, forKey: .acquire),
          mode: try container.decodeIfPresent(LockMode.self, forKey: .mode),
          hold: try container.decodeIfPresent(Distribution.self, forKey: .hold) ?? .constant(.zero),
          nested: try container.decodeIfPresent([Step].self, forKey: .steps) ?? []))
    }
  }

  /// Writes the form that `init(from:)` reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .run(let span): try container.encode(span, forKey: .run)
    case .sleep(let span): try container.encode(span, forKey: .sleep)
    case .touch(let name): try container.encode(name, forKey: .touch)
    case .wake(let name): try container.encode(name, forKey: .wake)
    case .operation(let count): try container.encode(count, forKey: .operation)
    case .ipi(let interrupt): try container.encode(interrupt, forKey: .ipi)
    case .acquire(let acquisition):
      try container.encode(acquisition.lockClass, forKey: .acquire)
      try container.encodeIfPresent(acquisition.mode, forKey: .mode)
      try container.encode(acquisition.hold, forKey: .hold)
      if !acquisition.nested.isEmpty {
        try container.encode(acquisition.nested, forKey: .steps)
      }
    }
  }
}

extension Interrupt: Codable {
  private enum Key: String, CodingKey {
    case targets, function
    case waits = "wait"
    case handler = "handler_ns"
  }

  /// Reads the object behind `ipi`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    if let count = try? container.decode(Int.self, forKey: .targets) {
      targets = .count(count)
    } else {
      switch try container.decode(String.self, forKey: .targets) {
      case "one": targets = .one
      case "all": targets = .all
      case "mm": targets = .mm
      case let other:
        throw DecodingError.dataCorruptedError(
          forKey: .targets, in: container,
          debugDescription: "'\(other)' is none of one, all, mm, or a number of CPUs")
      }
    }
    function = try container.decodeIfPresent(String.self, forKey: .function) ?? "function call"
    waits = try container.decodeIfPresent(Bool.self, forKey: .waits) ?? false
    handler =
      try container.decodeIfPresent(Distribution.self, forKey: .handler) ?? .constant(.zero)
  }

  /// Writes the form that `init(from:)` reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch targets {
    case .one: try container.encode("one", forKey: .targets)
    case .all: try container.encode("all", forKey: .targets)
    case .mm: try container.encode("mm", forKey: .targets)
    case .count(let count): try container.encode(count, forKey: .targets)
    }
    try container.encode(function, forKey: .function)
    try container.encode(waits, forKey: .waits)
    try container.encode(handler, forKey: .handler)
  }
}
