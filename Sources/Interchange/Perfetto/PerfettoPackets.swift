import TraceFormat

/// Trace packets of Perfetto: tracks, slices and instants, on a single sequence.
///
/// Field numbers: protos/perfetto/trace/trace_packet.proto, track_event/track_event.proto,
/// track_event/track_descriptor.proto, track_event/thread_descriptor.proto of Perfetto v40 and
/// later; the numbers never change.
struct PerfettoPackets {
  /// TrackEvent.Type.
  enum EventType: UInt64 {
    case sliceBegin = 1
    case sliceEnd = 2
    case instant = 3
  }

  /// An argument shown beside a slice.
  enum Annotation {
    case number(String, UInt64)
    case signed(String, Int64)
    case text(String, String)
    case pointer(String, UInt64)
  }

  var output: ByteOutput
  private var packet = ProtobufWriter()
  private var file = ProtobufWriter()

  init(_ output: consuming ByteOutput) { self.output = output }

  /// A track of this name under another (0: none).
  mutating func describe(track uuid: UInt64, name: String, parent: UInt64) {
    var descriptor = ProtobufWriter()
    descriptor.append(1, uuid)
    descriptor.append(2, name)
    if parent != 0 { descriptor.append(5, parent) }
    write(descriptor: descriptor)
  }

  /// A thread's track.
  mutating func describe(track uuid: UInt64, thread: TaskID, process: TaskID, name: String) {
    var inner = ProtobufWriter()
    inner.append(1, UInt64(bitPattern: Int64(process.rawValue)))
    inner.append(2, UInt64(bitPattern: Int64(thread.rawValue)))
    inner.append(5, name)
    var descriptor = ProtobufWriter()
    descriptor.append(1, uuid)
    descriptor.append(4, inner)
    write(descriptor: descriptor)
  }

  private mutating func write(descriptor: ProtobufWriter) {
    packet.removeAll()
    packet.append(10, 1)
    packet.append(60, descriptor)
    writePacket()
  }

  /// A slice's begin or end, or an instant, on a track; `flow` leads to, `endingFlow` comes from
  /// another one.
  mutating func write(
    _ type: EventType, at time: UInt64, track: UInt64, name: String = "", category: String = "",
    flow: UInt64? = nil, endingFlow: UInt64? = nil, _ annotations: [Annotation] = []
  ) {
    var event = ProtobufWriter()
    for annotation in annotations { event.append(4, Self.message(of: annotation)) }
    event.append(9, type.rawValue)
    event.append(11, track)
    if !category.isEmpty { event.append(22, category) }
    if !name.isEmpty { event.append(23, name) }
    if let flow { event.append(47, fixed: flow) }
    if let endingFlow { event.append(48, fixed: endingFlow) }
    packet.removeAll()
    packet.append(8, time)
    packet.append(10, 1)
    packet.append(11, event)
    writePacket()
  }

  private static func message(of annotation: Annotation) -> ProtobufWriter {
    var message = ProtobufWriter()
    switch annotation {
    case .number(let name, let number):
      message.append(3, number)
      message.append(10, name)
    case .signed(let name, let number):
      message.append(4, UInt64(bitPattern: number))
      message.append(10, name)
    case .text(let name, let text):
      message.append(6, text)
      message.append(10, name)
    case .pointer(let name, let address):
      message.append(7, address)
      message.append(10, name)
    }
    return message
  }

  private mutating func writePacket() {
    file.removeAll()
    file.append(1, packet)
    output.append(file.bytes)
  }
}
