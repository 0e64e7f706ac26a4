/// What a recording measured of itself: the other side of the back-test.
public struct MeasuredRun: Hashable, Sendable, Codable {
  /// Length of the recording in nanoseconds.
  public var durationNs: Double
  /// Operations per second over the whole machine.
  public var throughputPerSecond: Double
  /// Mean wait per contention by class name, nanoseconds, and contentions per second.
  public var waits: [ClassWait]
  /// Whether a spinlock's first waiter was traced too, as with paravirtual spinlocks.
  ///
  /// On native queued spinlocks it spins on the pending bit and returns before the tracepoint
  /// (kernel/locking/qspinlock.c, Linux 5.19).
  public var firstSpinnerTraced: Bool

  /// One class's measured wait.
  public struct ClassWait: Hashable, Sendable, Codable {
    /// The class.
    public var name: String
    /// Mean wait of a traced contention in nanoseconds.
    public var waitNsMean: Double
    /// Traced contentions per second over the machine.
    public var contentionsPerSecond: Double
    /// The way between the tracepoints of a waiter that found the lock free: no traced wait is shorter,
    /// nanoseconds; nil where it is not known.
    public var shortestWaitNs: Double?

    /// One class's measured wait; see the properties.
    public init(
      name: String, waitNsMean: Double, contentionsPerSecond: Double, shortestWaitNs: Double? = nil
    ) {
      self.name = name
      self.waitNsMean = waitNsMean
      self.contentionsPerSecond = contentionsPerSecond
      self.shortestWaitNs = shortestWaitNs
    }

    enum CodingKeys: String, CodingKey {
      case name
      case waitNsMean = "wait_ns_mean"
      case contentionsPerSecond = "contentions_per_s"
      case shortestWaitNs = "shortest_wait_ns"
    }
  }

  /// A measured run; see the properties.
  public init(
    durationNs: Double, throughputPerSecond: Double, waits: [ClassWait],
    firstSpinnerTraced: Bool = false
  ) {
    self.durationNs = durationNs
    self.throughputPerSecond = throughputPerSecond
    self.waits = waits
    self.firstSpinnerTraced = firstSpinnerTraced
  }

  enum CodingKeys: String, CodingKey {
    case durationNs = "duration_ns"
    case throughputPerSecond = "throughput_per_s"
    case waits
    case firstSpinnerTraced = "first_spinner_traced"
  }

  /// Reads the object; a file that does not say means native spinlocks.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      durationNs: try container.decode(Double.self, forKey: .durationNs),
      throughputPerSecond: try container.decode(Double.self, forKey: .throughputPerSecond),
      waits: try container.decode([ClassWait].self, forKey: .waits),
      firstSpinnerTraced: try container.decodeIfPresent(Bool.self, forKey: .firstSpinnerTraced)
        ?? false)
  }
}
