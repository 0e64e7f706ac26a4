/// What a block holds.
///
/// Numbers are never used again.
public enum BlockType: UInt8, Hashable, Sendable, CaseIterable {
  /// `TraceFacts` as JSON; the last one counts.
  case facts = 1
  /// Events of one CPU, ascending in time.
  case events = 2
  /// `StackRecord`s.
  case stacks = 3
  /// `SymbolRecord`s.
  case symbols = 4
  /// `TaskRecord`s.
  case tasks = 5
  /// `LossRecord`s.
  case losses = 6
  /// The end of a trace that was closed in order.
  case end = 7
  /// `AggregateRecord`s.
  case aggregates = 8
}

/// The fixed part before each block's payload: 56 bytes, little endian.
///
/// Bytes: 0 magic (4), 4 type (1), 5 codec (1), 6 cpu (2), 8 count (4), 12 stored length (4),
/// 16 raw length (4), 20 sequence (4), 24 first time (8), 32 last time (8), 40 events before (8),
/// 48 CRC-32 of the payload (4), 52 CRC-32 of bytes 0..<52 (4).
struct BlockHeader: Hashable {
  static let size = 56
  /// "OSBK".
  static let magic: UInt32 = 0x4B42_534F
  /// No payload is longer, stored or raw: what a reader may allocate for one block.
  static let largestPayload = 1 << 24
  /// No event block holds more.
  static let mostEvents = 1 << 16

  /// How a payload is stored.
  enum Codec: UInt8 {
    /// As it is.
    case none = 0
    /// One zstd frame.
    case zstd = 1
    /// Columns of events, each stored or a zstd frame; see `EventColumns`.
    case columns = 2
  }

  /// A number, not a `BlockType`: a later version may write more types, which are skipped.
  var type: UInt8
  var codec: UInt8
  var cpu: UInt16 = 0
  /// Records in the payload.
  var count: UInt32
  var storedLength: UInt32
  var rawLength: UInt32
  /// Number of the block in the file, from 0.
  var sequence: UInt32
  /// Time of the first and the last event, zero where there are none.
  var first: UInt64 = 0
  var last: UInt64 = 0
  /// Events in all blocks before this one: what is missing where blocks were damaged.
  var eventsBefore: UInt64
  var payloadChecksum: UInt32

  /// Writes the header to the first 56 bytes of `bytes`.
  func store(into bytes: inout ByteWriter) {
    let start = bytes.bytes.count
    bytes.append(fixed: Self.magic)
    bytes.append(type)
    bytes.append(codec)
    bytes.append(fixed: cpu)
    bytes.append(fixed: count)
    bytes.append(fixed: storedLength)
    bytes.append(fixed: rawLength)
    bytes.append(fixed: sequence)
    bytes.append(fixed: first)
    bytes.append(fixed: last)
    bytes.append(fixed: eventsBefore)
    bytes.append(fixed: payloadChecksum)
    bytes.append(fixed: crc32(of: bytes.bytes[start...]))
  }
}

extension BlockHeader {
  /// The header in these 56 bytes; nil where the checksum fails or a limit is broken.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard bytes.count == Self.size else { return nil }
    var reader = ByteReader(bytes)
    do throws(TraceError) {
      guard try reader.fixed() == Self.magic else { return nil }
      type = try reader.byte()
      codec = try reader.byte()
      cpu = try reader.fixed()
      count = try reader.fixed()
      storedLength = try reader.fixed()
      rawLength = try reader.fixed()
      sequence = try reader.fixed()
      first = try reader.fixed()
      last = try reader.fixed()
      eventsBefore = try reader.fixed()
      payloadChecksum = try reader.fixed()
      guard try reader.fixed() == crc32(of: bytes.prefix(Self.size - 4)) else { return nil }
    } catch {
      return nil
    }
    guard storedLength <= Self.largestPayload, rawLength <= Self.largestPayload else { return nil }
    if type == BlockType.events.rawValue {
      guard count <= Self.mostEvents, first <= last else { return nil }
    }
  }
}
