import Measures
import TraceFormat

/// Turns a perf.data file, as `perf record -a -e lock:contention_begin,lock:contention_end,...` writes
/// it, into a trace.
///
/// Tracepoints under their own names become events; call chains become stacks. perf.data holds no
/// kernel symbols, so the trace has none. Times are perf's clock, which is CLOCK_MONOTONIC only where
/// it was recorded with `-k CLOCK_MONOTONIC`. The whole file is held in memory.
struct PerfDataImport {
  private let file: ForeignBytes
  private let header: PerfDataHeader
  private let tracepoints: TracepointEvents

  /// Whether a file that starts with these bytes is a perf.data file.
  static func recognizes(_ start: some Sequence<UInt8>) -> Bool {
    start.starts(with: "PERFILE2".utf8) || start.starts(with: "2ELIFREP".utf8)
  }

  /// The perf.data file in these bytes.
  ///
  /// Throws `foreign` where it lacks what events are made of, and says which option of perf record
  /// gives it.
  init(bytes: [UInt8]) throws(InterchangeError) {
    file = ForeignBytes(bytes, format: "perf.data")
    header = try PerfDataHeader(file)
    try PerfSample.check(header.sampleType, file)
    tracepoints = TracepointEvents(header.formats)
  }

  /// The trace's facts, as far as a perf.data file tells them.
  var facts: TraceFacts {
    var facts = TraceFacts.unknown
    facts.writer = "perf.data import"
    facts.kernel.release = header.strings[4] ?? ""
    facts.kernel.architecture = header.strings[6] ?? ""
    facts.kernel.processor = header.strings[8] ?? ""
    facts.topology = .flat(UInt16(clamping: header.onlineCPUs))
    facts.regimes = ["all": "as the kernel's tracepoints saw them; recorded by perf"]
    return facts
  }

  // Record types and their parts: include/uapi/linux/perf_event.h, enum perf_event_type, and
  // tools/lib/perf/include/perf/event.h.
  func gather(
    into writer: inout TraceWriter, _ gathering: inout ImportGathering
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
    sample body: Range<Int>, _ gathering: inout ImportGathering
  ) throws(InterchangeError) {
    var sample = try PerfSample(body, type: header.sampleType, of: file)
    guard sample.origin.cpu <= UInt32(UInt16.max) else {
      throw file.fail("CPU \(sample.origin.cpu) is beyond what traces can say", at: body.lowerBound)
    }
    sample.origin.stack = gathering.stack(try sample.kernelFrames(of: file))
    let known = try gathering.withEvents(of: Int(sample.origin.cpu)) {
      (events: inout [Event]) throws(InterchangeError) in
      try tracepoints.append(sample.raw, of: file, origin: sample.origin, to: &events)
    }
    if !known {
      let id: UInt16 = try file.integer(at: sample.raw.lowerBound)
      gathering.account.skipped[tracepoints.strangers[id] ?? "number \(id)", default: 0] += 1
    }
  }

  /// A task that lived when recording started: perf writes one such record each, at time 0.
  private func add(
    comm body: Range<Int>, _ gathering: inout ImportGathering
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
    lost body: Range<Int>, count: UInt64, _ gathering: inout ImportGathering
  ) throws(InterchangeError) {
    let part =
      header.hasRecordIDs
      ? try PerfSample.idPart(of: body, type: header.sampleType, file) : nil
    gathering.addLoss(of: count, cpu: UInt16(clamping: part?.cpu ?? 0), at: part?.time ?? 0)
  }
}
