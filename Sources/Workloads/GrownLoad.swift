/// The recorded tasks grown to a number of CPUs, as whole processes in the order they are dealt out.
///
/// Under `replicate` a group of `count` tasks becomes round(count x N / n), at least 1, on N CPUs
/// when it was recorded on n; every full set of `count` is one copy, a remainder is a last, partial
/// one. Within a copy the processes of all groups are interleaved, so that any run of them is a fair
/// sample of the copy.
struct GrownLoad {
  /// Tasks that share an address space.
  struct Process {
    /// The address space's name; nil for a task of its own.
    var name: String?
    /// The copy of the recorded load it belongs to.
    var copy: Int
    /// The group of each of its tasks.
    var groups: [Int32]
    /// Which task of its group each is, in its copy.
    var numbers: [Int32]
  }

  /// The processes, in order.
  var processes: [Process]
  /// Tasks over all processes.
  var taskCount: Int
  /// Copies of the recorded load, a partial one included.
  var copies: Int

  /// More tasks than any machine here runs, and few enough for their bindings to fit in memory.
  static let mostTasks = 1 << 20

  /// Grows the load of `workload` to `cpus` CPUs.
  ///
  /// - Throws: `WorkloadError.range` when that makes more than `mostTasks` tasks.
  init(_ workload: Workload, cpus: Int, load: LoadRule) throws(WorkloadError) {
    let counts = workload.tasks.map { group in
      switch load {
      case .fixed: group.count
      case .replicate:
        max(1, Int((Double(group.count) * Double(cpus) / Double(workload.recordedCPUs)).rounded()))
      }
    }
    guard counts.reduce(0.0, { $0 + Double($1) }) <= Double(Self.mostTasks) else {
      throw .range(
        "more than \(Self.mostTasks) tasks on \(cpus) CPUs: lower count or raise recorded_cpus")
    }
    processes = []
    taskCount = counts.reduce(0, +)
    copies = zip(counts, workload.tasks).map { ($0 + $1.count - 1) / $1.count }.max() ?? 0
    for copy in 0..<copies {
      var dealt: [(position: Double, process: Process)] = []
      var named: [String: Int] = [:]
      for (group, task) in workload.tasks.enumerated() {
        let size = min(task.count, counts[group] - copy * task.count)
        guard size > 0 else { continue }
        if let name = task.process {
          let place = named[name] ?? dealt.count
          if place == dealt.count {
            named[name] = place
            dealt.append((0.5, Process(name: name, copy: copy, groups: [], numbers: [])))
          }
          dealt[place].process.groups += Array(repeating: Int32(group), count: size)
          dealt[place].process.numbers += (0..<size).map { Int32($0) }
        } else {
          for index in 0..<size {
            dealt.append(
              (
                (Double(index) + 0.5) / Double(size),
                Process(name: nil, copy: copy, groups: [Int32(group)], numbers: [Int32(index)])
              ))
          }
        }
      }
      let order = dealt.indices.sorted { (dealt[$0].position, $0) < (dealt[$1].position, $1) }
      processes += order.map { dealt[$0].process }
    }
  }
}
