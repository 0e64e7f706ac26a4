/// What tasks do and which locks they share: the demand side of a prediction, free of any machine.
public struct Workload: Hashable, Sendable {
  /// A short name for reports.
  public var name: String
  /// CPUs of the machine it was recorded on; 1 for a hand-written workload that does not say.
  public var recordedCPUs: Int
  /// The lock classes, names unique.
  public var classes: [LockClass]
  /// The task groups.
  public var tasks: [TaskGroup]
  /// Which tasks meet, for a placement by graph partition; empty where nothing says so.
  public var edges: [TaskEdge]
  /// How far computing may be off, all of it together: one standard deviation of its logarithm; 0 where it
  /// is known.
  public var computingError = 0.0
  /// Share of the recorded wait that no class accounts for, 0...1.
  public var unknownShare: Double
  /// What the recording measured, for the back-test; nil for a hand-written workload.
  public var measured: MeasuredRun?

  /// A workload; see the properties.
  ///
  /// Check one from outside with `validated()`.
  public init(
    name: String, recordedCPUs: Int, classes: [LockClass], tasks: [TaskGroup],
    edges: [TaskEdge] = [], unknownShare: Double = 0, measured: MeasuredRun? = nil
  ) {
    self.name = name
    self.recordedCPUs = recordedCPUs
    self.classes = classes
    self.tasks = tasks
    self.edges = edges
    self.unknownShare = unknownShare
    self.measured = measured
  }
}
