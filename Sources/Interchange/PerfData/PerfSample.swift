import TraceFormat

/// What a sample says beside its raw record, and where that is.
struct PerfSample {
  var origin = RecordOrigin()
  /// The kernel part of the call chain, as bytes of the file.
  var chain: Range<Int> = 0..<0
  /// The tracepoint's raw record, as bytes of the file.
  var raw: Range<Int> = 0..<0

  // PERF_SAMPLE_*, include/uapi/linux/perf_event.h.
  private static let ip: UInt64 = 1 << 0
  private static let tid: UInt64 = 1 << 1
  static let time: UInt64 = 1 << 2
  private static let addr: UInt64 = 1 << 3
  private static let read: UInt64 = 1 << 4
  private static let callchain: UInt64 = 1 << 5
  private static let id: UInt64 = 1 << 6
  static let cpu: UInt64 = 1 << 7
  private static let period: UInt64 = 1 << 8
  private static let streamID: UInt64 = 1 << 9
  static let raw: UInt64 = 1 << 10
  private static let identifier: UInt64 = 1 << 16

  /// Throws where the file's samples lack what events are made of.
  static func check(_ type: UInt64, _ file: ForeignBytes) throws(InterchangeError) {
    for (bit, name) in [(time, "times"), (tid, "tasks"), (cpu, "CPUs"), (raw, "raw records")]
    where type & bit == 0 {
      throw file.fail(
        "its samples have no \(name); record with -a, or with -R -T --sample-cpu", at: 24)
    }
    guard type & read == 0 else {
      throw file.fail("its samples hold counter values; record without a group leader", at: 24)
    }
  }

  /// Reads the sample in `record` (behind its header); the order of its parts is the kernel's
  /// (perf_output_sample, kernel/events/core.c).
  init(_ record: Range<Int>, type: UInt64, of file: ForeignBytes) throws(InterchangeError) {
    var position = record.lowerBound
    if type & Self.identifier != 0 { position += 8 }
    if type & Self.ip != 0 { position += 8 }
    if type & Self.tid != 0 {
      origin.process = try file.integer(at: position)
      origin.thread = try file.integer(at: position + 4)
      position += 8
    }
    if type & Self.time != 0 {
      origin.time = try file.integer(at: position)
      position += 8
    }
    if type & Self.addr != 0 { position += 8 }
    if type & Self.id != 0 { position += 8 }
    if type & Self.streamID != 0 { position += 8 }
    if type & Self.cpu != 0 {
      origin.cpu = try file.integer(at: position)
      position += 8
    }
    if type & Self.period != 0 { position += 8 }
    if type & Self.callchain != 0 {
      let count: UInt64 = try file.integer(at: position)
      position += 8
      guard count <= UInt64(max(0, record.upperBound - position) / 8) else {
        throw file.fail("a call chain is longer than its record", at: position)
      }
      chain = position..<(position + Int(count) * 8)
      position = chain.upperBound
    }
    let size: UInt32 = try file.integer(at: position)
    position += 4
    guard Int(size) <= record.upperBound - position else {
      throw file.fail("a raw record is longer than its sample", at: position)
    }
    raw = position..<(position + Int(size))
  }

  /// The frames of the call chain's kernel part, innermost first.
  ///
  /// They stand between PERF_CONTEXT_KERNEL (-128) and the next context mark; marks are the numbers
  /// from -4095 on (PERF_CONTEXT_MAX, include/uapi/linux/perf_event.h).
  func kernelFrames(of file: ForeignBytes) throws(InterchangeError) -> [UInt64] {
    var frames: [UInt64] = []
    var isKernel = false
    for position in stride(from: chain.lowerBound, to: chain.upperBound, by: 8) {
      let address: UInt64 = try file.integer(at: position)
      if address >= UInt64(bitPattern: -4095) {
        isKernel = address == UInt64(bitPattern: -128)
      } else if isKernel {
        frames.append(address)
      }
    }
    return frames
  }

  /// Time and CPU from the id part that ends a record that is no sample (`sample_id_all`).
  static func idPart(
    of record: Range<Int>, type: UInt64, _ file: ForeignBytes
  ) throws(InterchangeError) -> (time: UInt64, cpu: UInt32)? {
    // From the end: identifier, cpu, stream id, id, time, tid; eight bytes each.
    var position = record.upperBound
    var cpu: UInt32 = 0
    if type & identifier != 0 { position -= 8 }
    if type & Self.cpu != 0 {
      position -= 8
      guard position >= record.lowerBound else { return nil }
      cpu = try file.integer(at: position)
    }
    if type & streamID != 0 { position -= 8 }
    if type & id != 0 { position -= 8 }
    position -= 8
    guard position >= record.lowerBound else { return nil }
    return (try file.integer(at: position), cpu)
  }
}
