/// A table as lines of text no wider than a page.
///
/// Numbers stand right, words left; words wrap before anything else gives way. A table that still is
/// too wide is printed as several, each with the first column again.
struct TextTable {
  /// The lines, caption first.
  let lines: [String]

  private static let gap = 2
  private static let narrowestWords = 12
  private static let widestCell = 34

  init(_ table: Table, width: Int) {
    var lines: [String] = []
    let caption = ASCIIText.folded(table.caption.words)
    if !caption.isEmpty { lines += LineWrapping.lines(of: caption, width: width) + [""] }
    let columns = table.columns.indices.map { Column(table, $0) }
    if table.rows.isEmpty {
      lines.append("(no rows)")
    } else {
      for (index, panel) in Self.panels(columns, width: width).enumerated() {
        if index > 0 { lines.append("") }
        lines += Self.printed(panel)
      }
    }
    self.lines = lines
  }

  /// A column with its width.
  private struct Column {
    let title: String
    let cells: [String]
    let isNumber: Bool
    var width: Int

    init(_ table: Table, _ index: Int) {
      title = ASCIIText.folded(table.columns[index].title)
      cells = table.rows.map { index < $0.cells.count ? ASCIIText.folded($0.cells[index]) : "" }
      isNumber = table.columns[index].isNumber
      let longestWord = title.split(separator: " ").map(\.utf8.count).max() ?? 0
      // A heading of several words may take two lines.
      let heading = max(longestWord, (title.utf8.count + 1) / 2)
      let widest = max(cells.map(\.utf8.count).max() ?? 0, heading, 1)
      // A column of names may use what is left of the line; a column of numbers has a sane bound.
      width = isNumber ? min(widest, TextTable.widestCell) : widest
    }
  }

  /// The columns in groups that each fit, words narrowed where that is enough.
  private static func panels(_ columns: [Column], width: Int) -> [[Column]] {
    func total(_ columns: [Column]) -> Int {
      columns.map(\.width).reduce(0, +) + gap * max(0, columns.count - 1)
    }
    var columns = columns
    // Narrow the widest column of words, one character at a time, down to a readable minimum.
    while total(columns) > width,
      let widest = columns.indices.filter({ !columns[$0].isNumber }).max(by: {
        columns[$0].width < columns[$1].width
      }), columns[widest].width > narrowestWords
    {
      columns[widest].width -= 1
    }
    if total(columns) <= width { return [columns] }
    var key = columns[0]
    key.width = min(key.width, widestCell)
    var panels: [[Column]] = []
    var panel = [key]
    for var column in columns.dropFirst() {
      column.width = min(column.width, width - gap - key.width)
      if panel.count > 1, total(panel + [column]) > width {
        panels.append(panel)
        panel = [key]
      }
      panel.append(column)
    }
    return panels + [panel]
  }

  private static func printed(_ columns: [Column]) -> [String] {
    var lines = grid(columns.map { LineWrapping.lines(of: $0.title, width: $0.width) }, columns)
    lines.append(
      columns.map { String(repeating: "-", count: $0.width) }.joined(separator: "  "))
    for row in columns[0].cells.indices {
      lines += grid(
        columns.map { LineWrapping.lines(of: $0.cells[row], width: $0.width) }, columns,
        fromTop: true)
    }
    return lines
  }

  /// Cells of one or more lines side by side; headings stand at the bottom, cells at the top.
  private static func grid(_ cells: [[String]], _ columns: [Column], fromTop: Bool = false)
    -> [String]
  {
    let height = cells.map(\.count).max() ?? 0
    return (0..<height).map { line in
      zip(cells, columns).map { cell, column in
        let index = fromTop ? line : line - (height - cell.count)
        let text = cell.indices.contains(index) ? cell[index] : ""
        return column.isNumber ? leading(text, to: column.width) : padded(text, to: column.width)
      }.joined(separator: "  ")
    }
  }

  /// `text` with spaces behind it up to `width`.
  static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.utf8.count))
  }

  private static func leading(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.utf8.count)) + text
  }
}
