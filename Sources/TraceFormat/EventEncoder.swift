import Measures

/// Turns events of one CPU into the payload of an event block: columns, each compressed where that
/// makes it smaller.
///
/// Buffers are allocated once; nothing is allocated per event or per block.
@safe final class EventEncoder {
  /// Events a block at most: enough for the predictor and the Huffman tables to pay, few enough that
  /// a reader's open blocks (one a CPU) stay small.
  static let mostEvents = 1 << 14

  /// A payload: `bytes` of it, in the encoder's buffer until the next call.
  @unsafe struct Payload {
    var bytes: UnsafeRawBufferPointer
    var rawLength: Int
  }

  /// For the writer's other blocks too.
  let compressor: Compressor
  private var predictor = EventPredictor()

  // SAFETY: allocated in `init` for `mostEvents` events at `mostBytesPerEvent`, freed in `deinit`;
  // `starts` are the columns' first bytes in `columns`, so that a column's cursor can run at most to
  // the next column's start.
  private let columns: UnsafeMutablePointer<UInt8>
  private let starts: [Int]
  private let output: UnsafeMutableRawBufferPointer

  init() throws(TraceError) {
    compressor = try Compressor()
    let room = Self.mostEvents * EventColumn.mostBytesPerEvent
    unsafe columns = .allocate(capacity: room)
    // Each of the directory's lengths takes at most 5 bytes.
    unsafe output = .allocate(byteCount: room + 10 * EventColumn.allCases.count + 8, alignment: 16)
    var starts: [Int] = []
    var start = 0
    for column in EventColumn.allCases {
      starts.append(start)
      start += Self.mostEvents * column.mostBytesPerEvent
    }
    self.starts = starts
  }

  deinit {
    unsafe columns.deallocate()
    unsafe output.deallocate()
  }

  /// The payload of `events` (1...mostEvents, all of one CPU); nil where they are not ascending in
  /// time.
  func encode(_ events: UnsafeBufferPointer<Event>) -> Payload? {
    precondition(!events.isEmpty && events.count <= Self.mostEvents)
    var ends = starts
    let good = unsafe ends.withUnsafeMutableBufferPointer { ends in
      // SAFETY: `fill` advances each end by at most `mostBytesPerEvent` of its column an event.
      unsafe fill(events, ends: ends)
    }
    guard good else { return nil }
    return unsafe pack(ends: ends, task: events[0].task.rawValue)
  }

  /// Fills the columns, whose `ends` are where each is written next; false where time runs back.
  private func fill(
    _ events: UnsafeBufferPointer<Event>, ends: UnsafeMutableBufferPointer<Int>
  ) -> Bool {
    unsafe predictor.reset(task: events[0].task.rawValue)
    var last = unsafe events[0].time.nanosecondsSinceBoot
    var literals: (a: UInt64, b: UInt64, c: UInt64) = (0, 0, 0)
    let control = unsafe columns + ends[EventColumn.control.rawValue]
    let low = unsafe columns + ends[EventColumn.timeLow.rawValue]
    let high = unsafe columns + ends[EventColumn.timeHigh.rawValue]

    for index in 0..<events.count {
      let event = unsafe events[index]
      let kind = event.kind.rawValue
      var bits = kind

      let time = event.time.nanosecondsSinceBoot
      guard time >= last else { return false }
      let delta = time &- last
      last = time
      if delta < 0xFF00 {
        unsafe low[index] = UInt8(truncatingIfNeeded: delta)
        unsafe high[index] = UInt8(truncatingIfNeeded: delta >> 8)
      } else {
        unsafe low[index] = 0
        unsafe high[index] = EventColumn.escape
        unsafe put(varint: delta, .timeFar, ends)
      }

      let task = event.task.rawValue
      if task != predictor.task {
        bits |= EventColumn.Control.task
        unsafe put(varint: UInt64(UInt32(bitPattern: task)), .task, ends)
      }

      let context = predictor.context(kind: kind, task: task)
      if event.a != predictor.a(at: context) {
        bits |= EventColumn.Control.a
        unsafe put(word: event.a, member: 0, .aToken, .aLiteral, &literals.a, ends)
      }
      predictor.learn(kind: kind, task: task, a: event.a, at: context)

      let companion = predictor.companion(kind: kind, task: task, a: event.a)
      var mask: UInt8 = 0
      if event.b != predictor.b(at: companion) {
        mask |= EventColumn.Mask.b
        unsafe put(word: event.b, member: 1, .bToken, .bLiteral, &literals.b, ends)
        predictor.learn(b: event.b, at: companion)
      }
      if event.c != predictor.c(at: companion) {
        mask |= EventColumn.Mask.c
        unsafe put(word: event.c, member: 2, .cToken, .cLiteral, &literals.c, ends)
        predictor.learn(c: event.c, at: companion)
      }
      if event.value != predictor.value(at: companion) {
        mask |= EventColumn.Mask.value
        unsafe put(varint: UInt64(event.value), .value, ends)
        predictor.learn(value: event.value, at: companion)
      }
      if event.stack != .none {
        mask |= EventColumn.Mask.stack
        unsafe put(varint: UInt64(event.stack.rawValue), .stack, ends)
      }
      if mask != 0 {
        bits |= EventColumn.Control.more
        unsafe put(mask, .mask, ends)
      }
      unsafe control[index] = bits
    }
    for column in [EventColumn.control, .timeLow, .timeHigh] {
      unsafe ends[column.rawValue] += events.count
    }
    return true
  }

  @inline(__always)
  private func put(_ byte: UInt8, _ column: EventColumn, _ ends: UnsafeMutableBufferPointer<Int>) {
    let end = unsafe ends[column.rawValue]
    unsafe columns[end] = byte
    unsafe ends[column.rawValue] = end &+ 1
  }

  @inline(__always)
  private func put(
    varint number: UInt64, _ column: EventColumn, _ ends: UnsafeMutableBufferPointer<Int>
  ) {
    var end = unsafe ends[column.rawValue]
    var rest = number
    while rest >= 0x80 {
      unsafe columns[end] = UInt8(truncatingIfNeeded: rest) | 0x80
      end &+= 1
      rest >>= 7
    }
    unsafe columns[end] = UInt8(truncatingIfNeeded: rest)
    unsafe ends[column.rawValue] = end &+ 1
  }

  @inline(__always)
  private func put(
    word: UInt64, member: Int, _ tokens: EventColumn, _ literals: EventColumn,
    _ last: inout UInt64, _ ends: UnsafeMutableBufferPointer<Int>
  ) {
    let slot = EventPredictor.slot(of: word)
    if predictor.word(at: slot, of: member) == word {
      unsafe put(slot, tokens, ends)
      return
    }
    unsafe put(EventColumn.escape, tokens, ends)
    let difference = Int64(bitPattern: word &- last)
    unsafe put(
      varint: UInt64(bitPattern: (difference << 1) ^ (difference >> 63)), literals, ends)
    last = word
    predictor.learn(word: word, at: slot, of: member)
  }

  /// The first task, the lengths of all columns raw and stored, then the columns.
  private func pack(ends: [Int], task: Int32) -> Payload {
    var head = ByteWriter()
    head.append(fixed: UInt32(bitPattern: task))
    // Columns are packed behind the longest head there can be, and the head put before them.
    let headRoom = 4 + 10 * EventColumn.allCases.count
    var position = headRoom
    var rawLength = 0
    for column in EventColumn.allCases {
      let start = starts[column.rawValue]
      let length = ends[column.rawValue] - start
      let source = unsafe UnsafeRawBufferPointer(start: columns + start, count: length)
      let target = unsafe UnsafeMutableRawBufferPointer(rebasing: output[position...])
      // Below this, starting a frame costs more than it saves.
      let compressed = length < 128 ? nil : unsafe compressor.compress(source, into: target)
      if compressed == nil { unsafe target.copyMemory(from: source) }
      let stored = compressed ?? length
      head.append(varint: UInt64(length))
      head.append(varint: UInt64(stored))
      position += stored
      rawLength += length
    }
    let start = headRoom - head.bytes.count
    for (index, byte) in head.bytes.enumerated() { unsafe output[start + index] = byte }
    return unsafe Payload(
      bytes: UnsafeRawBufferPointer(rebasing: output[start..<position]), rawLength: rawLength)
  }
}
