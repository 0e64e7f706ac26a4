/// Reads what `ByteWriter` wrote from bytes that nobody vouches for: every step is checked, and an
/// error carries the offset in the payload.
struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  var offset: Int { position - bytes.startIndex }
  var isAtEnd: Bool { position == bytes.endIndex }
  private var left: Int { bytes.endIndex - position }

  func fail(_ reason: Malformation) -> TraceError { .malformed(reason, offset: offset) }

  mutating func skip(_ count: Int) throws(TraceError) {
    guard count >= 0, count <= left else { throw fail(.truncated) }
    position += count
  }

  mutating func byte() throws(TraceError) -> UInt8 {
    guard position < bytes.endIndex else { throw fail(.truncated) }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func fixed<T: FixedWidthInteger & UnsignedInteger>() throws(TraceError) -> T {
    let size = T.bitWidth / 8
    guard size <= left else { throw fail(.truncated) }
    var number: T = 0
    for index in (0..<size).reversed() { number = number << 8 | T(bytes[position + index]) }
    position += size
    return number
  }

  mutating func varint<T: FixedWidthInteger>() throws(TraceError) -> T {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try byte()
      guard shift < 63 || next <= 1 else { throw fail(.numberTooLarge) }
      number |= UInt64(next & 0x7F) << shift
      if next < 0x80 { break }
      shift += 7
    }
    guard let fitting = T(exactly: number) else { throw fail(.numberTooLarge) }
    return fitting
  }

  mutating func difference() throws(TraceError) -> UInt64 {
    let zigzag: UInt64 = try varint()
    return (zigzag >> 1) ^ (0 &- (zigzag & 1))
  }

  /// A count of things that take at least one byte each, so that no count can make the reader
  /// allocate more than the payload warrants.
  mutating func count() throws(TraceError) -> Int {
    let count: Int = try varint()
    guard count <= left else { throw fail(.impossibleCount) }
    return count
  }

  /// UTF-8 with its length before it; bytes that are none become U+FFFD.
  mutating func string() throws(TraceError) -> String {
    let count = try count()
    defer { position += count }
    return String(decoding: bytes[position..<(position + count)], as: UTF8.self)
  }
}
