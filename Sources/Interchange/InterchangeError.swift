public import TraceFormat

/// Why a trace could not be exported or a foreign one not imported.
public enum InterchangeError: Error, Hashable, Sendable {
  /// The trace could not be read.
  case trace(TraceError)
  /// The system refused to write (ENOSPC, EPIPE, ...): the errno.
  case write(errno: Int32)
  /// The foreign file is not what it should be: the format, where in it, and what is wrong.
  case foreign(format: String, offset: UInt64, reason: String)
}
