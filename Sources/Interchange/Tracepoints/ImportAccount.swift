/// What an import took over and what it left.
public struct ImportAccount: Hashable, Sendable {
  /// Events written.
  public var events: UInt64 = 0
  /// Samples of tracepoints that traces have no kind for, by tracepoint.
  public var skipped: [String: UInt64] = [:]
  /// Events that the foreign recorder says it lost.
  public var lost: UInt64 = 0
}
