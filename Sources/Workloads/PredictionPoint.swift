public import Measures

/// What an engine says of one layout at one size.
public struct PredictionPoint: Hashable, Sendable, Codable {
  /// The layout's name.
  public var layout: String
  /// CPUs in use.
  public var cpus: Int
  /// Operations per second over the whole machine.
  public var throughputPerSecond: Interval
  /// Throughput with what the recording leaves open at its best and at its worst, the interval above
  /// included; nil where nothing is.
  public var throughputBounds: Interval?
  /// Throughput over `cpus` times the one-CPU throughput.
  public var efficiency: Double
  /// Where CPU time goes; the shares sum to 1.
  public var cpuShare: CPUShare
  /// Messages between OSlets per second.
  public var messagesPerSecond: Double
  /// Share of lock acquisitions that crossed, 0...1.
  public var crossingShare: Double
  /// The class or resource with the highest utilisation; nil when nothing is shared.
  public var firstSaturated: String?
  /// Per class, in the workload's order.
  public var classes: [ClassPrediction]
  /// Per group of tasks, in the workload's order; empty where an engine does not say.
  public var groups: [GroupPrediction]

  /// A point; see the properties.
  public init(
    layout: String, cpus: Int, throughputPerSecond: Interval, efficiency: Double,
    cpuShare: CPUShare, messagesPerSecond: Double = 0, crossingShare: Double = 0,
    firstSaturated: String?, classes: [ClassPrediction], groups: [GroupPrediction] = []
  ) {
    self.layout = layout
    self.cpus = cpus
    self.throughputPerSecond = throughputPerSecond
    self.efficiency = efficiency
    self.cpuShare = cpuShare
    self.messagesPerSecond = messagesPerSecond
    self.crossingShare = crossingShare
    self.firstSaturated = firstSaturated
    self.classes = classes
    self.groups = groups
  }

  enum CodingKeys: String, CodingKey {
    case layout, cpus, efficiency, classes, groups
    case throughputPerSecond = "throughput_per_s"
    case throughputBounds = "throughput_per_s_bounds"
    case cpuShare = "cpu_share"
    case messagesPerSecond = "messages_per_s"
    case crossingShare = "crossing_share"
    case firstSaturated = "first_saturated"
  }

  /// Writes every key, `first_saturated` as null where nothing is shared.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(layout, forKey: .layout)
    try container.encode(cpus, forKey: .cpus)
    try container.encode(throughputPerSecond, forKey: .throughputPerSecond)
    try container.encodeIfPresent(throughputBounds, forKey: .throughputBounds)
    try container.encode(efficiency, forKey: .efficiency)
    try container.encode(cpuShare, forKey: .cpuShare)
    try container.encode(messagesPerSecond, forKey: .messagesPerSecond)
    try container.encode(crossingShare, forKey: .crossingShare)
    try container.encode(firstSaturated, forKey: .firstSaturated)
    try container.encode(classes, forKey: .classes)
    try container.encode(groups, forKey: .groups)
  }

  /// Reads the object; one written before groups were predicted has none.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      layout: try container.decode(String.self, forKey: .layout),
      cpus: try container.decode(Int.self, forKey: .cpus),
      throughputPerSecond: try container.decode(Interval.self, forKey: .throughputPerSecond),
      efficiency: try container.decode(Double.self, forKey: .efficiency),
      cpuShare: try container.decode(CPUShare.self, forKey: .cpuShare),
      messagesPerSecond: try container.decode(Double.self, forKey: .messagesPerSecond),
      crossingShare: try container.decode(Double.self, forKey: .crossingShare),
      firstSaturated: try container.decodeIfPresent(String.self, forKey: .firstSaturated),
      classes: try container.decode([ClassPrediction].self, forKey: .classes),
      groups: try container.decodeIfPresent([GroupPrediction].self, forKey: .groups) ?? [])
    throughputBounds = try container.decodeIfPresent(Interval.self, forKey: .throughputBounds)
  }
}

/// What an engine says of one group of tasks.
public struct GroupPrediction: Hashable, Sendable, Codable {
  /// The group.
  public var name: String
  /// Operations per second of all its tasks on the machine.
  public var operationsPerSecond: Double

  /// A group prediction; see the properties.
  public init(name: String, operationsPerSecond: Double) {
    self.name = name
    self.operationsPerSecond = operationsPerSecond
  }

  enum CodingKeys: String, CodingKey {
    case name
    case operationsPerSecond = "operations_per_s"
  }
}

/// Where the CPU time of a machine goes; the parts sum to 1.
public struct CPUShare: Hashable, Sendable, Codable {
  /// Running steps and holding locks.
  public var useful: Double
  /// Spinning for a lock.
  public var lockWait: Double
  /// Waiting for lines that moved.
  public var lineTransfer: Double
  /// Sending, waiting for and handling interrupts.
  public var ipi: Double
  /// Sending, polling and serving messages.
  public var message: Double
  /// Nothing to run.
  public var idle: Double

  /// Shares; see the properties.
  public init(
    useful: Double = 0, lockWait: Double = 0, lineTransfer: Double = 0, ipi: Double = 0,
    message: Double = 0, idle: Double = 0
  ) {
    self.useful = useful
    self.lockWait = lockWait
    self.lineTransfer = lineTransfer
    self.ipi = ipi
    self.message = message
    self.idle = idle
  }

  enum CodingKeys: String, CodingKey {
    case useful, ipi, message, idle
    case lockWait = "lock_wait"
    case lineTransfer = "line_transfer"
  }
}

/// What an engine says of one class.
public struct ClassPrediction: Hashable, Sendable, Codable {
  /// The class.
  public var name: String
  /// Busy share of its busiest instance, 0...1.
  public var utilization: Double
  /// Mean wait per acquisition in nanoseconds, uncontended ones included.
  public var waitNsMean: Double
  /// Acquisitions per second over the machine.
  public var acquisitionsPerSecond: Double

  /// A class prediction; see the properties.
  public init(
    name: String, utilization: Double, waitNsMean: Double, acquisitionsPerSecond: Double
  ) {
    self.name = name
    self.utilization = utilization
    self.waitNsMean = waitNsMean
    self.acquisitionsPerSecond = acquisitionsPerSecond
  }

  enum CodingKeys: String, CodingKey {
    case name, utilization
    case waitNsMean = "wait_ns_mean"
    case acquisitionsPerSecond = "acquisitions_per_s"
  }
}
