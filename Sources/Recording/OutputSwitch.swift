public import Measures

/// When a recording goes on in a new file, and how many it leaves: perf's `--switch-output`.
public struct OutputSwitch: Hashable, Sendable {
  /// What ends a file.
  public enum Moment: Hashable, Sendable {
    /// SIGUSR2.
    case signal
    /// This many bytes.
    case size(Int)
    /// This long.
    case time(Nanoseconds)
  }

  /// What ends a file.
  public var moment: Moment
  /// Files to keep beside the one that is being written, the latest; nil keeps all.
  public var mostFiles: Int?

  /// A switch; see the properties.
  public init(_ moment: Moment, mostFiles: Int? = nil) {
    self.moment = moment
    self.mostFiles = mostFiles
  }

  /// Whether a file of this size and age is full.
  func isDue(bytes: UInt64, age: Nanoseconds) -> Bool {
    switch moment {
    case .signal: false
    case .size(let most): bytes >= UInt64(clamping: most)
    case .time(let most): age >= most
    }
  }
}
