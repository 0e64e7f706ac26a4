/// One page of the kernel's ring buffer, record by record.
///
/// Source: kernel/trace/ring_buffer.c (enum ring_buffer_type), header_page and header_event in
/// /sys/kernel/tracing/events; a 64-bit kernel's.
struct RingBufferPage {
  private let file: ForeignBytes
  private var position: Int
  private let end: Int
  private var time: UInt64
  /// Records that were overwritten before this page; `unknownCount` where the kernel did not say how
  /// many.
  let missed: UInt64

  /// A page of lost records that does not say how many stands for one.
  static let unknownCount: UInt64 = 1

  /// Bytes before a page's records: its time stamp and its length.
  private static let headerSize = 16

  init(_ file: ForeignBytes, at start: Int, size: Int) throws(InterchangeError) {
    self.file = file
    time = try file.integer(at: start)
    let commit: UInt64 = try file.integer(at: start + 8)
    let length = Int(commit & 0xFFFFF)
    guard length <= size - Self.headerSize, start + size <= file.bytes.count else {
      throw file.fail("a page of the ring buffer is damaged", at: start)
    }
    position = start + Self.headerSize
    end = position + length
    // RB_MISSED_EVENTS, RB_MISSED_STORED: the count then stands behind the records.
    if commit >> 31 & 1 == 0 {
      missed = 0
    } else if commit >> 30 & 1 == 1, end + 8 <= start + size {
      missed = try file.integer(at: end)
    } else {
      missed = Self.unknownCount
    }
  }

  /// The next record's time stamp and bytes; nil behind the last one.
  mutating func next() throws(InterchangeError) -> (time: UInt64, record: Range<Int>)? {
    while position + 4 <= end {
      let start = position
      let head: UInt32 = try file.integer(at: start)
      let type = head & 31
      let delta = UInt64(head >> 5)
      position += 4
      switch type {
      case 30:  // time extend
        time &+= delta &+ UInt64(try word()) << 27
      case 31:  // absolute time stamp: 59 bits
        time = (time & 0xF8 << 56) | delta | UInt64(try word()) << 27
      case 29:
        // Padding: of a discarded record, or the rest of the page.
        if delta == 0 { return nil }
        time &+= delta
        try skip(Int(try word()))
      default:
        time &+= delta
        var length = Int(type) * 4
        if type == 0 {
          // The length counts itself; what follows is aligned to 4 bytes.
          length = (Int(try word()) - 4 + 3) & ~3
        }
        let record = position
        try skip(length)
        return (time, record..<position)
      }
    }
    return nil
  }

  private mutating func word() throws(InterchangeError) -> UInt32 {
    defer { position += 4 }
    return try file.integer(at: position)
  }

  private mutating func skip(_ length: Int) throws(InterchangeError) {
    guard length >= 0, length <= end - position else {
      throw file.fail("a record of the ring buffer does not fit", at: position)
    }
    position += length
  }
}
