/// Breaks text into lines of limited width.
enum LineWrapping {
  /// Lines of at most `width` characters (at least 1), broken at spaces.
  ///
  /// A word is broken only when it alone is too long: then behind one of `_ : . / - , ( )` if the
  /// second half of the line has one. Runs of spaces count as one; a number keeps its unit. No text
  /// gives one empty line. `text` must be ASCII: widths are counted in bytes.
  static func lines(of text: String, width: Int) -> [String] {
    let width = max(1, width)
    var lines: [String] = []
    var line = ""
    for word in words(of: text) {
      var rest = word[...]
      if !line.isEmpty {
        if line.utf8.count + 1 + rest.utf8.count <= width {
          line += " " + rest
          continue
        }
        lines.append(line)
        line = ""
      }
      while rest.utf8.count > width {
        let cut = breakOffset(in: rest, width: width)
        lines.append(String(rest.prefix(cut)))
        rest = rest.dropFirst(cut)
      }
      line = String(rest)
    }
    if !line.isEmpty || lines.isEmpty { lines.append(line) }
    return lines
  }

  /// What stands behind a number and a space.
  private static let units: Set<Substring> = [
    "%", "ns", "us", "ms", "s", "k", "M", "G", "T", "k/s", "M/s", "G/s", "B", "kB", "MB", "GB",
    "TB", "CPU", "CPUs",
  ]

  /// The words, a number and its unit being one.
  private static func words(of text: String) -> [String] {
    var words: [String] = []
    for word in text.split(separator: " ", omittingEmptySubsequences: true) {
      let bare = word.prefix { !",.;:)".contains($0) }
      if let last = words.last, let end = last.utf8.last, units.contains(bare),
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= end || end == UInt8(ascii: ")")
      {
        words[words.count - 1] = last + " " + word
      } else {
        words.append(String(word))
      }
    }
    return words
  }

  private static func breakOffset(in word: Substring, width: Int) -> Int {
    let head = Array(word.utf8.prefix(width))
    let last = head.lastIndex { "_:./-,()".utf8.contains($0) }
    guard let last, last + 1 >= (width + 1) / 2 else { return width }
    return last + 1
  }
}
