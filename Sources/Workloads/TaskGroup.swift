/// Tasks that do the same.
public struct TaskGroup: Hashable, Sendable, Codable {
  /// The name (a comm).
  public var name: String
  /// How many there were in the recording.
  public var count: Int
  /// The address space they share; groups of one process name share it.
  ///
  /// Nil: each task its own.
  public var process: String?
  /// The CPU each ran on in the recording, one number below the workload's `recordedCPUs` per task;
  /// nil where that is not known.
  public var cpus: [Int]?
  /// What each does again and again.
  public var loop: [Step]
  /// Whether the scheduler puts them behind all others (nice, cgroup or autogroup of little weight);
  /// nil: no.
  public var background: Bool?

  /// A task group; see the properties.
  public init(
    name: String, count: Int, process: String? = nil, cpus: [Int]? = nil, loop: [Step],
    background: Bool? = nil
  ) {
    self.name = name
    self.count = count
    self.process = process
    self.cpus = cpus
    self.loop = loop
    self.background = background
  }

  /// Operations counted by one turn of the loop: its `operation` steps, or 1 if it has none.
  public var operationsPerTurn: Double {
    func count(_ steps: [Step]) -> Double {
      steps.reduce(0) { sum, step in
        switch step {
        case .operation(let n): sum + n
        case .acquire(let acquisition): sum + count(acquisition.nested)
        default: sum
        }
      }
    }
    let counted = count(loop)
    return counted > 0 ? counted : 1
  }
}
