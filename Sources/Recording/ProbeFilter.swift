import TraceFormat

/// Whose events the probes record, and of which locks: the options, looked up on this machine.
struct ProbeFilter: Sendable {
  /// Processes, with their later children.
  var processes: [Int32] = []
  /// Threads.
  var threads: [Int32] = []
  /// Control groups by id; empty for all.
  var cgroups: [UInt64] = []
  /// Contention flags as `LockTypes.flags`; nil for all.
  var lockFlags: UInt64?
  /// Locks; nil for all.
  var locks: LockSelection?

  /// Whether tasks are left out.
  var choosesTasks: Bool { !(processes.isEmpty && threads.isEmpty && cgroups.isEmpty) }

  /// Nothing is left out.
  init() {}

  /// The filter that the options ask for; throws where one of them names nothing.
  init(_ options: RecordOptions) throws(RecordError) {
    for process in options.processes where KernelFile.line("/proc/\(process)/comm") == nil {
      throw .badOption("-p", reason: "no process \(process)")
    }
    // /proc lists processes alone but answers for threads as well.
    for thread in options.threads where KernelFile.line("/proc/\(thread)/comm") == nil {
      throw .badOption("--tid", reason: "no thread \(thread)")
    }
    processes = options.processes
    threads = options.threads
    cgroups = try CgroupSelection.ids(options.cgroups)
    lockFlags = options.lockTypes?.flags
    if !options.locks.isEmpty { locks = try LockSelection(options.locks) }
  }

  /// What was left out by the options' own words, for the trace's facts; empty for a recording of
  /// everything.
  static func facts(_ options: RecordOptions) -> [String: String] {
    func list<Item>(_ items: [Item]) -> String { items.map { "\($0)" }.joined(separator: ",") }
    var facts: [String: String] = [:]
    if let cpus = options.cpus { facts["cpus"] = list(cpus) }
    if !options.processes.isEmpty { facts["processes"] = list(options.processes) }
    if !options.threads.isEmpty { facts["threads"] = list(options.threads) }
    if !options.cgroups.isEmpty { facts["cgroups"] = list(options.cgroups) }
    if let types = options.lockTypes { facts["lock_types"] = list(types.names) }
    if !options.locks.isEmpty { facts["locks"] = list(options.locks) }
    return facts
  }
}
