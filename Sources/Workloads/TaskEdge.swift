/// Two recorded tasks, or two groups of them, that meet: one wakes the other, or they hand the same
/// lock instance to each other.
public struct TaskEdge: Hashable, Sendable {
  /// One end.
  public var from: End
  /// The other.
  public var to: End
  /// How often they meet, a second, over all tasks of the two ends in one copy of the load.
  public var perSecond: Double

  /// A task, or all tasks of a group alike.
  public struct End: Hashable, Sendable {
    /// The name of the task group.
    public var group: String
    /// Which of its tasks, from 0; nil: any of them.
    public var task: Int?

    /// An end; see the properties.
    public init(_ group: String, task: Int? = nil) {
      self.group = group
      self.task = task
    }
  }

  /// An edge; see the properties.
  public init(from: End, to: End, perSecond: Double) {
    self.from = from
    self.to = to
    self.perSecond = perSecond
  }
}

extension TaskEdge: Codable {
  private enum Key: String, CodingKey {
    case from, to
    case fromTask = "from_task"
    case toTask = "to_task"
    case perSecond = "per_s"
  }

  /// Reads one object of `edges`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init(
      from: End(
        try container.decode(String.self, forKey: .from),
        task: try container.decodeIfPresent(Int.self, forKey: .fromTask)),
      to: End(
        try container.decode(String.self, forKey: .to),
        task: try container.decodeIfPresent(Int.self, forKey: .toTask)),
      perSecond: try container.decode(Double.self, forKey: .perSecond))
  }

  /// Writes the form that `init(from:)` reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(from.group, forKey: .from)
    try container.encodeIfPresent(from.task, forKey: .fromTask)
    try container.encode(to.group, forKey: .to)
    try container.encodeIfPresent(to.task, forKey: .toTask)
    try container.encode(perSecond, forKey: .perSecond)
  }
}
