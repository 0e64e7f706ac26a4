public import Measures

/// Up to 16,384 events of one CPU, encoded, which have no place in a trace yet: what is kept in
/// memory until it is known whether anybody wants it.
public struct EncodedEvents: Sendable {
  let header: BlockHeader
  let payload: [UInt8]

  /// Bytes that the block takes in a trace.
  public var byteCount: Int { BlockHeader.size + payload.count }
  /// Events in it.
  public var eventCount: Int { Int(header.count) }
  /// Time of the first event.
  public var first: TraceTime { TraceTime(nanosecondsSinceBoot: header.first) }
  /// Time of the last event.
  public var last: TraceTime { TraceTime(nanosecondsSinceBoot: header.last) }
}

/// Encodes events into blocks for `TraceWriter.append(_:)`.
public struct BlockEncoder {
  private let encoder: EventEncoder

  /// An encoder with buffers of its own, about a megabyte.
  ///
  /// Throws where the compressor finds no memory.
  public init() throws(TraceError) { encoder = try EventEncoder() }

  /// The blocks of these events, all of `cpu`; not ascending in time they are put in order, at a
  /// cost.
  ///
  /// Throws `wrongCPU` where an event is of another CPU.
  public func encode(_ events: Span<Event>, cpu: UInt16) throws(TraceError) -> [EncodedEvents] {
    for index in events.indices where events[index].cpu != cpu { throw .wrongCPU(index: index) }
    var blocks: [EncodedEvents] = []
    // SAFETY: the buffer does not leave the closure, in which the span keeps it alive.
    unsafe events.withUnsafeBufferPointer { buffer in
      var start = 0
      while start < buffer.count {
        let end = min(start + EventEncoder.mostEvents, buffer.count)
        let part = unsafe UnsafeBufferPointer(rebasing: buffer[start..<end])
        if let block = unsafe block(part, cpu: cpu) {
          blocks.append(block)
        } else {
          // Swift's sort keeps equal elements in order.
          let ordered = unsafe part.sorted { $0.time < $1.time }
          // SAFETY: as above; ascending now.
          unsafe ordered.span.withUnsafeBufferPointer { again in
            if let block = unsafe block(again, cpu: cpu) { blocks.append(block) }
          }
        }
        start = end
      }
    }
    return blocks
  }

  private func block(_ events: UnsafeBufferPointer<Event>, cpu: UInt16) -> EncodedEvents? {
    guard let encoded = unsafe encoder.encode(events) else { return nil }
    return unsafe EncodedEvents(
      header: BlockHeader(of: events, encoded, cpu: cpu), payload: Array(encoded.bytes))
  }
}

extension BlockHeader {
  /// The header of a block of events, with its place in the trace left open.
  init(of events: UnsafeBufferPointer<Event>, _ encoded: EventEncoder.Payload, cpu: UInt16) {
    unsafe self.init(
      type: BlockType.events.rawValue, codec: Codec.columns.rawValue, cpu: cpu,
      count: UInt32(events.count), storedLength: UInt32(encoded.bytes.count),
      rawLength: UInt32(encoded.rawLength), sequence: 0,
      first: events[0].time.nanosecondsSinceBoot,
      last: events[events.count - 1].time.nanosecondsSinceBoot, eventsBefore: 0,
      payloadChecksum: crc32(of: encoded.bytes))
  }
}
