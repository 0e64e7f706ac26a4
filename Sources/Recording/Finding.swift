/// One thing that the preflight looked at.
public struct Finding: Hashable, Sendable, Codable {
  /// How much it matters.
  public enum Weight: String, Hashable, Sendable, Codable {
    /// As it should be.
    case fine
    /// Recording works; the trace tells less.
    case less
    /// This process may not record; a privileged one may.
    case notPermitted = "not_permitted"
    /// Nobody can record on this kernel.
    case impossible
  }

  /// What was looked at: `tracepoint csd_queue_cpu`, `CAP_BPF`.
  public var subject: String
  /// How much it matters.
  public var weight: Weight
  /// What was found.
  public var state: String
  /// What a trace lacks because of it; empty where nothing.
  public var consequence: String
  /// What to do about it; empty where nothing can be done or nothing need be.
  public var remedy: String

  /// A finding; see the properties.
  public init(
    _ subject: String, _ weight: Weight, _ state: String, consequence: String = "",
    remedy: String = ""
  ) {
    self.subject = subject
    self.weight = weight
    self.state = state
    self.consequence = consequence
    self.remedy = remedy
  }
}
