/// Protobuf messages, by hand: varints, fixed 64-bit numbers and nested messages are all that the
/// formats here need (protobuf.dev, "Encoding").
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  private mutating func append(varint number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func append(tag field: UInt64, wire: UInt64) {
    append(varint: field << 3 | wire)
  }

  /// A number (wire type 0); an int64 below zero by its bit pattern.
  mutating func append(_ field: UInt64, _ number: UInt64) {
    append(tag: field, wire: 0)
    append(varint: number)
  }

  /// A fixed64 (wire type 1).
  mutating func append(_ field: UInt64, fixed number: UInt64) {
    append(tag: field, wire: 1)
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  /// A string.
  mutating func append(_ field: UInt64, _ text: String) {
    append(tag: field, wire: 2)
    append(varint: UInt64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  /// A message.
  mutating func append(_ field: UInt64, _ message: ProtobufWriter) {
    append(tag: field, wire: 2)
    append(varint: UInt64(message.bytes.count))
    bytes.append(contentsOf: message.bytes)
  }

  /// Numbers, packed.
  mutating func append(_ field: UInt64, packed numbers: [UInt64]) {
    var inner = ProtobufWriter()
    for number in numbers { inner.append(varint: number) }
    append(field, inner)
  }
}
