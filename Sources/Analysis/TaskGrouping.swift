import Measures

/// The tasks of a trace by what they are: name, process where it has several threads, and the class
/// they wait for most, which tells the roles of one program's tasks apart.
struct TaskGrouping: Sendable {
  /// One group of tasks that do the same.
  ///
  /// Times in nanoseconds, over the whole recording.
  struct Group: Sendable {
    var name: String
    /// The address space its tasks share; nil: each its own.
    var process: String?
    /// Tasks alive at a time, on average.
    var concurrency = 0.0
    var ran = 0.0
    var slept = 0.0
    var sleeps = 0.0
    /// Ready, and another task had the CPU; and how often that ended.
    var queued = 0.0
    var dispatches = 0.0
    /// CPUs got that another task left.
    var takeovers = 0.0
    /// Whether others went ahead of it by their weight.
    var isHeldBack = false
    var systemCalls = 0.0
    /// Its system calls for its CPU time, alone and beside others.
    var pace = Pace()
    /// Contentions, their wait and its spinning part, by class.
    var contentions: [Double]
    var waits: [Double]
    var spins: [Double]
    /// Contentions of readers, by class.
    var reads: [Double]
    /// Acquisitions that a census counted, of readers and all others, by class.
    var takenReads: [Double]
    var taken: [Double]
    /// Calls and their targets, by function.
    var calls: [Double]
    var targets: [Double]
  }

  /// The groups, those of most CPU time and wait first.
  var groups: [Group] = []
  /// The group of each task, by handle; -1 for none.
  private(set) var groupOf: [Int]

  /// Groups smaller than this share of all CPU time and all wait go into one named `other`.
  static let smallest = 0.005

  /// Groups the tasks of `evidence`; idle tasks and the recorder's are left out.
  ///
  /// - Parameter names: the names of its classes.
  init(_ evidence: Evidence, classes names: [String]) {
    let classes = evidence.demands.count
    let functions = evidence.functions.count
    var threads: [Int32: Set<Int32>] = [:]
    for (handle, task) in evidence.tasks.enumerated() where task.id != 0 {
      threads[evidence.identities[handle].process, default: []].insert(task.id)
    }
    let (roles, contentions) = Self.roles(evidence)
    var numbers: [String: Int] = [:]
    var alike: [[TaskLikeness.Rates]] = []
    groupOf = Array(repeating: -1, count: evidence.tasks.count)
    for (handle, task) in evidence.tasks.enumerated() where task.id != 0 {
      let identity = evidence.identities[handle]
      guard !identity.isRecorder else { continue }
      let process = Self.process(identity, threads)
      let key = (process ?? identity.name + "/") + " \(roles[handle])"
      let number = numbers[key] ?? alike.count
      if number == alike.count {
        numbers[key] = number
        alike.append([])
      }
      alike[number].append(
        TaskLikeness.Rates(
          task: handle, ran: Double(task.ran), systemCalls: Double(task.systemCalls),
          contentions: contentions[handle]))
    }
    for tasks in alike.flatMap({ TaskLikeness.sets($0) }) {
      let identity = evidence.identities[tasks[0]]
      var group = Self.empty(
        identity.name, Self.process(identity, threads), classes, functions)
      for handle in tasks {
        groupOf[handle] = groups.count
        group.add(evidence.tasks[handle], evidence)
      }
      groups.append(group)
    }
    for entry in evidence.waits where groupOf[Int(entry.first)] >= 0 {
      groups[groupOf[Int(entry.first)]].contentions[Int(entry.second)] += Double(entry.count)
      groups[groupOf[Int(entry.first)]].waits[Int(entry.second)] += entry.total
    }
    for entry in evidence.spins where groupOf[Int(entry.first)] >= 0 {
      groups[groupOf[Int(entry.first)]].spins[Int(entry.second)] += entry.total
    }
    for entry in evidence.reads where groupOf[Int(entry.first)] >= 0 {
      groups[groupOf[Int(entry.first)]].reads[Int(entry.second)] += Double(entry.count)
    }
    for entry in evidence.taken where groupOf[Int(entry.task)] >= 0 {
      groups[groupOf[Int(entry.task)]].takenReads[Int(entry.role)] += entry.reads
      groups[groupOf[Int(entry.task)]].taken[Int(entry.role)] += entry.others
    }
    for entry in evidence.calls where groupOf[Int(entry.first)] >= 0 {
      groups[groupOf[Int(entry.first)]].calls[Int(entry.second)] += Double(entry.count)
      groups[groupOf[Int(entry.first)]].targets[Int(entry.second)] += entry.total
    }
    mergeSmall(classes, functions, names)
  }

  /// The address space of a task that shares it; nil: its own.
  private static func process(
    _ identity: TaskNaming.Identity, _ threads: [Int32: Set<Int32>]
  ) -> String? {
    (threads[identity.process]?.count ?? 0) > 1 ? "\(identity.name)/\(identity.process)" : nil
  }

  /// The class each task waits for most, by total wait, -1 for none, and how often it does.
  private static func roles(_ evidence: Evidence) -> (roles: [Int32], contentions: [Double]) {
    var contentions = Array(repeating: 0.0, count: evidence.tasks.count)
    var most = Array(repeating: 0.0, count: evidence.tasks.count)
    var roles = Array(repeating: Int32(-1), count: evidence.tasks.count)
    for entry in evidence.waits where entry.total > most[Int(entry.first)] {
      most[Int(entry.first)] = entry.total
      roles[Int(entry.first)] = entry.second
      contentions[Int(entry.first)] = Double(entry.count)
    }
    return (roles, contentions)
  }

  private static func empty(
    _ name: String, _ process: String?, _ classes: Int, _ functions: Int
  ) -> Group {
    Group(
      name: name, process: process, contentions: Array(repeating: 0, count: classes),
      waits: Array(repeating: 0, count: classes), spins: Array(repeating: 0, count: classes),
      reads: Array(repeating: 0, count: classes),
      takenReads: Array(repeating: 0, count: classes),
      taken: Array(repeating: 0, count: classes),
      calls: Array(repeating: 0, count: functions),
      targets: Array(repeating: 0, count: functions))
  }

  private mutating func mergeSmall(_ classes: Int, _ functions: Int, _ names: [String]) {
    let ran = max(1, groups.reduce(0) { $0 + $1.ran })
    let waited = max(1, groups.reduce(0) { $0 + $1.waits.reduce(0, +) })
    var large: [(weight: Double, was: Int)] = []
    var other = Self.empty("other", nil, classes, functions)
    for (was, group) in groups.enumerated() {
      let weight = group.ran / ran + group.waits.reduce(0, +) / waited
      if weight >= Self.smallest {
        large.append((weight, was))
      } else {
        other.merge(group)
      }
    }
    large.sort { ($1.weight, $0.was) < ($0.weight, $1.was) }
    let hasOther = other.ran + other.waits.reduce(0, +) > 0
    var place = Array(repeating: hasOther ? large.count : -1, count: groups.count)
    for (now, kept) in large.enumerated() { place[kept.was] = now }
    groupOf = groupOf.map { $0 < 0 ? -1 : place[$0] }
    groups = large.map { groups[$0.was] } + (hasOther ? [other] : [])
    letWait()
    separateNames(names)
  }

  /// A group that got less than this of the CPU time it was ready for, relative to the others, is held
  /// back by its weight (nice, cgroup, autogroup), which a trace does not hold.
  private static let heldBack = 0.25

  /// Makes what groups of less weight wait for a CPU a sleep.
  ///
  /// A replay shares a CPU fairly: it would give such a group more than it got. Asleep while others
  /// have the CPU, it takes what it took.
  private mutating func letWait() {
    func share(_ group: Group) -> Double {
      group.ran > 0 ? group.ran / (group.ran + group.queued) : 1
    }
    let ran = groups.reduce(0) { $0 + $1.ran }
    guard ran > 0 else { return }
    let usual = groups.reduce(0) { $0 + $1.ran * share($1) } / ran
    for index in groups.indices where share(groups[index]) < Self.heldBack * usual {
      groups[index].slept += groups[index].queued
      groups[index].sleeps += groups[index].dispatches
      groups[index].isHeldBack = true
    }
  }

  /// A workload's groups are told apart by name: those of one name by the class that they wait for most,
  /// and by a number where that is one too.
  private mutating func separateNames(_ classes: [String]) {
    let alike = Dictionary(grouping: groups.indices) { groups[$0].name }
    for same in alike.values where same.count > 1 {
      for index in same {
        let most = classes.indices.max { groups[index].waits[$0] < groups[index].waits[$1] }
        guard let most, groups[index].waits[most] > 0 else { continue }
        groups[index].name += " at \(classes[most])"
      }
    }
    var uses: [String: Int] = [:]
    for index in groups.indices {
      let name = groups[index].name
      uses[name, default: 0] += 1
      if let use = uses[name], use > 1 { groups[index].name = "\(name) (\(use))" }
    }
  }
}

extension TaskGrouping.Group {
  fileprivate mutating func add(_ task: TaskLedger.Task, _ evidence: Evidence) {
    concurrency += task.alive(from: evidence.first, to: evidence.last)
    ran += Double(task.ran)
    slept += Double(task.slept)
    sleeps += Double(task.sleeps)
    queued += Double(task.queued)
    dispatches += Double(task.dispatches)
    takeovers += Double(task.takeovers)
    systemCalls += Double(task.systemCalls)
    pace.merge(task.pace)
  }

  fileprivate mutating func merge(_ other: Self) {
    concurrency += other.concurrency
    ran += other.ran
    slept += other.slept
    sleeps += other.sleeps
    queued += other.queued
    dispatches += other.dispatches
    takeovers += other.takeovers
    systemCalls += other.systemCalls
    pace.merge(other.pace)
    for index in contentions.indices {
      contentions[index] += other.contentions[index]
      waits[index] += other.waits[index]
      spins[index] += other.spins[index]
      reads[index] += other.reads[index]
      takenReads[index] += other.takenReads[index]
      taken[index] += other.taken[index]
    }
    for index in calls.indices {
      calls[index] += other.calls[index]
      targets[index] += other.targets[index]
    }
  }
}
