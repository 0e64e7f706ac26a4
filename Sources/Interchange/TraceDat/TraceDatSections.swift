import TraceFormat

/// The sections of a version 7 trace.dat file, unpacked where they are compressed.
struct TraceDatSections {
  private let file: ForeignBytes

  /// More than any section or chunk: what a size in a damaged file may make us reserve.
  private static let most = 1 << 28

  init(_ file: ForeignBytes) { self.file = file }

  /// A section's header: whether it is compressed, and where its bytes are in the file.
  func header(
    at place: UInt64
  ) throws(InterchangeError) -> (isCompressed: Bool, content: Range<Int>) {
    let whole = try file.range(offset: place, length: 16)
    var cursor = ForeignCursor(file, in: whole)
    _ = try cursor.integer(as: UInt16.self)  // id
    let flags: UInt16 = try cursor.integer()
    _ = try cursor.integer(as: UInt32.self)  // its description
    let content = try file.range(
      offset: UInt64(whole.upperBound), length: cursor.integer(as: UInt64.self))
    return (flags & 1 == 1, content)
  }

  /// A section's bytes.
  func content(at place: UInt64) throws(InterchangeError) -> ForeignBytes {
    let (isCompressed, range) = try header(at: place)
    guard isCompressed else { return file.part(Array(file.bytes[range])) }
    var cursor = ForeignCursor(file, in: range)
    return file.part(try unpackNext(&cursor))
  }

  /// The pages of one CPU: chunks behind their number.
  func unpacked(chunks range: Range<Int>) throws(InterchangeError) -> ForeignBytes {
    var pages: [UInt8] = []
    var cursor = ForeignCursor(file, in: range)
    if range.isEmpty { return file.part(pages) }
    for _ in 0..<(try cursor.integer(as: UInt32.self)) { pages += try unpackNext(&cursor) }
    return file.part(pages)
  }

  /// A zstd frame behind its two sizes.
  private func unpackNext(_ cursor: inout ForeignCursor) throws(InterchangeError) -> [UInt8] {
    let packedSize: UInt32 = try cursor.integer()
    let size: UInt32 = try cursor.integer()
    let start = cursor.position
    let packed = try cursor.take(packedSize)
    guard size <= Self.most, let bytes = unpackedFrame(file.bytes[packed], length: Int(size)) else {
      throw file.fail("what is compressed here is damaged", at: start)
    }
    return bytes
  }
}
