public import TraceFormat

/// A format that traces are exported to, named as `oslet export --to` names it.
public enum ExportFormat: String, CaseIterable, Sendable {
  /// One JSON object a line: first the trace's facts, then every event.
  case ndjson
  /// One event a line, one column a field, a header line.
  case csv
  /// Microseconds waited, by stack: what flame graph tools read.
  case folded
  /// Perfetto's protobuf, for ui.perfetto.dev.
  case perfetto
  /// A pprof profile of waits, for go tool pprof, pyroscope, speedscope.
  case pprof
  /// SQL that sqlite3 turns into a database: `oslet export --to sqlite | sqlite3 trace.db`.
  case sqlite

  /// Exports every event that `reader` still gives to `descriptor`, as it reads them.
  ///
  /// Throws `InterchangeError.trace` or `write`.
  public func write(
    _ reader: inout TraceReader, to descriptor: Int32
  ) throws(InterchangeError) {
    var output = ByteOutput(descriptor: descriptor)
    try write(&reader, to: &output)
    try output.flush()
  }

  /// The same in memory.
  public func bytes(of reader: inout TraceReader) throws(InterchangeError) -> [UInt8] {
    var output = ByteOutput(descriptor: nil)
    try write(&reader, to: &output)
    return output.bytes
  }

  private func write(
    _ reader: inout TraceReader, to output: inout ByteOutput
  ) throws(InterchangeError) {
    switch self {
    case .ndjson: try writeNDJSON(&reader, to: &output)
    case .csv: try writeCSV(&reader, to: &output)
    case .folded: try writeFolded(&reader, to: &output)
    case .perfetto: try writePerfetto(&reader, to: &output)
    case .pprof: try writePprof(&reader, to: &output)
    case .sqlite: try writeSQLite(&reader, to: &output)
    }
  }
}

extension TraceReader {
  /// The next events, with errors of the trace as this module's; false where there are none.
  mutating func fill(_ batch: inout [Event]) throws(InterchangeError) -> Bool {
    do throws(TraceError) { return try nextBatch(into: &batch) } catch { throw .trace(error) }
  }
}
