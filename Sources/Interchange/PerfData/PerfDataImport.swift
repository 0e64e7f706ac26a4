import Measures
public import TraceFormat

/// What an import took over and what it left.
public struct ImportAccount: Hashable, Sendable {
  /// Events written.
  public var events: UInt64 = 0
  /// Samples of tracepoints that traces have no kind for, by tracepoint.
  public var skipped: [String: UInt64] = [:]
  /// Events that perf says it lost.
  public var lost: UInt64 = 0
}

/// Turns a perf.data file, as `perf record -a -e lock:contention_begin,lock:contention_end,...` writes
/// it, into a trace.
///
/// Tracepoints under their own names become events; call chains become stacks. perf.data holds no
/// kernel symbols, so the trace has none. Times are perf's clock, which is CLOCK_MONOTONIC only where
/// it was recorded with `-k CLOCK_MONOTONIC`. The whole file is held in memory.
public struct PerfDataImport {
  private let file: ForeignBytes
  private let header: PerfDataHeader
  private let tracepoints: TracepointEvents

  /// Whether a file that starts with these bytes is a perf.data file.
  public static func recognizes(_ start: [UInt8]) -> Bool {
    start.starts(with: "PERFILE2".utf8) || start.starts(with: "2ELIFREP".utf8)
  }

  /// Opens the file at `path`.
  ///
  /// Throws `foreign` where it is no perf.data file, or lacks what events are made of, and says which
  /// option of perf record gives it.
  public init(path: String) throws(InterchangeError) {
    try self.init(ForeignBytes(path: path, format: "perf.data"))
  }

  /// The perf.data file in these bytes.
  public init(bytes: [UInt8]) throws(InterchangeError) {
    try self.init(ForeignBytes(bytes, format: "perf.data"))
  }

  private init(_ file: ForeignBytes) throws(InterchangeError) {
    self.file = file
    header = try PerfDataHeader(file)
    try PerfSample.check(header.sampleType, file)
    tracepoints = TracepointEvents(header.formats)
  }

  /// The trace's facts, as far as a perf.data file tells them.
  public var facts: TraceFacts {
    var facts = TraceFacts.unknown
    facts.writer = "perf.data import"
    facts.kernel.release = header.strings[4] ?? ""
    facts.kernel.architecture = header.strings[6] ?? ""
    facts.kernel.processor = header.strings[8] ?? ""
    facts.topology = .flat(UInt16(clamping: header.onlineCPUs))
    facts.regimes = ["all": "as the kernel's tracepoints saw them; recorded by perf"]
    return facts
  }

  /// Writes the trace to `descriptor`.
  public func write(to descriptor: Int32) throws(InterchangeError) -> ImportAccount {
    var gathering = PerfDataGathering()
    var writer = try Self.opening { () throws(TraceError) in
      try TraceWriter(descriptor: descriptor, facts: facts)
    }
    try gather(into: &writer, &gathering)
    do throws(TraceError) { try writer.finish(facts: facts) } catch { throw .trace(error) }
    return gathering.account
  }

  /// The trace in memory, for `TraceReader(bytes:)`.
  public func bytes() throws(InterchangeError) -> [UInt8] {
    var gathering = PerfDataGathering()
    var writer = try Self.opening { () throws(TraceError) in try TraceWriter(facts: facts) }
    try gather(into: &writer, &gathering)
    do throws(TraceError) { return try writer.finish(facts: facts) } catch { throw .trace(error) }
  }

  private static func opening(
    _ open: () throws(TraceError) -> TraceWriter
  ) throws(InterchangeError) -> TraceWriter {
    do throws(TraceError) { return try open() } catch { throw .trace(error) }
  }

  // Record types and their parts: include/uapi/linux/perf_event.h, enum perf_event_type, and
  // tools/lib/perf/include/perf/event.h.
  private func gather(
    into writer: inout TraceWriter, _ gathering: inout PerfDataGathering
  ) throws(InterchangeError) {
    var position = header.records.lowerBound
    while position < header.records.upperBound {
      let type: UInt32 = try file.integer(at: position)
      let size = Int(try file.integer(at: position + 6, as: UInt16.self))
      guard size >= 8, size <= header.records.upperBound - position else {
        throw file.fail("a record of \(size) bytes does not fit", at: position)
      }
      let body = (position + 8)..<(position + size)
      switch type {
      case 9: try add(sample: body, &gathering)
      case 3: try add(comm: body, &gathering)
      case 2: try add(lost: body, count: file.integer(at: body.lowerBound + 8), &gathering)
      case 13: try add(lost: body, count: file.integer(at: body.lowerBound), &gathering)
      case 81: throw file.fail("it is compressed; record without -z", at: position)
      default: break
      }
      try gathering.drain(to: &writer)
      position += size
    }
    try gathering.finish(to: &writer)
  }

  private func add(
    sample body: Range<Int>, _ gathering: inout PerfDataGathering
  ) throws(InterchangeError) {
    var sample = try PerfSample(body, type: header.sampleType, of: file)
    guard sample.cpu <= UInt32(UInt16.max) else {
      throw file.fail("CPU \(sample.cpu) is beyond what traces can say", at: body.lowerBound)
    }
    sample.stack = try gathering.stack(sample.chain, of: file)
    let known = try gathering.withEvents(of: Int(sample.cpu)) {
      (events: inout [Event]) throws(InterchangeError) in
      try tracepoints.append(sample.raw, of: file, sample: sample, to: &events)
    }
    if !known {
      let id: UInt16 = try file.integer(at: sample.raw.lowerBound)
      gathering.account.skipped[tracepoints.strangers[id] ?? "number \(id)", default: 0] += 1
    }
  }

  /// A task that lived when recording started: perf writes one such record each, at time 0.
  private func add(
    comm body: Range<Int>, _ gathering: inout PerfDataGathering
  ) throws(InterchangeError) {
    guard header.hasRecordIDs,
      let part = try PerfSample.idPart(of: body, type: header.sampleType, file), part.time == 0
    else { return }
    let process: Int32 = try file.integer(at: body.lowerBound)
    let task: Int32 = try file.integer(at: body.lowerBound + 4)
    gathering.tasks.append(
      TaskRecord(
        task: TaskID(task), process: TaskID(process),
        name: file.text(at: body.lowerBound + 8, before: body.upperBound).text, cgroup: ""))
  }

  /// Events without a place in perf's buffers; of which kind, perf does not say.
  private func add(
    lost body: Range<Int>, count: UInt64, _ gathering: inout PerfDataGathering
  ) throws(InterchangeError) {
    let part =
      header.hasRecordIDs
      ? try PerfSample.idPart(of: body, type: header.sampleType, file) : nil
    let time = TraceTime(nanosecondsSinceBoot: part?.time ?? 0)
    gathering.losses.append(
      LossRecord(
        cpu: UInt16(clamping: part?.cpu ?? 0), kind: .gap, lost: count, suppressed: 0, first: time,
        last: time))
    let (sum, overflow) = gathering.account.lost.addingReportingOverflow(count)
    gathering.account.lost = overflow ? .max : sum
  }
}
