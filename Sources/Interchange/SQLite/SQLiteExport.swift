import Measures
import TraceFormat

/// SQL that makes a database of the trace: `event` (one row an event, one column a field), `task`,
/// `symbol`, `frame` (stack, depth 0 innermost, address, symbol), `loss`, `fact`.
///
/// Text rather than a database file: sqlite3 is then the only program that must know its page format.
/// Addresses are integers, negative as SQLite has no unsigned ones; `printf('%x', lock)` shows them.
func writeSQLite(
  _ reader: inout TraceReader, to output: inout ByteOutput
) throws(InterchangeError) {
  let columns = ExportColumns()
  output.append("BEGIN;\nCREATE TABLE event(time_ns INTEGER,cpu INTEGER,tid INTEGER,type TEXT,")
  output.append("stack INTEGER")
  for name in columns.names { output.append(",\"\(name)\"") }
  output.append(");\n")
  try writeTables(reader, to: &output)
  var batch: [Event] = []
  while try reader.fill(&batch) {
    for event in batch {
      output.append(event, columns)
      try output.drain()
    }
  }
  output.append("CREATE INDEX event_time ON event(time_ns);\nCOMMIT;\n")
}

private func writeTables(
  _ reader: borrowing TraceReader, to output: inout ByteOutput
) throws(InterchangeError) {
  output.append("CREATE TABLE fact(name TEXT,value TEXT);\n")
  for (name, value) in [
    ("schema", "oslet.events/1"), ("kernel", reader.facts.kernel.release),
    ("processor", reader.facts.kernel.processor), ("writer", reader.facts.writer),
  ] {
    output.append("INSERT INTO fact VALUES('\(name)',")
    output.append(sql: value)
    output.append(");\n")
  }
  output.append("CREATE TABLE task(tid INTEGER,process INTEGER,name TEXT,cgroup TEXT);\n")
  for task in reader.tasks.records {
    output.append("INSERT INTO task VALUES(\(task.task.rawValue),\(task.process.rawValue),")
    output.append(sql: task.name)
    output.append(",")
    output.append(sql: task.cgroup)
    output.append(");\n")
    try output.drain()
  }
  output.append("CREATE TABLE symbol(address INTEGER,size INTEGER,name TEXT);\n")
  for symbol in reader.symbols.records {
    let address = Int64(bitPattern: symbol.address)
    output.append("INSERT INTO symbol VALUES(\(address),\(symbol.size),")
    output.append(sql: symbol.name)
    output.append(");\n")
    try output.drain()
  }
  output.append("CREATE TABLE frame(stack INTEGER,depth INTEGER,address INTEGER,symbol TEXT);\n")
  for stack in reader.stacks.records {
    for (depth, frame) in stack.frames.enumerated() {
      let address = Int64(bitPattern: frame)
      output.append("INSERT INTO frame VALUES(\(stack.id.rawValue),\(depth),\(address),")
      output.append(sql: reader.symbols.text(frame))
      output.append(");\n")
      try output.drain()
    }
  }
  output.append("CREATE TABLE loss(cpu INTEGER,type TEXT,lost INTEGER,suppressed INTEGER,")
  output.append("first_ns INTEGER,last_ns INTEGER);\n")
  for loss in reader.losses.records {
    output.append("INSERT INTO loss VALUES(\(loss.cpu),'\(loss.kind.name)',")
    output.append("\(Int64(clamping: loss.lost)),\(Int64(clamping: loss.suppressed)),")
    output.append("\(Int64(clamping: loss.first.nanosecondsSinceBoot)),")
    output.append("\(Int64(clamping: loss.last.nanosecondsSinceBoot)));\n")
  }
}

extension ByteOutput {
  fileprivate mutating func append(_ event: Event, _ columns: ExportColumns) {
    append("INSERT INTO event VALUES(")
    append(signed: Int64(bitPattern: event.time.nanosecondsSinceBoot))
    append(",")
    append(decimal: UInt64(event.cpu))
    append(",")
    append(signed: Int64(event.task.rawValue))
    append(",'")
    append(event.kind.name)
    append("',")
    append(decimal: UInt64(event.stack.rawValue))
    let places = columns.places[Int(event.kind.rawValue)]
    let fields = event.kind.fields
    for column in columns.names.indices {
      append(",")
      guard let index = places.firstIndex(of: column) else {
        append("NULL")
        continue
      }
      let field = fields[index]
      switch field.form {
      case .decimal, .hexadecimal: append(signed: Int64(bitPattern: field.bits(of: event)))
      case .signed: append(field.text(of: event))
      default: append(sql: field.text(of: event))
      }
    }
    append(");\n")
  }

  /// As an SQL string; a zero byte, which would end the script's line for sqlite3, becomes U+FFFD.
  fileprivate mutating func append(sql text: String) {
    append("'")
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "'"): append("''")
      case 0: append("\u{FFFD}")
      default: append(byte)
      }
    }
    append("'")
  }
}
