/// Rows and columns of text: numbers already formatted, names as they are.
public struct Table: Hashable, Sendable {
  /// One column.
  public struct Column: Hashable, Sendable {
    /// The heading; the text form breaks it at spaces to keep the column narrow.
    public var title: String
    /// Numbers stand right, names left.
    public var isNumber: Bool

    /// A column of numbers, set to the right.
    public static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }

    /// A column of names or words, set to the left; long ones are wrapped.
    public static func words(_ title: String) -> Column { Column(title: title, isNumber: false) }
  }

  /// One row.
  public struct Row: Hashable, Sendable {
    /// A cell a column; missing ones are empty.
    public var cells: [String]
    /// Whether the row is the one to look at.
    public var isStrong: Bool

    /// A row; see the properties.
    public init(_ cells: [String], isStrong: Bool = false) {
      self.cells = cells
      self.isStrong = isStrong
    }
  }

  /// What the numbers are: units, and which direction is better.
  public var caption: Prose
  /// The columns; the first is repeated when the text form has to split a wide table.
  public var columns: [Column]
  /// The rows.
  public var rows: [Row]

  /// A table; see the properties.
  public init(caption: Prose, columns: [Column], rows: [Row]) {
    self.caption = caption
    self.columns = columns
    self.rows = rows
  }
}
