/// A document as one self-contained HTML file: its styles and drawings are inside, it has no script,
/// and its own content policy forbids it to load anything.
public struct HTMLRenderer: Sendable {
  /// A renderer.
  public init() {}

  /// The whole page, UTF-8, ending in a line break.
  public func html(of document: Document) -> String {
    let title = HTMLText.escaped(document.title)
    var html = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
      style-src 'unsafe-inline'; img-src data:">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="referrer" content="no-referrer">
      <title>\(title)</title>
      <link rel="icon" href="data:,">
      <style>
      \(StyleSheet.text)
      </style>
      </head>
      <body>
      <div class="page">
      <header>
      <h1>\(title)</h1>

      """
    if !document.subtitle.isEmpty {
      html += "<p class=\"subtitle\">\(HTMLText.escaped(document.subtitle))</p>\n"
    }
    html += "</header>\n" + navigation(document) + "<main>\n"
    for (index, section) in document.sections.enumerated() {
      html += self.html(of: section, number: index + 1)
    }
    html += """
      </main>
      <footer>One file, no script, nothing fetched.</footer>
      </div>
      </body>
      </html>

      """
    return html
  }

  private func navigation(_ document: Document) -> String {
    let items = document.sections.enumerated().map { index, section in
      """
      <li><a href="#\(section.id)"\(section.isMissing ? " class=\"gap\"" : "")>\
      <span class="n">\(index + 1)</span>\(HTMLText.escaped(section.title))</a></li>

      """
    }
    return "<nav aria-label=\"Sections\">\n<ol>\n\(items.joined())</ol>\n</nav>\n"
  }

  private func html(of section: Section, number: Int) -> String {
    var html = """
      <section id="\(section.id)" aria-labelledby="\(section.id)-title">
      <h2 id="\(section.id)-title"><span class="n">\(number)</span>\
      \(HTMLText.escaped(section.title))</h2>

      """
    for (index, block) in section.blocks.enumerated() {
      html += self.html(of: block, id: "\(section.id)-\(index)")
    }
    return html + "</section>\n"
  }

  private func html(of block: Block, id: String) -> String {
    switch block {
    case .lead(let prose): return "<p class=\"lead\">\(HTMLText.marked(prose))</p>\n"
    case .paragraph(let prose): return "<p>\(HTMLText.marked(prose))</p>\n"
    case .list(let items):
      return "<ul>\n" + items.map { "<li>\(HTMLText.marked($0))</li>\n" }.joined() + "</ul>\n"
    case .note(let note): return html(of: note)
    case .facts(let facts):
      let rows = facts.map {
        "<dt>\(HTMLText.escaped($0.name))</dt><dd>\(HTMLText.marked($0.value))</dd>\n"
      }
      return "<dl>\n\(rows.joined())</dl>\n"
    case .table(let table): return html(of: table)
    case .commands(let lines):
      return lines.map { "<pre>\(HTMLText.escaped($0))</pre>\n" }.joined()
    case .curves(let chart):
      return figure(chart.title, chart.unit, CurveDrawing(chart, id: id).svg)
    case .bars(let chart): return figure(chart.title, "", BarDrawing(chart, id: id).svg)
    case .heatMap(let map): return figure(map.title, "", HeatMapDrawing(map, id: id).svg)
    }
  }

  private func figure(_ title: String, _ unit: String, _ svg: String) -> String {
    let unit = unit.isEmpty ? "" : ", \(HTMLText.escaped(unit))"
    return """
      <figure>
      <figcaption><b>\(HTMLText.escaped(title))</b>\(unit)</figcaption>
      \(svg)</figure>

      """
  }

  private func html(of note: Note) -> String {
    let mark =
      switch note.kind {
      case .missing: "Missing:"
      case .warning: "Warning:"
      case .remark: "Note:"
      }
    let command = note.command.map { "<pre>\(HTMLText.escaped($0))</pre>\n" } ?? ""
    return """
      <div class="note \(note.kind.rawValue)" role="note"><p><b>\(mark)</b> \
      \(HTMLText.marked(note.text))</p>
      \(command)</div>

      """
  }

  private func html(of table: Table) -> String {
    var html = "<div class=\"table\" tabindex=\"0\">\n<table>\n"
    html += "<caption>\(HTMLText.marked(table.caption))</caption>\n<thead><tr>"
    for column in table.columns {
      html +=
        "<th scope=\"col\"\(column.isNumber ? " class=\"r\"" : "")>"
        + "\(HTMLText.escaped(column.title))</th>"
    }
    html += "</tr></thead>\n<tbody>\n"
    for row in table.rows {
      html += row.isStrong ? "<tr class=\"strong\">" : "<tr>"
      for (index, column) in table.columns.enumerated() {
        let cell = index < row.cells.count ? row.cells[index] : ""
        html += "<td\(column.isNumber ? " class=\"r\"" : "")>\(HTMLText.escaped(cell))</td>"
      }
      html += "</tr>\n"
    }
    return html + "</tbody>\n</table>\n</div>\n"
  }
}
