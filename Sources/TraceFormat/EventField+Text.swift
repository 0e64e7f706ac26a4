extension EventField {
  /// The field of `event` as text, without quotes.
  ///
  /// Every text reads back to the same bits through `set`.
  public func text(of event: Event) -> String {
    let bits = bits(of: event)
    switch form {
    case .hexadecimal: return "0x" + String(bits, radix: 16)
    case .decimal: return String(bits)
    case .signed:
      return slot == .value
        ? String(Int32(bitPattern: event.value)) : String(Int64(bitPattern: bits))
    case .lockFlags: return LockFlags(rawValue: event.value).text
    case .lockHint: return LockHint(rawValue: event.value)?.name ?? String(bits)
    case .cause: return TriggerCause(rawValue: event.value)?.name ?? String(bits)
    case .lockOwner:
      return bits >> 33 == 0
        ? (bits >> 32 == 1 ? "reader:" : "") + String(bits & 0xffff_ffff) : String(bits)
    case .maskWord:
      return (event.value >> 31 == 1 ? "first:" : "") + String(event.value & 0x7FFF_FFFF)
    case .taskName: return event.taskName
    case .kind:
      guard event.value != 0, let byte = UInt8(exactly: event.value),
        let kind = EventKind(rawValue: byte)
      else { return event.value == 0 ? "any" : String(bits) }
      return kind.name
    }
  }

  /// The member's bits.
  public func bits(of event: Event) -> UInt64 {
    switch slot {
    case .a: event.a
    case .b: event.b
    case .c: event.c
    case .value: UInt64(event.value)
    }
  }

  /// Reads what `text(of:)` wrote into the event.
  func set(_ text: String, in event: inout Event, line: TextLine) throws(TraceError) {
    switch form {
    case .hexadecimal, .decimal: try set(line.integer(text, of: name), in: &event, line: line)
    case .signed where slot == .value:
      event.value = UInt32(bitPattern: try line.integer(text, of: name))
    case .signed:
      let number: Int64 = try line.integer(text, of: name)
      try set(UInt64(bitPattern: number), in: &event, line: line)
    case .lockFlags: event.value = try LockFlags(text: text, line: line).rawValue
    case .lockHint:
      if let hint = LockHint.allCases.first(where: { $0.name == text }) {
        event.value = hint.rawValue
      } else {
        event.value = try line.integer(text, of: name)
      }
    case .cause:
      if let cause = TriggerCause.allCases.first(where: { $0.name == text }) {
        event.value = cause.rawValue
      } else {
        event.value = try line.integer(text, of: name)
      }
    case .lockOwner:
      let reads = text.hasPrefix("reader:")
      let bits: UInt64 = try line.integer(reads ? String(text.dropFirst(7)) : text, of: name)
      try set(bits | (reads ? 1 << 32 : 0), in: &event, line: line)
    case .maskWord:
      let first = text.hasPrefix("first:")
      let word: UInt32 = try line.integer(first ? String(text.dropFirst(6)) : text, of: name)
      guard word < 1 << 31 else { throw line.fail("\(name): word \(word) is too large") }
      event.value = word | (first ? 1 << 31 : 0)
    case .taskName:
      guard event.setTaskName(text) else {
        throw line.fail("\(name): \"\(text)\" is longer than 16 bytes")
      }
    case .kind:
      if text == "any" {
        event.value = 0
      } else if let kind = EventKind(name: text) {
        event.value = UInt32(kind.rawValue)
      } else {
        event.value = try line.integer(text, of: name)
      }
    }
  }

  private func set(_ bits: UInt64, in event: inout Event, line: TextLine) throws(TraceError) {
    switch slot {
    case .a: event.a = bits
    case .b: event.b = bits
    case .c: event.c = bits
    case .value:
      guard let value = UInt32(exactly: bits) else { throw line.fail("\(name): \(bits) > 2^32") }
      event.value = value
    }
  }
}

extension LockFlags {
  /// The names of the flags between bars; bits without a name in hexadecimal, none as `0`.
  public var text: String {
    var parts = Self.names.indices.filter { rawValue >> UInt32($0) & 1 == 1 }.map { Self.names[$0] }
    let rest = rawValue & ~((1 << UInt32(Self.names.count)) - 1)
    if rest != 0 || parts.isEmpty {
      parts.append(rest == 0 ? "0" : "0x" + String(rest, radix: 16))
    }
    return parts.joined(separator: "|")
  }

  init(text: String, line: TextLine) throws(TraceError) {
    self = []
    for part in text.split(separator: "|") {
      if let bit = Self.names.firstIndex(of: String(part)) {
        rawValue |= 1 << UInt32(bit)
      } else {
        rawValue |= try line.integer(String(part), of: "flags")
      }
    }
  }
}

extension LockHint {
  /// The hint's name in text and exports.
  public var name: String {
    switch self {
    case .unknown: "unknown"
    case .mmapLock: "mmap_lock"
    case .sigLock: "siglock"
    case .runQueue: "rq"
    case .slab: "slab"
    case .perCPU: "percpu"
    case .symbol: "symbol"
    case .zone: "zone"
    case .pageTableLock: "page_table_lock"
    case .filesLock: "file_lock"
    case .taskPI: "pi_lock"
    case .credGuard: "cred_guard_mutex"
    }
  }
}

extension Event {
  /// The task name in `a` and `b` of a fork or exec event: 16 bytes, little endian, ended by the
  /// first zero byte; bytes that are no UTF-8 become U+FFFD.
  public var taskName: String {
    var bytes: [UInt8] = []
    for word in [a, b] {
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        let byte = UInt8(truncatingIfNeeded: word >> shift)
        if byte == 0 { return String(decoding: bytes, as: UTF8.self) }
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether `taskName` says every bit of `a` and `b`.
  var isTaskNameExact: Bool {
    var again = self
    return again.setTaskName(taskName) && again.a == a && again.b == b
  }

  /// Puts a task name into `a` and `b`; false where it takes more than 16 bytes.
  public mutating func setTaskName(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard bytes.count <= 16 else { return false }
    (a, b) = (0, 0)
    for (index, byte) in bytes.enumerated() {
      if index < 8 {
        a |= UInt64(byte) << UInt64(8 * index)
      } else {
        b |= UInt64(byte) << UInt64(8 * (index - 8))
      }
    }
    return true
  }
}
