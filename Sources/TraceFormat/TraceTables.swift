import Measures

/// The records of all table blocks of a trace, gathered when it is opened.
struct TraceTables {
  var facts: TraceFacts?
  var stacks: [StackRecord] = []
  var symbols: [SymbolRecord] = []
  var tasks: [TaskRecord] = []
  var losses: [LossRecord] = []
  var aggregates: [AggregateRecord] = []
  var damaged: [DamagedRegion] = []

  /// Reads one block; a damaged one is reported and skipped.
  mutating func add(
    _ header: BlockHeader, at offset: UInt64, from source: borrowing TraceSource,
    with decompressor: borrowing Decompressor
  ) throws(TraceError) {
    var stored: [UInt8] = []
    try source.read(
      at: offset + UInt64(BlockHeader.size), count: Int(header.storedLength), into: &stored)
    do throws(TraceError) {
      try add(header, payload: Self.payload(stored, of: header, with: decompressor))
    } catch {
      guard case .malformed(let reason, _) = error else { throw error }
      damaged.append(
        DamagedRegion(
          offset: offset, length: UInt64(BlockHeader.size) + UInt64(header.storedLength),
          reason: reason, type: BlockType(rawValue: header.type), cpu: nil, events: 0, times: nil))
    }
  }

  private mutating func add(_ header: BlockHeader, payload: [UInt8]) throws(TraceError) {
    let count = Int(header.count)
    switch BlockType(rawValue: header.type) {
    case .facts: facts = try TraceFacts(json: payload)
    case .stacks: stacks += try StackRecord.decode(payload, count: count)
    case .symbols: symbols += try SymbolRecord.decode(payload, count: count)
    case .tasks: tasks += try TaskRecord.decode(payload, count: count)
    case .losses: losses += try LossRecord.decode(payload, count: count)
    case .aggregates: aggregates += try AggregateRecord.decode(payload, count: count)
    case .events, .end, nil: break
    }
  }

  private static func payload(
    _ stored: [UInt8], of header: BlockHeader, with decompressor: borrowing Decompressor
  ) throws(TraceError) -> [UInt8] {
    guard stored.count == Int(header.storedLength) else {
      throw .malformed(.truncated, offset: stored.count)
    }
    guard crc32(of: stored[...]) == header.payloadChecksum else {
      throw .malformed(.checksum, offset: 0)
    }
    switch BlockHeader.Codec(rawValue: header.codec) {
    case BlockHeader.Codec.none?: return stored
    case .zstd:
      guard let raw = decompressor.decompress(stored, length: Int(header.rawLength)) else {
        throw .malformed(.compression, offset: 0)
      }
      return raw
    case .columns, nil: throw .malformed(.unknownCodec, offset: 0)
    }
  }
}
