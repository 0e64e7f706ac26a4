public import Measures

/// Events of one CPU that were counted in the kernel in place of being recorded.
///
/// With a histogram: waits of one sort that ended, added up. Without: events of a kind, waits' begins
/// and ends among them, so these counts alone complete the account of events.
public struct AggregateRecord: Hashable, Sendable {
  /// The CPU where they ended or happened.
  public var cpu: UInt16
  /// The kind counted; `contentionEnd` for waits.
  public var kind: EventKind
  /// How many.
  public var count: UInt64
  /// The first of them, or a time before it when the recorder last looked.
  public var first: TraceTime
  /// The last of them.
  public var last: TraceTime
  /// The lock waited for; 0 for several.
  public var lock: UInt64
  /// The flags of their begin; nil for waits of several kinds of lock.
  public var flags: LockFlags?
  /// The stack last seen on the lock when they began, or none.
  public var stack: StackID
  /// The sum of the waits.
  public var total: Nanoseconds
  /// The longest wait of this sort on this CPU since the recording started.
  public var longest: Nanoseconds
  /// Waits by length: element b counts those from 2^b to 2^(b+1) ns, the last one all longer ones;
  /// empty for other events.
  public var histogram: [UInt64]

  /// Events of a kind.
  public init(cpu: UInt16, kind: EventKind, count: UInt64, first: TraceTime, last: TraceTime) {
    self.init(
      cpu: cpu, kind: kind, count: count, first: first, last: last, lock: 0, flags: nil,
      stack: .none, total: .zero, longest: .zero, histogram: [])
  }

  /// Waits; see the properties.
  public init(
    cpu: UInt16, kind: EventKind = .contentionEnd, count: UInt64, first: TraceTime,
    last: TraceTime, lock: UInt64, flags: LockFlags?, stack: StackID, total: Nanoseconds,
    longest: Nanoseconds, histogram: [UInt64]
  ) {
    self.cpu = cpu
    self.kind = kind
    self.count = count
    self.first = first
    self.last = last
    self.lock = lock
    self.flags = flags
    self.stack = stack
    self.total = total
    self.longest = longest
    self.histogram = histogram
  }
}

extension AggregateRecord: TableRecord {
  static var blockType: BlockType { .aggregates }

  /// A number of flags that no wait has.
  private static let anyFlags: UInt64 = 0xff
  private static let mostBuckets = 64

  func encode(into bytes: inout ByteWriter, last: inout UInt64) {
    bytes.append(varint: UInt64(cpu))
    bytes.append(kind.rawValue)
    bytes.append(varint: count)
    bytes.append(varint: first.nanosecondsSinceBoot)
    bytes.append(varint: self.last.nanosecondsSinceBoot)
    bytes.append(varint: UInt64(histogram.count))
    guard !histogram.isEmpty else { return }
    for count in histogram { bytes.append(varint: count) }
    bytes.append(difference: lock &- last)
    last = lock
    bytes.append(varint: flags.map { UInt64($0.rawValue) } ?? Self.anyFlags)
    bytes.append(varint: UInt64(stack.rawValue))
    bytes.append(varint: UInt64(total.value))
    bytes.append(varint: UInt64(longest.value))
  }

  init(from bytes: inout ByteReader, last: inout UInt64) throws(TraceError) {
    let cpu: UInt16 = try bytes.varint()
    guard let kind = EventKind(rawValue: try bytes.byte()) else { throw bytes.fail(.unknownKind) }
    let count: UInt64 = try bytes.varint()
    let first: UInt64 = try bytes.varint()
    let end: UInt64 = try bytes.varint()
    let buckets: UInt64 = try bytes.varint()
    self.init(
      cpu: cpu, kind: kind, count: count, first: TraceTime(nanosecondsSinceBoot: first),
      last: TraceTime(nanosecondsSinceBoot: end))
    guard buckets > 0 else { return }
    guard buckets <= Self.mostBuckets else { throw bytes.fail(.impossibleCount) }
    for _ in 0..<buckets { histogram.append(try bytes.varint()) }
    last = last &+ (try bytes.difference())
    lock = last
    let flags: UInt64 = try bytes.varint()
    self.flags =
      flags == Self.anyFlags ? nil : LockFlags(rawValue: UInt32(truncatingIfNeeded: flags))
    let stack: UInt32 = try bytes.varint()
    self.stack = StackID(stack)
    let total: UInt64 = try bytes.varint()
    let longest: UInt64 = try bytes.varint()
    self.total = Nanoseconds(Double(total))
    self.longest = Nanoseconds(Double(longest))
  }
}
