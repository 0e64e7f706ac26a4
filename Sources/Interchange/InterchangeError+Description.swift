import TraceFormat

extension InterchangeError: CustomStringConvertible {
  /// One line: what is wrong, where, and what to do about it.
  public var description: String {
    switch self {
    case .trace(let error): error.description
    case .write(let errno): "cannot write the export: \(errorText(errno))"
    case .foreign(let format, let offset, let reason):
      "this \(format) file cannot be imported (byte \(offset)): \(reason)"
    }
  }
}
