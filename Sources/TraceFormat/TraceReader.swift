public import Measures

/// Reads a trace: what it says of itself at once, its events one after the other in the order
/// (time, CPU, sequence), whatever their number in bounded memory.
///
/// Damage is skipped, counted and reported, see `ending`, `damaged` and `losses`.
@safe public struct TraceReader: ~Copyable {
  /// What the trace says of itself; `TraceFacts.unknown` where that part was damaged.
  public let facts: TraceFacts
  /// Kernel stacks by number.
  public let stacks: StackTable
  /// Kernel symbols by address.
  public let symbols: SymbolTable
  /// Tasks that lived when recording started.
  public let tasks: TaskTable
  /// What could not be recorded.
  public let losses: LossAccount
  /// What was counted in place of being recorded, in no order.
  public let aggregates: [AggregateRecord]
  /// Whether the trace was closed in order.
  public let ending: TraceEnding
  /// What could not be read.
  ///
  /// Damage inside an event block is found when reading gets there.
  public private(set) var damaged: [DamagedRegion]
  /// Blocks of a type that only a later version knows; they were skipped.
  public let unknownBlocks: Int
  /// Events that the block headers promise, of any time.
  public let eventCount: UInt64
  /// The time of the first and the last event; nil where there is none.
  public let times: ClosedRange<TraceTime>?
  /// Bytes of the trace.
  public var byteCount: UInt64 { source.size }

  private let source: TraceSource
  private let decompressor: Decompressor
  private let blocks: [EventBlock]
  private let damagedAtOpen: [DamagedRegion]

  private var nextBlock = 0
  private var heap = MergeHeap()
  private var decoders: [EventDecoder] = []
  private var openBytes = 0
  private var openBlocks: [Int] = []
  private var idle: [Int] = []
  private var payload: [UInt8] = []
  private var from: UInt64 = 0
  private var to: UInt64 = .max

  // SAFETY: owned; `buffer` holds `bufferSize` events of which `position..<filled` are to be given.
  @usableFromInline let buffer: UnsafeMutablePointer<Event>
  @usableFromInline var position = 0
  @usableFromInline var filled = 0
  private static let bufferSize = 512

  /// One block a CPU is open at a time, and Linux takes no more CPUs (NR_CPUS of x86-64, 6.18).
  private static let mostOpenBlocks = 1 << 13
  /// A recorder's block takes 80 KiB open; a file that wants more than this for its open blocks was
  /// made to exhaust memory.
  private static let mostOpenBytes = 1 << 30

  /// The trace in the file at `path`.
  ///
  /// Throws `TraceError.open`, `read`, `notATrace`, `version`, `byteOrder`, `damagedHeader`.
  public init(path: String) throws(TraceError) {
    try self.init(source: TraceSource(path: path))
  }

  /// The trace that `descriptor` gives, a file's from its start, a pipe's to its end (in memory); the
  /// descriptor stays the caller's.
  public init(descriptor: Int32) throws(TraceError) {
    try self.init(source: TraceSource(descriptor: descriptor))
  }

  /// The trace in these bytes.
  public init(bytes: [UInt8]) throws(TraceError) {
    try self.init(source: TraceSource(bytes: bytes))
  }

  private init(source: consuming TraceSource) throws(TraceError) {
    let decompressor = try Decompressor()
    var bytes: [UInt8] = []
    try source.read(at: 0, count: FileHeader.size, into: &bytes)
    try FileHeader.check(bytes)
    let index = try BlockIndex(source)
    var tables = TraceTables()
    tables.damaged = index.damaged
    for (offset, header) in index.tables {
      try tables.add(header, at: offset, from: source, with: decompressor)
    }
    self.facts = tables.facts ?? .unknown
    self.stacks = StackTable(tables.stacks)
    self.symbols = SymbolTable(tables.symbols)
    self.tasks = TaskTable(tables.tasks)
    self.losses = LossAccount(tables.losses)
    self.aggregates = tables.aggregates
    self.ending = index.ending
    self.damaged = tables.damaged
    damagedAtOpen = tables.damaged
    unknownBlocks = index.unknown
    eventCount = index.eventCount
    blocks = index.events.sorted {
      ($0.header.first, $0.header.cpu, $0.header.sequence)
        < ($1.header.first, $1.header.cpu, $1.header.sequence)
    }
    let last = blocks.reduce(UInt64(0)) { max($0, $1.header.last) }
    times = blocks.first.map {
      TraceTime(nanosecondsSinceBoot: $0.header.first)...TraceTime(nanosecondsSinceBoot: last)
    }
    self.source = source
    self.decompressor = decompressor
    unsafe buffer = .allocate(capacity: Self.bufferSize)
  }

  deinit { unsafe buffer.deallocate() }

  /// Starts again at the first event.
  public mutating func rewind() { select(from: nil, to: nil) }

  /// Starts again, giving only events with `from <= time < to`; blocks outside are not read.
  public mutating func select(from: TraceTime?, to: TraceTime?) {
    self.from = from?.nanosecondsSinceBoot ?? 0
    self.to = to?.nanosecondsSinceBoot ?? .max
    heap.removeAll()
    idle = Array(decoders.indices)
    nextBlock = 0
    (position, filled) = (0, 0)
    damaged = damagedAtOpen
  }

  /// The next event; nil at the end.
  ///
  /// Throws `TraceError.read` where the system refuses, `tooManyOverlappingBlocks` for a file that no
  /// recorder wrote.
  @inlinable
  public mutating func next() throws(TraceError) -> Event? {
    if position == filled {
      try refill()
      if filled == 0 { return nil }
    }
    defer { position &+= 1 }
    return unsafe buffer[position]
  }

  /// Replaces `batch` by the next events, 512 or fewer; false where there are none.
  ///
  /// Faster than `next` by a call an event.
  public mutating func nextBatch(into batch: inout [Event]) throws(TraceError) -> Bool {
    batch.removeAll(keepingCapacity: true)
    if position == filled { try refill() }
    unsafe batch.append(
      contentsOf: UnsafeBufferPointer(start: buffer + position, count: filled - position))
    position = filled
    return !batch.isEmpty
  }

  /// Merges the next events into the buffer.
  @usableFromInline
  mutating func refill() throws(TraceError) {
    (position, filled) = (0, 0)
    while filled < Self.bufferSize {
      if nextBlock < blocks.count,
        unsafe heap.count == 0 || blocks[nextBlock].header.first <= heap.top.pointee.time
      {
        try openBlock()
        continue
      }
      if heap.count == 0 { return }
      // No block opens before `limit`, so the heap alone says what is next.
      let limit = nextBlock < blocks.count ? blocks[nextBlock].header.first : .max
      while filled < Self.bufferSize, heap.count > 0 {
        let top = unsafe heap.top
        let time = unsafe top.pointee.time
        if time >= limit, nextBlock < blocks.count { break }
        if time >= to, to != .max {
          // Every other open or later block starts no earlier.
          nextBlock = blocks.count
          heap.removeAll()
          break
        }
        if time >= from {
          unsafe (buffer + filled).initialize(to: top.pointee.next.pointee)
          filled &+= 1
        }
        unsafe top.pointee.next += 1
        if unsafe top.pointee.next == top.pointee.end {
          advance()
        } else {
          unsafe top.pointee.time = top.pointee.next.pointee.time.nanosecondsSinceBoot
          heap.sink()
        }
      }
    }
  }

  /// Decodes the next batch of the top block, or closes it.
  private mutating func advance() {
    let index = unsafe heap.top.pointee.decoder
    let count = decode(index)
    if count == 0 {
      idle.append(index)
      heap.removeTop()
      return
    }
    let events = unsafe decoders[index].events
    unsafe heap.top.pointee.next = UnsafePointer(events)
    unsafe heap.top.pointee.end = UnsafePointer(events + count)
    unsafe heap.top.pointee.time = events.pointee.time.nanosecondsSinceBoot
    heap.sink()
  }

  /// Decodes a batch; zero at the block's end or where it is damaged.
  private mutating func decode(_ index: Int) -> Int {
    do throws(TraceError) {
      return try decoders[index].decodeBatch()
    } catch {
      report(error, block: blocks[openBlocks[index]], events: decoders[index].left)
      return 0
    }
  }

  private mutating func openBlock() throws(TraceError) {
    let number = nextBlock
    let block = blocks[number]
    nextBlock += 1
    guard block.header.last >= from, block.header.first < to || to == .max else { return }
    guard heap.count < Self.mostOpenBlocks, openBytes < Self.mostOpenBytes else {
      throw .tooManyOverlappingBlocks(heap.count)
    }
    if idle.isEmpty {
      decoders.append(EventDecoder())
      openBytes += decoders[decoders.count - 1].room
      openBlocks.append(0)
      idle.append(decoders.count - 1)
    }
    let index = idle.removeLast()
    openBlocks[index] = number
    openBytes -= decoders[index].room
    defer { openBytes += decoders[index].room }
    try source.read(
      at: block.offset + UInt64(BlockHeader.size), count: Int(block.header.storedLength),
      into: &payload)
    let header = block.header
    do throws(TraceError) {
      guard payload.count == Int(header.storedLength) else {
        throw .malformed(.truncated, offset: payload.count)
      }
      guard crc32(of: payload[...]) == header.payloadChecksum else {
        throw .malformed(.checksum, offset: 0)
      }
      guard header.codec == BlockHeader.Codec.columns.rawValue else {
        throw .malformed(.unknownCodec, offset: 0)
      }
      try decoders[index].open(
        payload, count: Int(header.count), cpu: header.cpu, first: header.first,
        last: header.last, with: decompressor)
    } catch {
      report(error, block: block, events: Int(header.count))
      idle.append(index)
      return
    }
    let count = decode(index)
    guard count > 0 else {
      idle.append(index)
      return
    }
    let events = unsafe decoders[index].events
    unsafe heap.insert(
      MergeHeap.Head(
        time: events.pointee.time.nanosecondsSinceBoot,
        order: UInt64(header.cpu) << 32 | UInt64(header.sequence),
        next: UnsafePointer(events), end: UnsafePointer(events + count), decoder: index))
  }

  private mutating func report(_ error: TraceError, block: EventBlock, events: Int) {
    guard case .malformed(let reason, _) = error else { return }
    damaged.append(
      DamagedRegion(
        offset: block.offset,
        length: UInt64(BlockHeader.size) + UInt64(block.header.storedLength), reason: reason,
        type: .events, cpu: block.header.cpu, events: UInt64(events),
        times: TraceTime(
          nanosecondsSinceBoot: block.header.first)...TraceTime(
            nanosecondsSinceBoot: block.header.last)))
  }
}
