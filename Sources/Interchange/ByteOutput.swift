#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Bytes on their way to a descriptor, or kept in memory; put together without a string an event.
struct ByteOutput {
  /// What is not yet written; everything, where there is no descriptor.
  private(set) var bytes: [UInt8] = []
  private let descriptor: Int32?

  /// Writes to `descriptor`, which stays the caller's; nil keeps the bytes.
  init(descriptor: Int32?) { self.descriptor = descriptor }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }

  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  /// In decimal.
  mutating func append(decimal number: UInt64) {
    let start = bytes.count
    var rest = number
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  /// In decimal, with its sign.
  mutating func append(signed number: Int64) {
    if number < 0 { append(UInt8(ascii: "-")) }
    append(decimal: number.magnitude)
  }

  /// In hexadecimal behind `0x`.
  mutating func append(hexadecimal number: UInt64) {
    append("0x")
    var shift = max(0, (63 - number.leadingZeroBitCount) / 4 * 4)
    while shift >= 0 {
      append(hexadecimalDigit: UInt8(truncatingIfNeeded: number >> UInt64(shift)) & 15)
      shift -= 4
    }
  }

  private mutating func append(hexadecimalDigit digit: UInt8) {
    append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
  }

  /// As a JSON string, in quotes (RFC 8259, 7).
  mutating func append(json text: String) {
    append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        append(UInt8(ascii: "\\"))
        append(byte)
      case 0..<0x20:
        append("\\u00")
        append(hexadecimalDigit: byte >> 4)
        append(hexadecimalDigit: byte & 15)
      default: append(byte)
      }
    }
    append(UInt8(ascii: "\""))
  }

  /// Writes what has gathered once it is worth a system call.
  mutating func drain() throws(InterchangeError) {
    if bytes.count >= 1 << 16 { try flush() }
  }

  /// Writes what has gathered.
  mutating func flush() throws(InterchangeError) {
    guard let descriptor else { return }
    var written = 0
    while written < bytes.count {
      // SAFETY: the system reads what is left of the array.
      let count = unsafe bytes.withUnsafeBytes {
        unsafe write(descriptor, $0.baseAddress.map { unsafe $0 + written }, $0.count - written)
      }
      if count >= 0 {
        written += count
      } else if errno == EAGAIN {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        // SAFETY: one element, alive for the call.
        _ = unsafe poll(&waiting, 1, -1)
      } else if errno != EINTR {
        throw .write(errno: errno)
      }
    }
    bytes.removeAll(keepingCapacity: true)
  }
}
