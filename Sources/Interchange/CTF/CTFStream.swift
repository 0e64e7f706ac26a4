import Measures
import TraceFormat

/// The packet that is being put together of one CPU's events; integers are little endian and start at
/// whole bytes, as `CTFMetadata` declares them.
struct CTFStream {
  private let cpu: UInt16
  private var content = ByteOutput(descriptor: nil)
  private var times: ClosedRange<UInt64>?
  private var discarded: UInt64 = 0

  /// Bytes of events after which a packet is written.
  private static let most = 1 << 18

  init(cpu: UInt16) { self.cpu = cpu }

  /// Adds an event; whether the packet is worth writing.
  mutating func append(_ event: Event, stack: [UInt64]) -> Bool {
    let time = event.time.nanosecondsSinceBoot
    times = (times?.lowerBound ?? time)...time
    content.append(event.kind.rawValue)
    content.append(little: time)
    content.append(little: event.task.rawValue)
    content.append(little: UInt16(clamping: stack.count))
    for frame in stack.prefix(Int(UInt16.max)) { content.append(little: frame) }
    for field in event.kind.fields { content.append(field, of: event) }
    if event.kind == .gap { discarded &+= event.a &+ event.b }
    return content.bytes.count >= Self.most
  }

  /// Corrects the count of discarded events by the trace's own account.
  mutating func setDiscarded(atLeast count: UInt64) { discarded = max(discarded, count) }

  /// The packet with its header; the next one starts empty.
  mutating func takePacket() -> [UInt8] {
    let packet = Self.packet(
      stream: 0, times: times ?? 0...0, discarded: discarded, cpu: cpu, content.bytes)
    content.removeAll()
    times = times.map { $0.upperBound...$0.upperBound }
    return packet
  }

  /// The packet of the tables stream: every task and symbol, all at the first event's time.
  static func tables(of reader: borrowing TraceReader) -> [UInt8] {
    let time = reader.times?.lowerBound.nanosecondsSinceBoot ?? 0
    var content = ByteOutput(descriptor: nil)
    for task in reader.tasks.records {
      content.append(0)
      content.append(little: time)
      content.append(little: task.task.rawValue)
      content.append(little: task.process.rawValue)
      content.append(terminated: task.name)
      content.append(terminated: task.cgroup)
    }
    for symbol in reader.symbols.records {
      content.append(1)
      content.append(little: time)
      content.append(little: symbol.address)
      content.append(little: symbol.size)
      content.append(terminated: symbol.name)
    }
    return packet(stream: 1, times: time...time, discarded: 0, cpu: nil, content.bytes)
  }

  private static func packet(
    stream: UInt32, times: ClosedRange<UInt64>, discarded: UInt64, cpu: UInt16?,
    _ content: [UInt8]
  ) -> [UInt8] {
    let headerBytes = 4 + 4 + 5 * 8 + (cpu == nil ? 0 : 2)
    let bits = UInt64(headerBytes + content.count) * 8
    var output = ByteOutput(descriptor: nil)
    output.append(little: CTFMetadata.magic)
    output.append(little: stream)
    for number in [times.lowerBound, times.upperBound, bits, bits, discarded] {
      output.append(little: number)
    }
    if let cpu { output.append(little: cpu) }
    output.append(content)
    return output.bytes
  }
}

extension ByteOutput {
  fileprivate mutating func append(little number: some FixedWidthInteger) {
    var rest = number
    for _ in 0..<(number.bitWidth / 8) {
      append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  /// Text up to its first zero byte, and a zero byte.
  fileprivate mutating func append(terminated text: String) {
    append(Array(text.utf8.prefix { $0 != 0 }))
    append(0)
  }

  fileprivate mutating func append(_ field: EventField, of event: Event) {
    switch (field.form, field.slot) {
    case (.taskName, _): append(terminated: event.taskName)
    case (_, .value): append(little: event.value)
    default: append(little: field.bits(of: event))
    }
  }
}
