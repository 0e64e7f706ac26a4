/// A command line as a shell reads it back, in ASCII alone.
public enum ShellCommand {
  /// `arguments` joined, each quoted where a shell would otherwise change it: `'a b'`, and
  /// `$'\xc3\xa9'` (bash, zsh) where it holds control or non-ASCII bytes.
  public static func quoted(_ arguments: [String]) -> String {
    arguments.map(quoted).joined(separator: " ")
  }

  /// One word, quoted where it has to be.
  static func quoted(_ word: String) -> String {
    let bytes = Array(word.utf8)
    if !bytes.isEmpty, bytes.allSatisfy(isSafe) { return word }
    if bytes.allSatisfy({ 0x20...0x7e ~= $0 }) {
      return "'" + word.replacing("'", with: "'\\''") + "'"
    }
    var text = "$'"
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "'"), UInt8(ascii: "\\"):
        text += "\\" + String(UnicodeScalar(byte))
      case 0x20...0x7e: text += String(UnicodeScalar(byte))
      default: text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return text + "'"
  }

  /// The command in lines of at most `width` characters that a shell joins again.
  ///
  /// Broken at spaces with a backslash; a word longer than a line is broken inside, where the next
  /// line has to start at its first column. A break inside quotes is the one case a shell would not
  /// undo.
  static func lines(of command: String, indent: Int, width: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = margin
    var isFresh = true
    for word in command.split(separator: " ", omittingEmptySubsequences: true) {
      let gap = isFresh ? 0 : 1
      if line.utf8.count + gap + word.utf8.count + 2 > width, !isFresh {
        lines.append(line + " \\")
        line = margin + "  "
        isFresh = true
      }
      var rest = word
      while line.utf8.count + (isFresh ? 0 : 1) + rest.utf8.count + 2 > width {
        let room = width - line.utf8.count - 1
        lines.append(line + rest.prefix(room) + "\\")
        rest = rest.dropFirst(room)
        line = ""
      }
      line += (isFresh ? "" : " ") + rest
      isFresh = false
    }
    lines.append(line)
    return lines
  }

  private static func isSafe(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: "_-+=.,:/@%".utf8.contains(byte)
    }
  }
}
