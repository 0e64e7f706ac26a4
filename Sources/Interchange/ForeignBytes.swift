import TraceFormat

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The bytes of a foreign file, read with every step checked: an error carries the offset.
struct ForeignBytes {
  let bytes: [UInt8]
  private let format: String

  init(_ bytes: [UInt8], format: String) {
    self.bytes = bytes
    self.format = format
  }

  /// The whole file at `path`.
  init(path: String, format: String) throws(InterchangeError) {
    // SAFETY: the string is alive for the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .trace(.open(path: path, errno: errno)) }
    defer { _ = close(descriptor) }
    var all: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      // SAFETY: the system writes at most `chunk.count` bytes.
      let count = unsafe chunk.withUnsafeMutableBytes {
        unsafe read(descriptor, $0.baseAddress, $0.count)
      }
      if count == 0 { break }
      if count > 0 {
        all.append(contentsOf: chunk[..<count])
      } else if errno != EINTR {
        throw .trace(.read(offset: UInt64(all.count), errno: errno))
      }
    }
    self.init(all, format: format)
  }

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
