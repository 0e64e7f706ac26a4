import Measures
public import TraceFormat

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A trace as a folder in the Common Trace Format 1.8, which babeltrace2 and Trace Compass read.
///
/// `metadata` describes it, `cpu_N` has the events of CPU N, `tables` one event for each task and
/// kernel symbol that the trace names. Lost and suppressed events are CTF's discarded ones. Source:
/// https://diamon.org/ctf/v1.8.3/.
public struct CTFExport {
  private let folder: String
  private var streams: [UInt16: CTFStream] = [:]

  /// Writes every event that `reader` still gives into `folder`, which appears under its name only
  /// once it is whole.
  ///
  /// Throws `InterchangeError.trace` or `write`; `write(errno: EEXIST)` where `folder` is there and
  /// has something in it.
  public static func write(
    _ reader: inout TraceReader, into folder: String
  ) throws(InterchangeError) {
    var export = CTFExport(folder: folder + ".part")
    // SAFETY: the strings live through their calls. An empty folder may be replaced.
    let isFree = unsafe (access(folder, F_OK) != 0 || rmdir(folder) == 0)
    guard isFree else { throw .write(errno: EEXIST) }
    guard unsafe mkdir(export.folder, 0o755) == 0 else { throw .write(errno: errno) }
    do throws(InterchangeError) {
      try export.write(&reader)
    } catch {
      export.remove()
      throw error
    }
    // SAFETY: the strings live through the call.
    guard unsafe rename(export.folder, folder) == 0 else {
      let reason = errno
      export.remove()
      throw .write(errno: reason)
    }
  }

  private init(folder: String) { self.folder = folder }

  private mutating func write(_ reader: inout TraceReader) throws(InterchangeError) {
    try append(CTFMetadata.text(of: reader.facts), to: "metadata")
    try append(CTFStream.tables(of: reader), to: "tables")
    let discarded = Dictionary(grouping: reader.losses.records, by: \.cpu).mapValues { records in
      records.reduce(0 as UInt64) { $0 &+ $1.lost &+ $1.suppressed }
    }
    var batch: [Event] = []
    while try reader.fill(&batch) {
      for event in batch {
        let isFull = streams[event.cpu, default: CTFStream(cpu: event.cpu)].append(
          event, stack: reader.stacks.frames(event.stack))
        if isFull { try flush(event.cpu) }
      }
    }
    for cpu in Set(streams.keys).union(discarded.keys).sorted() {
      streams[cpu, default: CTFStream(cpu: cpu)].setDiscarded(atLeast: discarded[cpu] ?? 0)
      try flush(cpu)
    }
  }

  private mutating func flush(_ cpu: UInt16) throws(InterchangeError) {
    guard let packet = streams[cpu]?.takePacket() else { return }
    try append(packet, to: "cpu_\(cpu)")
  }

  /// A file is open only while a packet goes into it: there may be more CPUs than descriptors.
  private mutating func append(_ bytes: [UInt8], to name: String) throws(InterchangeError) {
    let path = "\(folder)/\(name)"
    // SAFETY: the string lives through the call.
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .write(errno: errno) }
    defer { _ = close(descriptor) }
    var output = ByteOutput(descriptor: descriptor)
    output.append(bytes)
    try output.flush()
  }

  private func remove() {
    // SAFETY: the strings live through their calls.
    for name in ["metadata", "tables"] + streams.keys.map({ "cpu_\($0)" }) {
      unsafe unlink("\(folder)/\(name)")
    }
    unsafe rmdir(folder)
  }
}
