/// Why a trace could not be written or read.
///
/// Loss and damage inside a trace are not errors: they are counted, see `LossAccount` and
/// `DamagedRegion`.
public enum TraceError: Error, Hashable, Sendable {
  /// The system refused to open a file (bad input): the path and the errno.
  case open(path: String, errno: Int32)
  /// The system refused to read: at which byte, and the errno.
  case read(offset: UInt64, errno: Int32)
  /// The system refused to write: at which byte of the trace, and the errno (ENOSPC, EPIPE, ...).
  /// Whole blocks before that byte stay readable.
  case write(offset: UInt64, errno: Int32)
  /// The file does not start as a trace does (bad input).
  case notATrace
  /// The file header fails its checksum (bad input).
  case damagedHeader
  /// A trace of a version this program does not know.
  case version(UInt16)
  /// A trace in the other byte order.
  case byteOrder
  /// A payload says something the format does not allow: at which byte of it.
  case malformed(Malformation, offset: Int)
  /// More blocks overlap in time than a recorder can have written; the file is not one of ours.
  case tooManyOverlappingBlocks(Int)
  /// A line of a text trace cannot be read: line number from 1, and what is wrong with it.
  case text(line: Int, reason: String)
  /// An event handed to the writer carries another CPU than its block (our bug): its index.
  case wrongCPU(index: Int)
  /// A block too large for the format was handed to the writer (our bug): its bytes.
  case tooLarge(Int)
  /// The compression library failed (our bug): its message.
  case compression(String)
}

/// What is wrong with a payload.
public enum Malformation: String, Hashable, Sendable {
  /// It ends inside a value.
  case truncated = "it ends inside a value"
  /// A number does not fit its field.
  case numberTooLarge = "a number does not fit its field"
  /// A count or length is larger than what is there.
  case impossibleCount = "a count is larger than the block"
  /// Compressed bytes that do not decompress to the stated length.
  case compression = "compressed bytes do not decompress to the stated length"
  /// An event kind that does not exist in this version.
  case unknownKind = "an event of a kind that only a later version may know"
  /// A payload checksum that does not match.
  case checksum = "the checksum does not match"
  /// A codec that does not exist.
  case unknownCodec = "an unknown codec"
  /// Facts that are not the JSON they should be.
  case facts = "the facts are not readable JSON"
  /// A block header that fails its checksum or breaks a limit.
  case blockHeader = "a block header is damaged"
  /// Bytes after the end block.
  case trailing = "bytes follow the end of the trace"
}
