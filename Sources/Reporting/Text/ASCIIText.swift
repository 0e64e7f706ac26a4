/// Text as a kernel list takes it: printable ASCII, no tabs, no control characters.
enum ASCIIText {
  /// `text` with typographic signs spelled in ASCII and everything else outside printable ASCII
  /// written as `\u{...}`, so that two different names stay different; line breaks become spaces.
  static func folded(_ text: String) -> String {
    if text.utf8.allSatisfy({ 0x20...0x7e ~= $0 }) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\u{20}"..."\u{7e}": result.unicodeScalars.append(scalar)
      case "\t", "\n", "\r", "\u{a0}": result += " "
      case "\u{2013}", "\u{2014}", "\u{2212}": result += "-"
      case "\u{2018}", "\u{2019}": result += "'"
      case "\u{201c}", "\u{201d}": result += "\""
      case "\u{2026}": result += "..."
      case "\u{b5}", "\u{3bc}": result += "u"
      case "\u{d7}": result += "x"
      case "\u{b1}": result += "+-"
      case "\u{2192}": result += "->"
      case "\u{2264}": result += "<="
      case "\u{2265}": result += ">="
      default: result += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return result
  }
}
