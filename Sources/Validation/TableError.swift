/// Why a table cannot be validated.
public enum TableError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Bad input: a line of the table, counted from 1, and what is wrong with it.
  case table(line: Int, String)
  /// Bad input: nothing to calibrate on or nothing to predict.
  case nothingToDo(String)

  /// One line that says where and what to do.
  public var description: String {
    switch self {
    case .table(let line, let what): "table, line \(line): \(what)"
    case .nothingToDo(let what): "table: \(what)"
    }
  }
}
