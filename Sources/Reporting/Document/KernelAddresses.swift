/// Replaces kernel addresses by stable stand-ins: the first address met becomes `@1`, the next `@2`.
///
/// A report goes to public lists, and an address gives away where the kernel was loaded (KASLR);
/// the kernel's own %p prints a hash for that reason (Documentation/core-api/printk-formats.rst). An
/// address is sixteen hexadecimal digits from `ffff` on (the upper half, where x86-64 and arm64 keep
/// the kernel), or `0x` and at least nine digits, beyond any 32-bit constant.
struct KernelAddresses {
  private var numbers: [String: Int] = [:]

  /// `text` without addresses; the same address gets the same stand-in for the life of the value.
  mutating func hidden(in text: String) -> String {
    let units = Array(text.utf8)
    guard units.count >= 11 else { return text }
    var result: [UInt8] = []
    var index = 0
    while index < units.count {
      let start = index
      let prefixed =
        units[index] == UInt8(ascii: "0") && index + 1 < units.count
        && units[index + 1] | 0x20 == UInt8(ascii: "x")
      var end = prefixed ? index + 2 : index
      while end < units.count, Self.isHex(units[end]) { end += 1 }
      let digits = end - start - (prefixed ? 2 : 0)
      let opensWord = start == 0 || !Self.isWord(units[start - 1])
      let closesWord = end == units.count || !Self.isWord(units[end])
      let address = String(decoding: units[(prefixed ? start + 2 : start)..<end], as: UTF8.self)
        .lowercased()
      let isAddress =
        prefixed ? (9...16).contains(digits) : digits == 16 && address.hasPrefix("ffff")
      if opensWord, closesWord, isAddress {
        let number = numbers[address] ?? numbers.count + 1
        numbers[address] = number
        result += Array("@\(number)".utf8)
        index = end
      } else {
        let next = max(end, start + 1)
        result += units[start..<next]
        index = next
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func isHex(_ unit: UInt8) -> Bool {
    switch unit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }

  private static func isWord(_ unit: UInt8) -> Bool {
    switch unit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
