import Measures

/// One line of a text trace: its words, split at blanks outside double quotes.
///
/// It walks Unicode scalars, not characters: a combining mark after a quote must not hide the quote.
struct TextLine {
  /// Its number, from 1.
  let number: Int
  private var remaining: Substring.UnicodeScalarView

  init(_ line: Substring.UnicodeScalarView, number: Int) {
    self.number = number
    remaining = line
    if remaining.last == "\r" { remaining.removeLast() }
  }

  func fail(_ reason: String) -> TraceError { .text(line: number, reason: reason) }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

  /// What is left of the line, without blanks around it.
  mutating func rest() -> String {
    defer { remaining = remaining[remaining.endIndex...] }
    var text = remaining.drop(while: Self.isBlank)
    while let last = text.last, Self.isBlank(last) { text.removeLast() }
    return String(text)
  }

  /// The next word with its quotes removed; nil at the end of the line.
  ///
  /// Inside quotes `\"` and `\\` stand for the character, `\xHH` for a scalar below 256.
  mutating func word() throws(TraceError) -> String? {
    remaining = remaining.drop(while: Self.isBlank)
    guard !remaining.isEmpty else { return nil }
    var word = String.UnicodeScalarView()
    var quoted = false
    while let scalar = remaining.first, quoted || !Self.isBlank(scalar) {
      remaining.removeFirst()
      switch scalar {
      case "\"": quoted.toggle()
      case "\\" where quoted: word.append(try escape())
      default: word.append(scalar)
      }
    }
    if quoted { throw fail("a quote is not closed") }
    return String(word)
  }

  private mutating func escape() throws(TraceError) -> Unicode.Scalar {
    guard let scalar = remaining.popFirst() else { throw fail("a quote is not closed") }
    guard scalar == "x" else { return scalar }
    let digits = remaining.prefix(2)
    guard digits.count == 2, let byte = UInt8(String(digits), radix: 16) else {
      throw fail("\\x needs two hexadecimal digits")
    }
    remaining.removeFirst(2)
    return Unicode.Scalar(byte)
  }

  mutating func required(_ what: String) throws(TraceError) -> String {
    guard let word = try word() else { throw fail("\(what) is missing") }
    return word
  }

  mutating func positional<T: FixedWidthInteger>(_ what: String) throws(TraceError) -> T {
    try integer(required(what), of: what)
  }

  /// The rest of the line as `name=value` words with these names.
  mutating func fields(allowed: Set<String>) throws(TraceError) -> [String: String] {
    var fields: [String: String] = [:]
    while let word = try word() {
      let (name, value) = try split(word)
      guard allowed.contains(name) else { throw fail("\(name)= is not known here") }
      guard fields.updateValue(value, forKey: name) == nil else {
        throw fail("\(name)= stands twice")
      }
    }
    return fields
  }

  func split(_ word: String) throws(TraceError) -> (name: String, value: String) {
    guard let equals = word.unicodeScalars.firstIndex(of: "=") else {
      throw fail("\"\(word)\" has no =")
    }
    return (String(word[..<equals]), String(word[word.unicodeScalars.index(after: equals)...]))
  }

  /// A number, `0x` before a hexadecimal one.
  func integer<T: FixedWidthInteger>(_ text: String, of name: String) throws(TraceError) -> T {
    let number = text.hasPrefix("0x") ? T(text.dropFirst(2), radix: 16) : T(text)
    guard let number else { throw fail("\(name): \"\(text)\" is not a number that fits") }
    return number
  }

  /// Seconds since boot with up to nine decimals.
  func time(_ text: String) throws(TraceError) -> TraceTime {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let decimals = parts.count == 2 ? parts[1] : "0"
    guard
      parts.count <= 2, decimals.utf8.count <= 9, let seconds = UInt64(parts[0]),
      let fraction = UInt64(decimals + String(repeating: "0", count: 9 - decimals.utf8.count)),
      case let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000),
      !overflow,
      case let (sum, over) = whole.addingReportingOverflow(fraction), !over
    else { throw fail("\"\(text)\" is not a time in seconds") }
    return TraceTime(nanosecondsSinceBoot: sum)
  }
}
