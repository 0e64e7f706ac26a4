import Measures

/// Where the event blocks of a trace are; 48 bytes for each 16,384 events at best.
struct EventBlock {
  var offset: UInt64
  var header: BlockHeader
}

/// What a scan of the block headers found.
struct BlockIndex {
  var events: [EventBlock] = []
  /// Blocks of other types, in file order.
  var tables: [(offset: UInt64, header: BlockHeader)] = []
  var ending = TraceEnding.cut(at: 0, ignored: 0)
  var damaged: [DamagedRegion] = []
  /// Blocks of types this version does not know, skipped.
  var unknown = 0
  /// Events in all blocks, damaged ones included as far as known.
  var eventCount: UInt64 = 0

  /// Scans `source` from the first block on: reads headers and skips payloads.
  ///
  /// Behind a damaged header the next whole one is searched for; where there is none, the trace is
  /// cut there. O(blocks).
  init(_ source: borrowing TraceSource) throws(TraceError) {
    var bytes: [UInt8] = []
    var offset = UInt64(FileHeader.size)
    while true {
      let left = source.size - offset
      try source.read(at: offset, count: BlockHeader.size, into: &bytes)
      guard let header = BlockHeader(bytes[...]) else {
        if left == 0 {
          ending = .cut(at: offset, ignored: 0)
          return
        }
        guard let next = try Self.search(source, from: offset + 1) else {
          ending = .cut(at: offset, ignored: left)
          return
        }
        let missing =
          next.header.eventsBefore > eventCount ? next.header.eventsBefore - eventCount : 0
        damaged.append(
          DamagedRegion(
            offset: offset, length: next.offset - offset, reason: .blockHeader, type: nil,
            cpu: nil, events: missing, times: nil))
        eventCount = max(eventCount, next.header.eventsBefore)
        offset = next.offset
        continue
      }
      let size = UInt64(BlockHeader.size) + UInt64(header.storedLength)
      guard size <= left else {
        ending = .cut(at: offset, ignored: left)
        return
      }
      switch BlockType(rawValue: header.type) {
      case .events where header.count > 0:
        events.append(EventBlock(offset: offset, header: header))
        // Wraps rather than traps where a hostile header counts from near 2^64.
        eventCount &+= UInt64(header.count)
      case .events: break
      case .end:
        ending = .complete
        if left > size {
          damaged.append(
            DamagedRegion(
              offset: offset + size, length: left - size, reason: .trailing, type: nil, cpu: nil,
              events: 0, times: nil))
        }
        return
      case .some: tables.append((offset, header))
      case nil: unknown += 1
      }
      offset += size
    }
  }

  /// The first whole block header at or behind `start`.
  private static func search(
    _ source: borrowing TraceSource, from start: UInt64
  ) throws(TraceError) -> (offset: UInt64, header: BlockHeader)? {
    var bytes: [UInt8] = []
    var offset = start
    let step = 1 << 16
    while offset < source.size {
      // Each read runs on by a header less a byte, so that no header lies over the edge unseen.
      try source.read(at: offset, count: step + BlockHeader.size - 1, into: &bytes)
      let magic = UInt8(truncatingIfNeeded: BlockHeader.magic)
      var position = 0
      while position + BlockHeader.size <= bytes.count {
        if bytes[position] == magic,
          let header = BlockHeader(bytes[position..<(position + BlockHeader.size)])
        {
          return (offset + UInt64(position), header)
        }
        position += 1
      }
      offset += UInt64(step)
    }
    return nil
  }
}
