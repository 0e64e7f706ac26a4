/// Comma-separated values as RFC 4180 has them, but for line ends: a line feed alone.
public enum CSVText {
  /// The rows, one a line, each field quoted where a reader needs it.
  public static func text(of rows: [[String]]) -> String {
    rows.map { $0.map(quoted).joined(separator: ",") + "\n" }.joined()
  }

  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }
}
