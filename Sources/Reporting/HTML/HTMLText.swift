/// Text as it may stand in HTML and in SVG inside it.
enum HTMLText {
  /// `text` with markup characters as entities, and control and direction-changing characters, which
  /// XML forbids or which would let a name rearrange the page, written as `\u{...}`.
  static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.replacing(" %", with: "\u{a0}%").unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result += " "
      case _ where isUnprintable(scalar.value):
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Control characters, invisible and direction-changing ones, and noncharacters.
  private static func isUnprintable(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0...0x1f, 0x7f...0x9f, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfdd0...0xfdef,
      0xfeff, 0xfff0...0xffff:
      true
    default: scalar & 0xfffe == 0xfffe
    }
  }

  /// Prose with its weights and names marked up.
  static func marked(_ prose: Prose) -> String {
    prose.spans.reduce(into: "") { html, span in
      switch span {
      case .plain(let text): html += escaped(text)
      case .strong(let text): html += "<strong>\(escaped(text))</strong>"
      case .code(let text): html += "<code>\(escaped(text))</code>"
      }
    }
  }
}
