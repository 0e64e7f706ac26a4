import Measures
import TraceFormat

/// A header line, then one event a line (RFC 4180, but lines end in LF): `time_ns`, `cpu`, `tid`,
/// `type`, `stack`, then every field that any kind has; those that the event's kind has not are empty.
///
/// `stack` is symbols from the innermost out, between semicolons.
func writeCSV(_ reader: inout TraceReader, to output: inout ByteOutput) throws(InterchangeError) {
  let columns = ExportColumns()
  output.append("time_ns,cpu,tid,type,stack")
  for name in columns.names {
    output.append(",")
    output.append(name)
  }
  output.append("\n")
  var stacks: [StackID: String] = [:]
  var batch: [Event] = []
  while try reader.fill(&batch) {
    for event in batch {
      if event.stack != .none, stacks[event.stack] == nil {
        let symbols = reader.stacks.frames(event.stack).map {
          reader.symbols.name(at: $0) ?? "0x" + String($0, radix: 16)
        }
        stacks[event.stack] = symbols.joined(separator: ";")
      }
      output.append(event, stack: stacks[event.stack] ?? "", columns)
      try output.drain()
    }
  }
}

extension ByteOutput {
  fileprivate mutating func append(_ event: Event, stack: String, _ columns: ExportColumns) {
    append(decimal: event.time.nanosecondsSinceBoot)
    append(",")
    append(decimal: UInt64(event.cpu))
    append(",")
    append(signed: Int64(event.task.rawValue))
    append(",")
    append(event.kind.name)
    append(",")
    append(csv: stack)
    let places = columns.places[Int(event.kind.rawValue)]
    let fields = event.kind.fields
    for column in columns.names.indices {
      append(",")
      guard let index = places.firstIndex(of: column) else { continue }
      let field = fields[index]
      switch field.form {
      case .decimal: append(decimal: field.bits(of: event))
      case .hexadecimal: append(hexadecimal: field.bits(of: event))
      default: append(csv: field.text(of: event))
      }
    }
    append("\n")
  }

  /// In quotes where it holds a comma, a quote or a line end.
  private mutating func append(csv text: String) {
    let needsQuotes = text.utf8.contains {
      $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 10 || $0 == 13
    }
    guard needsQuotes else { return append(text) }
    append("\"")
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { append(byte) }
      append(byte)
    }
    append("\"")
  }
}
