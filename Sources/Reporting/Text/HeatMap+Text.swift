extension HeatMap {
  /// The matrix as a table while it is small enough for a page; nil above eight CPUs, where the
  /// summary has to do.
  var textTable: Table? {
    guard (1...8).contains(counts.count) else { return nil }
    return Table(
      caption: "\(title): rows are the \(rowName), columns the \(columnName).",
      columns: [.words(rowName)] + counts.indices.map { .number(name(of: $0)) },
      rows: counts.enumerated().map { index, line in
        Table.Row([name(of: index)] + line.map { NumberText.tally($0) })
      })
  }
}
