/// The bytes of a foreign file, read with every step checked: an error carries the offset.
struct ForeignBytes {
  let bytes: [UInt8]
  private let format: String

  init(_ bytes: [UInt8], format: String) {
    self.bytes = bytes
    self.format = format
  }

  /// Bytes that a part of this file unpacks to; their offsets start at zero again.
  func part(_ bytes: [UInt8]) -> ForeignBytes { ForeignBytes(bytes, format: format) }

  func fail(_ reason: String, at offset: Int) -> InterchangeError {
    .foreign(format: format, offset: UInt64(max(0, offset)), reason: reason)
  }

  /// A little-endian number.
  @inline(__always)
  func integer<T: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, as type: T.Type = T.self
  ) throws(InterchangeError) -> T {
    let size = MemoryLayout<T>.size
    guard offset >= 0, offset <= bytes.count - size else { throw fail("it ends here", at: offset) }
    // SAFETY: the `size` bytes from `offset` on are in the array.
    return T(
      littleEndian: unsafe bytes.withUnsafeBytes {
        unsafe $0.loadUnaligned(fromByteOffset: offset, as: type)
      })
  }

  /// `offset` and `length` as a range of the file.
  func range(offset: UInt64, length: UInt64) throws(InterchangeError) -> Range<Int> {
    guard offset <= UInt64(bytes.count), length <= UInt64(bytes.count) - offset else {
      throw fail("a section of \(length) bytes at \(offset) is not in the file", at: 0)
    }
    return Int(offset)..<Int(offset + length)
  }

  /// The text from `offset` to the next zero byte or `end`, and where it ends.
  func text(at offset: Int, before end: Int) -> (text: String, end: Int) {
    let start = max(0, min(offset, bytes.count))
    let range = start..<max(start, min(end, bytes.count))
    let zero = bytes[range].firstIndex(of: 0) ?? range.upperBound
    return (String(decoding: bytes[range.lowerBound..<zero], as: UTF8.self), zero)
  }
}
