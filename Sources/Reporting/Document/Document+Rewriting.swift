extension Document {
  /// The same document with every string that came from outside passed through `rewrite`: titles,
  /// prose, cells, chart labels; not section ids.
  func rewritingText(_ rewrite: (String) -> String) -> Document {
    Document(
      title: rewrite(title), subtitle: rewrite(subtitle),
      sections: sections.map { section in
        Section(
          id: section.id, title: rewrite(section.title),
          blocks: section.blocks.map { $0.rewritingText(rewrite) })
      })
  }
}

extension Block {
  func rewritingText(_ rewrite: (String) -> String) -> Block {
    switch self {
    case .lead(let prose): return .lead(prose.rewritingText(rewrite))
    case .paragraph(let prose): return .paragraph(prose.rewritingText(rewrite))
    case .list(let items): return .list(items.map { $0.rewritingText(rewrite) })
    case .note(let note):
      return .note(
        Note(note.kind, note.text.rewritingText(rewrite), command: note.command.map(rewrite)))
    case .facts(let facts):
      return .facts(facts.map { Fact(rewrite($0.name), $0.value.rewritingText(rewrite)) })
    case .table(var table):
      table.caption = table.caption.rewritingText(rewrite)
      table.columns = table.columns.map {
        Table.Column(title: rewrite($0.title), isNumber: $0.isNumber)
      }
      table.rows = table.rows.map { Table.Row($0.cells.map(rewrite), isStrong: $0.isStrong) }
      return .table(table)
    case .commands(let lines): return .commands(lines.map(rewrite))
    case .curves(var chart):
      chart.title = rewrite(chart.title)
      chart.summary = rewrite(chart.summary)
      for index in chart.curves.indices {
        chart.curves[index].name = rewrite(chart.curves[index].name)
      }
      return .curves(chart)
    case .bars(var chart):
      chart.title = rewrite(chart.title)
      chart.summary = rewrite(chart.summary)
      for index in chart.bars.indices { chart.bars[index].name = rewrite(chart.bars[index].name) }
      return .bars(chart)
    case .heatMap(var map):
      map.title = rewrite(map.title)
      map.summary = rewrite(map.summary)
      return .heatMap(map)
    }
  }
}

extension Prose {
  func rewritingText(_ rewrite: (String) -> String) -> Prose {
    Prose(
      spans: spans.map { span in
        switch span {
        case .plain(let text): .plain(rewrite(text))
        case .strong(let text): .strong(rewrite(text))
        case .code(let text): .code(rewrite(text))
        }
      })
  }
}
