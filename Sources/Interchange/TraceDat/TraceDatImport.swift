import Measures
import TraceFormat

/// Turns a trace.dat file, as `trace-cmd record -e lock:contention_begin ...` writes it, into a
/// trace.
///
/// Tracepoints under their own names become events, `kernel_stack` becomes the stack of the event
/// before it, /proc/kallsyms the names of the addresses in the trace. trace-cmd keeps no process of a
/// thread: each stands as its own. The whole file is held in memory.
struct TraceDatImport {
  private let file: TraceDatFile
  private let tracepoints: TracepointEvents
  private let kernelStack: TracepointFormat?

  static func recognizes(_ start: some Sequence<UInt8>) -> Bool {
    start.starts(with: TracingData.magic)
  }

  init(bytes: [UInt8]) throws(InterchangeError) {
    file = try TraceDatFile(ForeignBytes(bytes, format: "trace.dat"))
    tracepoints = TracepointEvents(file.tracing.formats)
    kernelStack = file.tracing.formats.values.first { $0.name == "kernel_stack" }
  }

  var facts: TraceFacts {
    var facts = TraceFacts.unknown
    facts.writer = "trace.dat import"
    let words = file.options.system.split(separator: " ")
    if words.count > 2 { facts.kernel.release = String(words[2]) }
    facts.kernel.architecture = words.last.map(String.init) ?? ""
    facts.topology = .flat(UInt16(clamping: file.logs.count))
    let clock = file.options.clock.isEmpty ? "local" : file.options.clock
    facts.regimes = [
      "all": "as the kernel's tracepoints saw them; recorded by trace-cmd with the clock \(clock)"
    ]
    return facts
  }

  func gather(
    into writer: inout TraceWriter, _ gathering: inout ImportGathering
  ) throws(InterchangeError) {
    for line in file.commandLines.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, let id = Int32(parts[0]) else { continue }
      gathering.tasks.append(
        TaskRecord(task: TaskID(id), process: TaskID(id), name: String(parts[1]), cgroup: ""))
    }
    for log in file.logs {
      guard log.cpu <= Int(UInt16.max) else {
        throw log.bytes.fail("CPU \(log.cpu) is beyond what traces can say", at: 0)
      }
      let size = file.tracing.pageSize
      guard size >= 512 else { throw log.bytes.fail("its pages have \(size) bytes", at: 0) }
      for start in stride(
        from: log.range.lowerBound, through: log.range.upperBound - size, by: size)
      {
        var page = try RingBufferPage(log.bytes, at: start, size: size)
        try add(&page, of: log, to: &gathering)
        try gathering.drain(to: &writer)
      }
    }
    gathering.nameAddresses(by: KernelSymbols(parsing: Array(file.symbols.utf8)))
    try gathering.finish(to: &writer)
  }

  private func add(
    _ page: inout RingBufferPage, of log: TraceDatFile.Log, to gathering: inout ImportGathering
  ) throws(InterchangeError) {
    var isFirst = true
    while let (stamp, record) = try page.next() {
      let time = file.options.nanoseconds(stamp)
      if isFirst, page.missed > 0 {
        gathering.addLoss(of: page.missed, cpu: UInt16(log.cpu), at: time)
      }
      isFirst = false
      // struct trace_entry, include/linux/trace_events.h.
      let id: UInt16 = try log.bytes.integer(at: record.lowerBound)
      let task: Int32 = try log.bytes.integer(at: record.lowerBound + 4)
      if let kernelStack, id == kernelStack.id {
        let stack = gathering.stack(try frames(record, of: log.bytes, kernelStack))
        gathering.setStack(stack, cpu: log.cpu, task: TaskID(task))
        continue
      }
      let origin = RecordOrigin(time: time, cpu: UInt32(log.cpu), process: task, thread: task)
      let known = try gathering.withEvents(of: log.cpu) {
        (events: inout [Event]) throws(InterchangeError) in
        try tracepoints.append(record, of: log.bytes, origin: origin, to: &events)
      }
      if !known {
        gathering.account.skipped[tracepoints.strangers[id] ?? "number \(id)", default: 0] += 1
      }
    }
  }

  /// The frames of a `kernel_stack` record; the kernel ends a short stack with all ones.
  private func frames(
    _ record: Range<Int>, of bytes: ForeignBytes, _ format: TracepointFormat
  ) throws(InterchangeError) -> [UInt64] {
    guard let caller = format.field("caller") else { return [] }
    let start = record.lowerBound + caller.offset
    var count = max(0, record.upperBound - start) / 8
    if let size = format.field("size"), size.size == 4 {
      let said: Int32 = try bytes.integer(at: record.lowerBound + size.offset)
      count = min(count, max(0, Int(said)))
    }
    var frames: [UInt64] = []
    for index in 0..<count {
      let address: UInt64 = try bytes.integer(at: start + 8 * index)
      if address == .max || address == 0 { break }
      frames.append(address)
    }
    return frames
  }
}
