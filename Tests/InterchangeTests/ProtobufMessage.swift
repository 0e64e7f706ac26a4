import Testing

/// A message taken apart: field numbers with their numbers or bytes, in order.
struct ProtobufMessage {
  enum Value: Equatable {
    case number(UInt64)
    case bytes([UInt8])
  }

  var fields: [(number: UInt64, value: Value)] = []

  /// Reads the wire format (protobuf.dev, "Encoding") without help from the writer.
  init(_ bytes: [UInt8]) throws {
    var position = 0
    func varint() throws -> UInt64 {
      var number: UInt64 = 0
      var shift: UInt64 = 0
      while true {
        let byte = try #require(position < bytes.count ? bytes[position] : nil)
        position += 1
        number |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return number }
        shift += 7
      }
    }
    while position < bytes.count {
      let tag = try varint()
      switch tag & 7 {
      case 0: fields.append((tag >> 3, .number(try varint())))
      case 1:
        let eight = bytes[position..<(position + 8)]
        position += 8
        fields.append((tag >> 3, .number(eight.reversed().reduce(0) { $0 << 8 | UInt64($1) })))
      case 2:
        let length = Int(try varint())
        fields.append((tag >> 3, .bytes(Array(bytes[position..<(position + length)]))))
        position += length
      default: Issue.record("wire type \(tag & 7)")
      }
    }
  }

  func number(_ field: UInt64) -> UInt64? {
    for case (field, .number(let number)) in fields { return number }
    return nil
  }
  func text(_ field: UInt64) -> String? {
    for case (field, .bytes(let bytes)) in fields {
      return String(decoding: bytes, as: UTF8.self)
    }
    return nil
  }
  func messages(_ field: UInt64) throws -> [ProtobufMessage] {
    try fields.compactMap { entry in
      guard entry.number == field, case .bytes(let bytes) = entry.value else { return nil }
      return try ProtobufMessage(bytes)
    }
  }
  func message(_ field: UInt64) throws -> ProtobufMessage? {
    for case (field, .bytes(let bytes)) in fields { return try ProtobufMessage(bytes) }
    return nil
  }
}
