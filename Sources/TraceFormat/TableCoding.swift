import Measures

/// A record that a table block holds, one after the other.
protocol TableRecord {
  static var blockType: BlockType { get }
  /// Appends the record; `last` is the number that the next one's is written against.
  func encode(into bytes: inout ByteWriter, last: inout UInt64)
  /// Reads what `encode` wrote.
  init(from bytes: inout ByteReader, last: inout UInt64) throws(TraceError)
}

extension TableRecord {
  static func decode(_ payload: [UInt8], count: Int) throws(TraceError) -> [Self] {
    var reader = ByteReader(payload[...])
    guard count <= payload.count else { throw reader.fail(.impossibleCount) }
    var records: [Self] = []
    records.reserveCapacity(count)
    var last: UInt64 = 0
    for _ in 0..<count { records.append(try Self(from: &reader, last: &last)) }
    guard reader.isAtEnd else { throw reader.fail(.impossibleCount) }
    return records
  }
}

extension StackRecord: TableRecord {
  static var blockType: BlockType { .stacks }

  func encode(into bytes: inout ByteWriter, last: inout UInt64) {
    bytes.append(varint: UInt64(id.rawValue))
    bytes.append(varint: UInt64(frames.count))
    for frame in frames {
      bytes.append(difference: frame &- last)
      last = frame
    }
  }

  init(from bytes: inout ByteReader, last: inout UInt64) throws(TraceError) {
    let id: UInt32 = try bytes.varint()
    let count = try bytes.count()
    var frames: [UInt64] = []
    frames.reserveCapacity(count)
    for _ in 0..<count {
      last = last &+ (try bytes.difference())
      frames.append(last)
    }
    self.init(id: StackID(id), frames: frames)
  }
}

extension SymbolRecord: TableRecord {
  static var blockType: BlockType { .symbols }

  func encode(into bytes: inout ByteWriter, last: inout UInt64) {
    bytes.append(difference: address &- last)
    last = address
    bytes.append(varint: UInt64(size))
    bytes.append(type)
    bytes.append(string: name)
  }

  init(from bytes: inout ByteReader, last: inout UInt64) throws(TraceError) {
    last = last &+ (try bytes.difference())
    let size: UInt32 = try bytes.varint()
    let type = try bytes.byte()
    self.init(address: last, size: size, type: type, name: try bytes.string())
  }
}

extension TaskRecord: TableRecord {
  static var blockType: BlockType { .tasks }

  func encode(into bytes: inout ByteWriter, last: inout UInt64) {
    bytes.append(varint: UInt64(UInt32(bitPattern: task.rawValue)))
    bytes.append(varint: UInt64(UInt32(bitPattern: process.rawValue)))
    bytes.append(string: name)
    bytes.append(string: cgroup)
  }

  init(from bytes: inout ByteReader, last: inout UInt64) throws(TraceError) {
    let task: UInt32 = try bytes.varint()
    let process: UInt32 = try bytes.varint()
    let name = try bytes.string()
    self.init(
      task: TaskID(Int32(bitPattern: task)), process: TaskID(Int32(bitPattern: process)),
      name: name, cgroup: try bytes.string())
  }
}

extension LossRecord: TableRecord {
  static var blockType: BlockType { .losses }

  func encode(into bytes: inout ByteWriter, last: inout UInt64) {
    bytes.append(varint: UInt64(cpu))
    bytes.append(kind.rawValue)
    bytes.append(varint: lost)
    bytes.append(varint: suppressed)
    bytes.append(varint: first.nanosecondsSinceBoot)
    bytes.append(varint: self.last.nanosecondsSinceBoot)
  }

  init(from bytes: inout ByteReader, last: inout UInt64) throws(TraceError) {
    let cpu: UInt16 = try bytes.varint()
    guard let kind = EventKind(rawValue: try bytes.byte()) else { throw bytes.fail(.unknownKind) }
    let lost: UInt64 = try bytes.varint()
    let suppressed: UInt64 = try bytes.varint()
    let first: UInt64 = try bytes.varint()
    self.init(
      cpu: cpu, kind: kind, lost: lost, suppressed: suppressed,
      first: TraceTime(nanosecondsSinceBoot: first),
      last: TraceTime(nanosecondsSinceBoot: try bytes.varint()))
  }
}
