/// The columns of an event block, in the order they are stored.
///
/// An event is one control byte and two bytes of time; everything else is written only where it is
/// not what `EventPredictor` expects. Bytes of one meaning stand together, so that each column's own
/// Huffman table fits it.
enum EventColumn: Int, CaseIterable {
  /// Kind in bits 0-4, and which columns have more: `Control`.
  case control
  /// Low byte of the nanoseconds since the event before it.
  case timeLow
  /// High byte of them; 255 where they are in `timeFar`.
  case timeHigh
  /// Varints.
  case timeFar
  /// Varint of the task's bits.
  case task
  /// Which of b, c, value, stack follow: `Mask`.
  case mask
  /// Slot in the cache of recent words, or 255 and a word in the next column; for a, b and c.
  case aToken
  /// Varint of the zigzag difference to the literal before it.
  case aLiteral
  case bToken
  case bLiteral
  case cToken
  case cLiteral
  /// Varint.
  case value
  /// Varint.
  case stack

  /// Bytes that one event can take at most.
  var mostBytesPerEvent: Int {
    switch self {
    case .control, .timeLow, .timeHigh, .mask, .aToken, .bToken, .cToken: 1
    case .task, .value, .stack: 5
    case .timeFar, .aLiteral, .bLiteral, .cLiteral: 10
    }
  }

  /// Bytes that one event can take at most in all columns.
  static let mostBytesPerEvent = allCases.reduce(0) { $0 + $1.mostBytesPerEvent }

  static let escape: UInt8 = 255

  /// Bits of the control byte beside the kind.
  enum Control {
    static let kind: UInt8 = 0x1F
    static let task: UInt8 = 0x20
    static let a: UInt8 = 0x40
    static let more: UInt8 = 0x80
  }

  /// Bits of the mask byte.
  enum Mask {
    static let b: UInt8 = 1
    static let c: UInt8 = 2
    static let value: UInt8 = 4
    static let stack: UInt8 = 8
  }
}
