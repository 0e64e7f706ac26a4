import Measures

/// Reads the events of one block, a batch at a time, from a payload that nobody vouches for.
///
/// Buffers grow to the largest block seen and are used again for the next one.
@safe final class EventDecoder {
  /// Events decoded at once: 6 KiB, which stays in the first-level cache beside the predictor.
  static let batch = 128

  private var predictor = EventPredictor()
  // SAFETY: `columns` holds `room` bytes; `next` and `ends` are offsets into it, one a column, with
  // next <= end <= room held by `open` and by every read below.
  private var columns: UnsafeMutablePointer<UInt8>
  /// Bytes that the columns take.
  private(set) var room: Int
  private let next: UnsafeMutablePointer<Int>
  private let ends: UnsafeMutablePointer<Int>
  /// The events of the last batch.
  let events: UnsafeMutablePointer<Event>

  private var cpu: UInt16 = 0
  private var time: UInt64 = 0
  private var last: UInt64 = 0
  private var literals: (a: UInt64, b: UInt64, c: UInt64) = (0, 0, 0)
  private(set) var left = 0

  init() {
    room = 1 << 16
    unsafe columns = .allocate(capacity: room)
    unsafe next = .allocate(capacity: EventColumn.allCases.count)
    unsafe next.initialize(repeating: 0, count: EventColumn.allCases.count)
    unsafe ends = .allocate(capacity: EventColumn.allCases.count)
    unsafe ends.initialize(repeating: 0, count: EventColumn.allCases.count)
    unsafe events = .allocate(capacity: Self.batch)
  }

  deinit {
    unsafe columns.deallocate()
    unsafe next.deallocate()
    unsafe ends.deallocate()
    unsafe events.deallocate()
  }

  /// Starts on a block: checks the directory and decompresses the columns.
  ///
  /// Throws `malformed` where the payload cannot be what the header says.
  func open(
    _ payload: [UInt8], count: Int, cpu: UInt16, first: UInt64, last: UInt64,
    with decompressor: borrowing Decompressor
  ) throws(TraceError) {
    left = 0
    var reader = ByteReader(payload[...])
    let task: UInt32 = try reader.fixed()
    var lengths: [(raw: Int, stored: Int)] = []
    var total = 0
    for column in EventColumn.allCases {
      let raw: Int = try reader.varint()
      let stored: Int = try reader.varint()
      guard raw <= count * column.mostBytesPerEvent, stored <= raw else {
        throw reader.fail(.impossibleCount)
      }
      lengths.append((raw, stored))
      total += raw
    }
    for column in [EventColumn.control, .timeLow, .timeHigh] {
      guard lengths[column.rawValue].raw == count else { throw reader.fail(.impossibleCount) }
    }
    if total > room {
      unsafe columns.deallocate()
      unsafe columns = .allocate(capacity: total)
      room = total
    }
    var position = reader.offset
    var start = 0
    for (index, length) in lengths.enumerated() {
      guard length.stored <= payload.count - position else {
        throw .malformed(.truncated, offset: position)
      }
      let good = unsafe payload.withUnsafeBytes { bytes in
        let source = unsafe UnsafeRawBufferPointer(
          rebasing: bytes[position...].prefix(length.stored))
        let target = unsafe UnsafeMutableRawBufferPointer(start: columns + start, count: length.raw)
        if length.stored < length.raw {
          return unsafe decompressor.decompress(source, into: target)
        }
        unsafe target.copyMemory(from: source)
        return true
      }
      guard good else { throw .malformed(.compression, offset: position) }
      unsafe next[index] = start
      start += length.raw
      unsafe ends[index] = start
      position += length.stored
    }
    guard position == payload.count else { throw .malformed(.impossibleCount, offset: position) }
    self.cpu = cpu
    (time, self.last) = (first, last)
    literals = (0, 0, 0)
    left = count
    predictor.reset(task: Int32(bitPattern: task))
  }

  /// Decodes the next events into `events`; zero at the end of the block.
  ///
  /// Throws `malformed` (offset: events into this batch) where a column ends too early, time leaves
  /// the header's range, or a kind does not exist; the `left` events are then lost.
  func decodeBatch() throws(TraceError) -> Int {
    let count = min(left, Self.batch)
    let control = unsafe columns + next[EventColumn.control.rawValue]
    let low = unsafe columns + next[EventColumn.timeLow.rawValue]
    let high = unsafe columns + next[EventColumn.timeHigh.rawValue]
    for index in 0..<count {
      let bits = unsafe control[index]
      let kindBits = bits & EventColumn.Control.kind
      guard let kind = EventKind(rawValue: kindBits) else {
        throw .malformed(.unknownKind, offset: index)
      }
      var good = true

      var delta = unsafe UInt64(low[index]) | UInt64(high[index]) << 8
      if delta >= 0xFF00 { delta = varint(.timeFar, &good) }
      let (time, overflow) = self.time.addingReportingOverflow(delta)
      self.time = time

      var task = predictor.task
      if bits & EventColumn.Control.task != 0 {
        task = Int32(truncatingIfNeeded: varint(.task, &good))
      }
      let context = predictor.context(kind: kindBits, task: task)
      var a = predictor.a(at: context)
      if bits & EventColumn.Control.a != 0 {
        a = word(member: 0, .aToken, .aLiteral, &literals.a, &good)
      }
      predictor.learn(kind: kindBits, task: task, a: a, at: context)

      let companion = predictor.companion(kind: kindBits, task: task, a: a)
      var b = predictor.b(at: companion)
      var c = predictor.c(at: companion)
      var value = predictor.value(at: companion)
      var stack: UInt32 = 0
      if bits & EventColumn.Control.more != 0 {
        let mask = byte(.mask, &good)
        if mask & EventColumn.Mask.b != 0 {
          b = word(member: 1, .bToken, .bLiteral, &literals.b, &good)
          predictor.learn(b: b, at: companion)
        }
        if mask & EventColumn.Mask.c != 0 {
          c = word(member: 2, .cToken, .cLiteral, &literals.c, &good)
          predictor.learn(c: c, at: companion)
        }
        if mask & EventColumn.Mask.value != 0 {
          value = UInt32(truncatingIfNeeded: varint(.value, &good))
          predictor.learn(value: value, at: companion)
        }
        if mask & EventColumn.Mask.stack != 0 {
          stack = UInt32(truncatingIfNeeded: varint(.stack, &good))
        }
      }
      guard good, !overflow, time <= last else { throw .malformed(.truncated, offset: index) }
      unsafe (events + index).initialize(
        to: Event(
          time: TraceTime(nanosecondsSinceBoot: time), cpu: cpu, task: TaskID(task), kind: kind,
          a: a, b: b, c: c, value: value, stack: StackID(stack)))
    }
    left -= count
    for column in [EventColumn.control, .timeLow, .timeHigh] {
      unsafe next[column.rawValue] += count
    }
    return count
  }

  /// The next byte of a column; zero and `good` false where there is none.
  @inline(__always)
  private func byte(_ column: EventColumn, _ good: inout Bool) -> UInt8 {
    let position = unsafe next[column.rawValue]
    guard unsafe position < ends[column.rawValue] else {
      good = false
      return 0
    }
    unsafe next[column.rawValue] = position &+ 1
    return unsafe columns[position]
  }

  @inline(__always)
  private func varint(_ column: EventColumn, _ good: inout Bool) -> UInt64 {
    var position = unsafe next[column.rawValue]
    let end = unsafe ends[column.rawValue]
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while position < end, shift < 64 {
      let byte = unsafe columns[position]
      position &+= 1
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 {
        unsafe next[column.rawValue] = position
        return number
      }
      shift &+= 7
    }
    good = false
    return 0
  }

  @inline(__always)
  private func word(
    member: Int, _ tokens: EventColumn, _ column: EventColumn, _ last: inout UInt64,
    _ good: inout Bool
  ) -> UInt64 {
    let token = byte(tokens, &good)
    if token != EventColumn.escape { return predictor.word(at: token, of: member) }
    let zigzag = varint(column, &good)
    last = last &+ ((zigzag >> 1) ^ (0 &- (zigzag & 1)))
    predictor.learn(word: last, at: EventPredictor.slot(of: last), of: member)
    return last
  }
}
