/// Decoding of the embedded probes, so that they need no Foundation.
enum Base64 {
  /// The bytes of RFC 4648 base64 without line breaks; nil when the text is none.
  static func decode(_ text: StaticString) -> [UInt8]? {
    // SAFETY: a StaticString of a literal points to utf8CodeUnitCount bytes that never go away.
    let input = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard input.count % 4 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(input.count / 4 * 3)
    var bits: UInt32 = 0
    var held = 0
    for index in input.indices {
      let character = unsafe input[index]
      let value: UInt32
      switch character {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = UInt32(character) - 65
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = UInt32(character) - 97 + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = UInt32(character) - 48 + 52
      case UInt8(ascii: "+"): value = 62
      case UInt8(ascii: "/"): value = 63
      case UInt8(ascii: "="): continue
      default: return nil
      }
      bits = bits << 6 | value
      held += 6
      if held >= 8 {
        held -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
      }
    }
    return bytes
  }
}
