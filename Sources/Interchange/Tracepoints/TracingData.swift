/// The description of a kernel's tracepoints as trace-cmd and perf keep it: text files of tracefs
/// behind their lengths.
///
/// Source: trace-cmd.dat.v6(5); tools/perf/util/trace-event-info.c.
struct TracingData {
  /// Tracepoints by the number that starts their raw record.
  private(set) var formats: [UInt16: TracepointFormat] = [:]
  /// Where what follows the description starts.
  private(set) var end: Int
  /// Bytes of a page of the kernel's ring buffer.
  let pageSize: Int

  /// What each begins with.
  static let magic: [UInt8] = [0x17, 0x08, 0x44] + Array("tracing".utf8)

  /// Reads it from `section`, which it need not fill.
  init(_ file: ForeignBytes, in section: Range<Int>) throws(InterchangeError) {
    guard file.bytes[section].starts(with: Self.magic) else {
      throw file.fail("its tracing data is damaged", at: section.lowerBound)
    }
    var cursor = ForeignCursor(
      file, in: (section.lowerBound + Self.magic.count)..<section.upperBound)
    _ = cursor.text()  // version
    guard try cursor.integer(as: UInt8.self) == 0 else {
      throw file.fail("it was recorded on a big-endian machine", at: cursor.position - 1)
    }
    _ = try cursor.integer(as: UInt8.self)  // size of long
    pageSize = Int(try cursor.integer(as: UInt32.self))
    end = 0
    try skipHeaders(&cursor)
    try addOwn(file, &cursor)
    try addSystems(file, &cursor)
    end = cursor.position
  }

  /// Reads the sections of a version 7 file, each of which has a part of it.
  init(
    pageSize: Int, own: ForeignBytes?, systems: ForeignBytes
  ) throws(InterchangeError) {
    self.pageSize = pageSize
    end = 0
    if let own {
      var cursor = ForeignCursor(own, in: own.bytes.indices)
      try addOwn(own, &cursor)
    }
    var cursor = ForeignCursor(systems, in: systems.bytes.indices)
    try addSystems(systems, &cursor)
  }

  /// `header_page` and `header_event`: the same since Linux 2.6.39 (kernel/trace/ring_buffer.c).
  private func skipHeaders(_ cursor: inout ForeignCursor) throws(InterchangeError) {
    for _ in 0..<2 {
      _ = cursor.text()
      _ = try cursor.take(cursor.integer(as: UInt64.self))
    }
  }

  /// ftrace's own events, of which `kernel_stack` is one.
  private mutating func addOwn(
    _ file: ForeignBytes, _ cursor: inout ForeignCursor
  ) throws(InterchangeError) {
    for _ in 0..<(try cursor.integer(as: UInt32.self)) { try addFormat(file, &cursor) }
  }

  private mutating func addSystems(
    _ file: ForeignBytes, _ cursor: inout ForeignCursor
  ) throws(InterchangeError) {
    for _ in 0..<(try cursor.integer(as: UInt32.self)) {
      _ = cursor.text()
      for _ in 0..<(try cursor.integer(as: UInt32.self)) { try addFormat(file, &cursor) }
    }
  }

  private mutating func addFormat(
    _ file: ForeignBytes, _ cursor: inout ForeignCursor
  ) throws(InterchangeError) {
    let text = try cursor.take(cursor.integer(as: UInt64.self))
    let format = TracepointFormat(String(decoding: file.bytes[text], as: UTF8.self))
    if let format { formats[format.id] = format }
  }
}
