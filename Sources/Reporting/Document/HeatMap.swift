/// A matrix of counts: who sent how much to whom.
public struct HeatMap: Hashable, Sendable {
  /// What it shows, one line.
  public var title: String
  /// What a reader who cannot see it should know.
  public var summary: String
  /// What the rows are: `sender CPU`.
  public var rowName: String
  /// What the columns are: `target CPU`.
  public var columnName: String
  /// How many CPUs one row or column stands for; 1 unless the matrix was folded.
  public var stride: Int
  /// Counts, row by row; rows of equal length.
  public var counts: [[UInt64]]

  /// A matrix; `counts` larger than `limit` each way are folded, neighbours added up.
  public init(
    title: String, summary: String, rowName: String, columnName: String, counts: [[UInt64]],
    limit: Int = 64
  ) {
    self.title = title
    self.summary = summary
    self.rowName = rowName
    self.columnName = columnName
    let size = max(counts.count, counts.map(\.count).max() ?? 0)
    stride = max(1, (size + limit - 1) / limit)
    let cells = (size + stride - 1) / stride
    var folded = [[UInt64]](repeating: [UInt64](repeating: 0, count: cells), count: cells)
    for (row, line) in counts.enumerated() {
      for (column, count) in line.enumerated() {
        folded[row / stride][column / stride] =
          folded[row / stride][column / stride].addingReportingOverflow(count).partialValue
      }
    }
    self.counts = folded
  }

  /// The name of a row or column: its CPU, or the first and last of its CPUs.
  func name(of index: Int) -> String {
    let first = index * stride
    return stride == 1 ? String(first) : "\(first)-\(first + stride - 1)"
  }

  /// The largest count.
  var largest: UInt64 { counts.lazy.flatMap { $0 }.max() ?? 0 }
}
