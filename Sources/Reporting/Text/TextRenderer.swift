/// A document as plain text for a mailing list: printable ASCII, no line over `width`, no tabs, no
/// colour.
///
/// Charts are left out: each stands beside a table with its numbers. A heat map has no such table and
/// is printed as one.
public struct TextRenderer: Sendable {
  /// The longest line, in characters; at least 40.
  public var width: Int

  /// A renderer; 72 columns leave room for a few levels of quoting in a reply.
  public init(width: Int = 72) { self.width = max(40, width) }

  /// The whole document, ending in a line break.
  public func text(of document: Document) -> String {
    var lines: [String] = []
    lines += underlined(document.title, with: "=")
    if !document.subtitle.isEmpty { lines += wrapped(document.subtitle) }
    for (index, section) in document.sections.enumerated() {
      lines.append("")
      lines += underlined("\(index + 1). \(section.title)", with: "-")
      var above: Block?
      for block in section.blocks {
        let printed = self.lines(of: block)
        if printed.isEmpty { continue }
        if let above, !introducesList(above) { lines.append("") }
        lines += printed
        above = block
      }
    }
    return lines.map(trimmingEnd).joined(separator: "\n") + "\n"
  }

  /// One block, without empty lines around it.
  func lines(of block: Block) -> [String] {
    switch block {
    case .lead(let prose), .paragraph(let prose): return wrapped(prose.words)
    case .list(let items):
      return items.flatMap { hanging($0.words, first: "* ", rest: "  ") }
    case .note(let note): return lines(of: note)
    case .facts(let facts): return lines(of: facts)
    case .table(let table): return TextTable(table, width: width).lines
    case .commands(let commands): return commands.flatMap(commandLines)
    case .curves, .bars: return []
    case .heatMap(let map):
      return map.textTable.map { TextTable($0, width: width).lines } ?? wrapped(map.summary)
    }
  }

  private func lines(of note: Note) -> [String] {
    let mark = note.kind == .missing ? "Missing: " : note.kind == .warning ? "Warning: " : "Note: "
    let text = wrapped(mark + note.text.words)
    return text + (note.command.map(commandLines) ?? [])
  }

  private func lines(of facts: [Fact]) -> [String] {
    let names = facts.map { ASCIIText.folded($0.name) }
    let column = min(names.map(\.utf8.count).max() ?? 0, 18)
    return zip(names, facts).flatMap { name, fact in
      var label = LineWrapping.lines(of: name, width: column)
      var value = LineWrapping.lines(
        of: ASCIIText.folded(fact.value.words), width: width - column - 2)
      while label.count < value.count { label.append("") }
      while value.count < label.count { value.append("") }
      return zip(label, value).map { TextTable.padded($0, to: column) + "  " + $1 }
    }
  }

  private func commandLines(_ command: String) -> [String] {
    ShellCommand.lines(of: ASCIIText.folded(command), indent: 4, width: width)
  }

  private func underlined(_ title: String, with mark: Character) -> [String] {
    let lines = wrapped(title)
    let length = lines.map(\.utf8.count).max() ?? 0
    return lines + [String(repeating: mark, count: length)]
  }

  /// A paragraph that ends in a colon stands directly above what it introduces.
  private func introducesList(_ block: Block) -> Bool {
    if case .paragraph(let prose) = block { prose.words.hasSuffix(":") } else { false }
  }

  private func wrapped(_ text: String) -> [String] {
    LineWrapping.lines(of: ASCIIText.folded(text), width: width)
  }

  private func hanging(_ text: String, first: String, rest: String) -> [String] {
    LineWrapping.lines(of: ASCIIText.folded(text), width: width - first.utf8.count)
      .enumerated().map { $0 == 0 ? first + $1 : rest + $1 }
  }

  private func trimmingEnd(_ line: String) -> String {
    var line = Substring(line)
    while line.last == " " { line = line.dropLast() }
    return String(line)
  }
}
