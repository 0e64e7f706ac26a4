/// A cursor over the short form of a layout, whose errors name the position and what is allowed.
struct ShortFormReader {
  private let text: [Character]
  private var index = 0

  /// The largest number a short form may hold.
  static let mostCount = 65_536

  /// Reads `text` from its beginning.
  init(_ text: String) { self.text = Array(text) }

  /// Whether everything is read.
  var atEnd: Bool { index == text.count }

  /// The next character; nil at the end.
  var peek: Character? { index < text.count ? text[index] : nil }

  /// Takes `character` if it is next.
  mutating func take(_ character: Character) -> Bool {
    guard peek == character else { return false }
    index += 1
    return true
  }

  /// Takes `character` or throws.
  mutating func expect(_ character: Character, _ allowed: String) throws(WorkloadError) {
    guard take(character) else { throw error("expected \(allowed)") }
  }

  /// Takes letters, digits and hyphens: a keyword or a group.
  mutating func word() -> String {
    let start = index
    while let next = peek, next.isLetter || next.isNumber || next == "-" || next == "_" {
      index += 1
    }
    return String(text[start..<index])
  }

  /// Takes a whole number from 1 to `mostCount`.
  mutating func count(_ meaning: String) throws(WorkloadError) -> Int {
    let start = index
    while let next = peek, next.isASCII, next.isNumber { index += 1 }
    guard index > start else { throw error("expected \(meaning), a whole number") }
    guard let number = Int(String(text[start..<index])), (1...Self.mostCount).contains(number)
    else {
      index = start
      throw error("\(meaning) must be from 1 to \(Self.mostCount)")
    }
    return number
  }

  /// Takes a share from 0 to 1.
  mutating func share(_ meaning: String) throws(WorkloadError) -> Double {
    let start = index
    while let next = peek, next.isASCII, next.isNumber || ".e-".contains(next) { index += 1 }
    guard let number = Double(String(text[start..<index])), (0...1).contains(number) else {
      index = start
      throw error("\(meaning) must be a number from 0 to 1")
    }
    return number
  }

  /// Takes a class or group name: up to `+`, `=` or `@`, or anything within double quotes.
  mutating func name() throws(WorkloadError) -> String {
    let start = index
    if take("\"") {
      var name = ""
      while let next = peek, next != "\"" {
        index += 1
        if next == "\\", let escaped = peek {
          index += 1
          name.append(escaped)
        } else {
          name.append(next)
        }
      }
      guard take("\""), !name.isEmpty else {
        index = start
        throw error("expected a class name that ends in '\"'")
      }
      return name
    }
    while let next = peek, !"+=@\"".contains(next) { index += 1 }
    guard index > start else { throw error("expected a class name, a group, or *") }
    return String(text[start..<index])
  }

  /// One of `cases` by its raw value.
  mutating func choice<Value: RawRepresentable & CaseIterable>(
    of type: Value.Type, _ meaning: String
  ) throws(WorkloadError) -> Value where Value.RawValue == String {
    let start = index
    guard let value = Value(rawValue: word()) else {
      index = start
      let allowed = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw error("\(meaning) is one of \(allowed)")
    }
    return value
  }

  /// Steps back to read a word again.
  mutating func back(to position: Int) { index = position }

  /// How many characters are read.
  var position: Int { index }

  /// An error at the current position.
  func error(_ detail: String) -> WorkloadError {
    .malformed(
      what: "layout '\(String(text))'",
      detail: "at character \(index + 1): \(detail)" + (atEnd ? " (the text ends here)" : ""))
  }
}
