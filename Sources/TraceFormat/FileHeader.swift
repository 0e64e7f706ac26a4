/// The first 24 bytes of a trace: what it is, which version, which byte order.
///
/// Bytes: 0 magic (8), 8 version (2), 10 length of a block header (2), 12 byte order mark (4),
/// 16 zero (4), 20 CRC-32 of bytes 0..<20 (4). Numbers are little endian; the mark is there so that
/// a trace of the other order gets its own message instead of a checksum error.
struct FileHeader {
  static let size = 24
  static let version: UInt16 = 1
  static let byteOrderMark: UInt32 = 0x0A0B_0C0D

  /// As PNG does (RFC 2083, 12.11): a byte with the high bit set and a CR LF, so that a transfer in
  /// text mode is noticed at once.
  static let magic: [UInt8] = [0x89, 0x4F, 0x53, 0x4C, 0x45, 0x54, 0x0D, 0x0A]

  /// The header of this version.
  static func bytes() -> [UInt8] {
    var bytes = ByteWriter()
    for byte in magic { bytes.append(byte) }
    bytes.append(fixed: version)
    bytes.append(fixed: UInt16(BlockHeader.size))
    bytes.append(fixed: byteOrderMark)
    bytes.append(fixed: UInt32(0))
    bytes.append(fixed: crc32(of: bytes.bytes[...]))
    return bytes.bytes
  }

  /// Throws `notATrace`, `byteOrder`, `version` or `damagedHeader` where these bytes are no header
  /// that this program can read.
  static func check(_ bytes: [UInt8]) throws(TraceError) {
    guard bytes.count >= magic.count, bytes.prefix(magic.count).elementsEqual(magic) else {
      throw .notATrace
    }
    guard bytes.count >= size else { throw .damagedHeader }
    var reader = ByteReader(bytes[...])
    try reader.skip(magic.count)
    let version: UInt16 = try reader.fixed()
    let blockHeaderSize: UInt16 = try reader.fixed()
    let mark: UInt32 = try reader.fixed()
    if mark == byteOrderMark.byteSwapped { throw .byteOrder }
    try reader.skip(4)
    guard try reader.fixed() == crc32(of: bytes[0..<20]) else { throw .damagedHeader }
    guard version == Self.version, blockHeaderSize == BlockHeader.size else {
      throw .version(version)
    }
  }
}
