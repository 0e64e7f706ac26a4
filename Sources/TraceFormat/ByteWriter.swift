/// Bytes being put together: little-endian numbers, varints, strings.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }

  mutating func append(contentsOf more: [UInt8]) { bytes.append(contentsOf: more) }

  mutating func append(fixed number: some FixedWidthInteger & UnsignedInteger) {
    var rest = number
    for _ in 0..<(number.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  /// Seven bits a byte, low ones first, the high bit set on all but the last (LEB128).
  mutating func append(varint number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// A difference that may go either way: zigzag, then as a varint.
  mutating func append(difference: UInt64) {
    let signed = Int64(bitPattern: difference)
    append(varint: UInt64(bitPattern: (signed << 1) ^ (signed >> 63)))
  }

  /// The length in bytes, then the UTF-8.
  mutating func append(string: String) {
    let utf8 = string.utf8
    append(varint: UInt64(utf8.count))
    bytes.append(contentsOf: utf8)
  }
}
