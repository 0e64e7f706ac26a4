import Measures

/// The blocks of a trace on their way to a sink.
struct BlockWriter {
  private(set) var sink: TraceSink
  private(set) var eventCount: UInt64 = 0
  private let encoder: EventEncoder
  private var head = ByteWriter()
  private var payload = ByteWriter()
  private var sequence: UInt32 = 0

  /// Writes the file header and the first facts.
  init(_ sink: TraceSink, facts: TraceFacts) throws(TraceError) {
    self.sink = sink
    encoder = try EventEncoder()
    head.append(contentsOf: FileHeader.bytes())
    try flushHead()
    try append(facts: facts)
  }

  mutating func append(facts: TraceFacts) throws(TraceError) {
    payload.removeAll()
    payload.append(contentsOf: try facts.json())
    try writePayload(type: .facts, count: 1)
  }

  mutating func append(events: Span<Event>, cpu: UInt16) throws(TraceError) {
    // SAFETY: the buffer does not leave the closure, in which the span keeps it alive.
    try unsafe events.withUnsafeBufferPointer { buffer throws(TraceError) in
      var start = 0
      while start < buffer.count {
        let end = min(start + EventEncoder.mostEvents, buffer.count)
        try unsafe writeEvents(UnsafeBufferPointer(rebasing: buffer[start..<end]), cpu: cpu)
        start = end
      }
    }
  }

  /// One block of events.
  private mutating func writeEvents(
    _ events: UnsafeBufferPointer<Event>, cpu: UInt16
  ) throws(TraceError) {
    for index in 0..<events.count where unsafe events[index].cpu != cpu {
      throw .wrongCPU(index: index)
    }
    guard let encoded = unsafe encoder.encode(events) else {
      // Swift's sort keeps equal elements in order.
      let ordered = unsafe events.sorted { $0.time < $1.time }
      // SAFETY: as in `append(events:cpu:)`; ascending now, so this goes one level deep.
      return try unsafe ordered.span.withUnsafeBufferPointer { again throws(TraceError) in
        try unsafe writeEvents(again, cpu: cpu)
      }
    }
    try unsafe place(BlockHeader(of: events, encoded, cpu: cpu), payload: encoded.bytes)
  }

  mutating func append(_ block: EncodedEvents) throws(TraceError) {
    // SAFETY: the buffer does not leave the closure.
    try unsafe block.payload.span.withUnsafeBytes { bytes throws(TraceError) in
      try unsafe place(block.header, payload: bytes)
    }
  }

  /// Gives an event block its place behind all others, and writes it.
  private mutating func place(
    _ block: BlockHeader, payload: UnsafeRawBufferPointer
  ) throws(TraceError) {
    var header = block
    header.sequence = sequence
    header.eventsBefore = eventCount
    try unsafe write(header, payload: payload)
    eventCount += UInt64(header.count)
  }

  mutating func append(_ records: [some TableRecord]) throws(TraceError) {
    var last: UInt64 = 0
    var count: UInt32 = 0
    payload.removeAll()
    for (index, record) in records.enumerated() {
      record.encode(into: &payload, last: &last)
      count += 1
      // A quarter of a mebibyte: whatever one record adds, far from the format's limit.
      if payload.bytes.count >= 1 << 18 || index == records.count - 1 {
        try writePayload(type: Swift.type(of: record).blockType, count: count)
        payload.removeAll()
        (last, count) = (0, 0)
      }
    }
  }

  mutating func finish(facts: TraceFacts) throws(TraceError) {
    try append(facts: facts)
    payload.removeAll()
    try writePayload(type: .end, count: 0)
  }

  private mutating func writePayload(type: BlockType, count: UInt32) throws(TraceError) {
    let raw = payload.bytes
    guard raw.count <= BlockHeader.largestPayload else { throw .tooLarge(raw.count) }
    let compressed = encoder.compressor.compress(raw)
    let stored = compressed ?? raw
    let codec = compressed == nil ? BlockHeader.Codec.none : .zstd
    let header = BlockHeader(
      type: type.rawValue, codec: codec.rawValue, count: count,
      storedLength: UInt32(stored.count), rawLength: UInt32(raw.count), sequence: sequence,
      eventsBefore: eventCount, payloadChecksum: crc32(of: stored[...]))
    // SAFETY: the buffer does not leave the closure.
    try unsafe stored.span.withUnsafeBytes { bytes throws(TraceError) in
      try unsafe write(header, payload: bytes)
    }
  }

  private mutating func write(
    _ header: BlockHeader, payload: UnsafeRawBufferPointer
  ) throws(TraceError) {
    head.removeAll()
    header.store(into: &head)
    try flushHead()
    try unsafe sink.write(payload)
    sequence &+= 1
  }

  private mutating func flushHead() throws(TraceError) {
    let bytes = head.bytes
    // SAFETY: the buffer does not leave the closure.
    try unsafe bytes.span.withUnsafeBytes { bytes throws(TraceError) in
      try unsafe sink.write(bytes)
    }
  }
}
