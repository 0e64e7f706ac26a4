/// What a trace.dat file of trace-cmd holds: the tracepoints' description, names, and for each CPU
/// the pages of its ring buffer.
///
/// Source: trace-cmd.dat.v6(5), trace-cmd.dat.v7(5).
struct TraceDatFile {
  /// The pages of one CPU's ring buffer.
  struct Log {
    var cpu: Int
    var bytes: ForeignBytes
    var range: Range<Int>
  }

  var tracing: TracingData
  /// /proc/kallsyms and saved_cmdlines as they were; empty where the file has none.
  var symbols = ""
  var commandLines = ""
  var options = TraceDatOptions()
  var logs: [Log] = []

  /// Reads all but the pages.
  init(_ file: ForeignBytes) throws(InterchangeError) {
    guard file.bytes.starts(with: TracingData.magic) else {
      throw file.fail("it does not start as trace-cmd's files do", at: 0)
    }
    let whole = file.bytes.indices
    var cursor = ForeignCursor(file, in: TracingData.magic.count..<whole.upperBound)
    let version = cursor.text()
    switch version {
    case "6": self = try TraceDatFile(version6: file, in: whole)
    case "7": self = try TraceDatFile(version7: file, at: cursor)
    default:
      throw file.fail(
        "its version is \(version); trace-cmd convert --file-version 7 makes one that can be read",
        at: TracingData.magic.count)
    }
  }

  init(tracing: TracingData) { self.tracing = tracing }

  /// One thing after the other; the CPUs' places at the end.
  private init(version6 file: ForeignBytes, in whole: Range<Int>) throws(InterchangeError) {
    self.init(tracing: try TracingData(file, in: whole))
    var cursor = ForeignCursor(file, in: tracing.end..<whole.upperBound)
    func text(_ range: Range<Int>) -> String { String(decoding: file.bytes[range], as: UTF8.self) }
    symbols = text(try cursor.take(cursor.integer(as: UInt32.self)))
    _ = try cursor.take(cursor.integer(as: UInt32.self))  // formats of trace_printk
    commandLines = text(try cursor.take(cursor.integer(as: UInt64.self)))
    let cpuCount = try cursor.integer(as: UInt32.self)
    var part = text(try cursor.take(10))
    if part == "options  \0" {
      while true {
        let id: UInt16 = try cursor.integer()
        if id == 0 { break }
        let value = try cursor.take(cursor.integer(as: UInt32.self))
        try options.set(id, ForeignCursor(file, in: value))
      }
      part = text(try cursor.take(10))
    }
    guard part == "flyrecord\0" else {
      throw file.fail("it holds no events, but a latency trace", at: cursor.position - 10)
    }
    for cpu in 0..<cpuCount {
      let offset: UInt64 = try cursor.integer()
      let range = try file.range(offset: offset, length: cursor.integer())
      logs.append(Log(cpu: Int(cpu), bytes: file, range: range))
    }
  }
}

/// What trace-cmd says of a recording; both versions number it alike.
struct TraceDatOptions {
  /// `uname`: `Linux host 6.18.0 #1 SMP ... x86_64`.
  var system = ""
  /// The ring buffer's clock, as /sys/kernel/tracing/trace_clock has it.
  var clock = ""
  /// Multiplier, shift and offset that make nanoseconds of a time stamp counter.
  var counterRate: (multiplier: UInt32, shift: UInt32, offset: UInt64)?

  /// Takes an option's value; one that events do not need is passed over.
  mutating func set(_ id: UInt16, _ value: ForeignCursor) throws(InterchangeError) {
    var value = value
    switch id {
    case 4:
      // `local global [mono]`: the one in brackets.
      let list = value.text()
      clock =
        list.split(separator: " ").first { $0.hasPrefix("[") }
        .map { String($0.dropFirst().prefix { $0 != "]" }) } ?? list
    case 5: system = value.text()
    case 14:
      counterRate = (try value.integer(), try value.integer(), try value.integer())
    default: break
    }
  }

  /// A time stamp of the ring buffer in nanoseconds.
  func nanoseconds(_ stamp: UInt64) -> UInt64 {
    guard let counterRate, counterRate.shift < 64 else { return stamp }
    let (offset, _) = stamp.subtractingReportingOverflow(counterRate.offset)
    let product = offset.multipliedFullWidth(by: UInt64(counterRate.multiplier))
    return counterRate.shift == 0
      ? product.low
      : product.low >> counterRate.shift | product.high << (64 - counterRate.shift)
  }
}
