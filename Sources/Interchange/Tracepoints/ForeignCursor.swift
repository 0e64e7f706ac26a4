/// A place in a foreign file that moves on as it is read, up to an end.
struct ForeignCursor {
  private let file: ForeignBytes
  private(set) var position: Int
  let end: Int

  /// Reads `range` of `file` from its start on.
  init(_ file: ForeignBytes, in range: Range<Int>) {
    self.file = file
    position = range.lowerBound
    end = range.upperBound
  }

  /// A little-endian number.
  mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(
    as type: T.Type = T.self
  ) throws(InterchangeError) -> T {
    let number: T = try file.integer(at: take(MemoryLayout<T>.size).lowerBound)
    return number
  }

  /// The next `count` bytes.
  mutating func take(_ count: some BinaryInteger) throws(InterchangeError) -> Range<Int> {
    guard let count = Int(exactly: count), count >= 0, count <= end - position else {
      throw file.fail("\(count) bytes from here on are not in its section", at: position)
    }
    defer { position += count }
    return position..<(position + count)
  }

  /// The text up to the next zero byte, which is passed over.
  mutating func text() -> String {
    let (text, zero) = file.text(at: position, before: end)
    position = min(end, zero + 1)
    return text
  }
}
