import TraceFormat

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension InterchangeError: CustomStringConvertible {
  /// One line: what is wrong, where, and what to do about it.
  public var description: String {
    switch self {
    case .trace(let error): return error.description
    case .write(let errno):
      // SAFETY: strerror returns a string that lives until the next call on this thread
      // (strerror(3), glibc 2.32), and it is copied here.
      let reason = unsafe strerror(errno).map { unsafe String(cString: $0) }
      return "cannot write the export: \(reason ?? "error \(errno)")"
    case .foreign(let format, let offset, let reason):
      return "this \(format) file cannot be imported (byte \(offset)): \(reason)"
    }
  }
}
