import FoundationEssentials
import Measures
import TraceFormat

/// The first line; each further line is one event.
private struct NDJSONHead: Encodable {
  var schema = "oslet.events/1"
  var facts: TraceFacts
  var events: UInt64
  var lost: UInt64
  var suppressed: UInt64
  var damaged: Int
  var complete: Bool
}

/// One object a line: `{"schema":"oslet.events/1",...}` with the trace's facts, then per event
/// `time_ns`, `cpu`, `tid`, `type`, the kind's fields under their tracepoint's names, and `stack` as
/// symbols, innermost first.
///
/// Addresses are strings in hexadecimal: JSON readers keep numbers only to 2^53.
func writeNDJSON(
  _ reader: inout TraceReader, to output: inout ByteOutput
) throws(InterchangeError) {
  let head = NDJSONHead(
    facts: reader.facts, events: reader.eventCount, lost: reader.losses.lost,
    suppressed: reader.losses.suppressed, damaged: reader.damaged.count,
    complete: reader.ending == .complete)
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  do { output.append(Array(try encoder.encode(head))) } catch {
    throw .trace(.malformed(.facts, offset: 0))
  }
  output.append("\n")
  var stacks = JSONStacks()
  var batch: [Event] = []
  while try reader.fill(&batch) {
    for event in batch {
      output.append(event, stack: stacks.json(of: event.stack, in: reader))
      try output.drain()
    }
  }
}

/// Stacks as JSON, each rendered once.
private struct JSONStacks {
  private var rendered: [StackID: [UInt8]] = [:]

  mutating func json(of id: StackID, in reader: borrowing TraceReader) -> [UInt8] {
    if id == .none { return [] }
    if let known = rendered[id] { return known }
    var output = ByteOutput(descriptor: nil)
    output.append(",\"stack\":[")
    for (index, frame) in reader.stacks.frames(id).enumerated() {
      if index > 0 { output.append(",") }
      output.append(json: reader.symbols.name(at: frame) ?? "0x" + String(frame, radix: 16))
    }
    output.append("]")
    rendered[id] = output.bytes
    return output.bytes
  }
}

extension ByteOutput {
  fileprivate mutating func append(_ event: Event, stack: [UInt8]) {
    append("{\"time_ns\":")
    append(decimal: event.time.nanosecondsSinceBoot)
    append(",\"cpu\":")
    append(decimal: UInt64(event.cpu))
    append(",\"tid\":")
    append(signed: Int64(event.task.rawValue))
    append(",\"type\":\"")
    append(event.kind.name)
    append("\"")
    for field in event.kind.fields {
      append(",\"")
      append(field.exportName)
      append("\":")
      append(jsonValueOf: field, event)
    }
    append(stack)
    append("}\n")
  }

  private mutating func append(jsonValueOf field: EventField, _ event: Event) {
    let bits = field.bits(of: event)
    switch field.form {
    case .decimal: append(decimal: bits)
    case .signed where field.slot == .value:
      append(signed: Int64(Int32(bitPattern: event.value)))
    case .signed: append(signed: Int64(bitPattern: bits))
    case .hexadecimal:
      append("\"")
      append(hexadecimal: bits)
      append("\"")
    case .lockFlags, .lockHint, .lockOwner, .maskWord, .taskName, .cause, .kind:
      append(json: field.text(of: event))
    }
  }
}
