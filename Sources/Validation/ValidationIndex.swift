/// The tables of a validation document and how each is to be judged: the file that
/// `oslet validate --document` reads.
public struct ValidationIndex: Hashable, Sendable, Codable {
  /// The schema written and read.
  public static let schema = "oslet.validation-index/1"

  /// Must be `ValidationIndex.schema`.
  public var schema: String
  /// The tables in the order of the document.
  public var tables: [Entry]
  /// Tables that were looked up when the model stood; nil for none.
  public var unseen: [Entry]?
  /// Tables added when the model stood, of families it had seen; nil for none.
  public var later: [Entry]?
  /// What the document says of the failures, a paragraph each.
  public var limits: [String]

  /// One table.
  public struct Entry: Hashable, Sendable, Codable {
    /// Heading.
    public var title: String
    /// The CSV file, relative to the index.
    public var table: String
    /// The machine file, relative to the index.
    public var machine: String
    /// K.
    public var calibrateTo: Int
    /// Where the numbers were published.
    public var source: String
    /// What a reader should know of the result.
    public var note: String
    /// Median error and share of points in the interval when the table was first judged; nil if it was
    /// at hand while the model grew.
    public var firstSight: String?

    enum CodingKeys: String, CodingKey {
      case title, table, machine, source, note
      case calibrateTo = "calibrate_to"
      case firstSight = "first_sight"
    }
  }
}
