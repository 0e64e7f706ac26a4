import Measures
import Workloads

/// One replication: the whole state of a replay, advanced event by event.
///
/// Everything lives in flat arrays indexed by Int32 handles; an event allocates nothing. The
/// disciplines of the locks, the interrupts and the messages are extensions, a file each.
struct Engine: ~Copyable {
  // What does not change.
  let program: Program
  let traits: [ClassTraits]
  let costs: KernelCosts
  let hops: HopCosts
  /// The socket of each CPU.
  let sockets: [Int32]
  let interruptCost: (send: Double, deliver: Double, acknowledge: Double)
  let messageCost: (polled: Double, notified: Double)
  let classCount: Int
  /// What counts as a traced wait.
  let tracepoints: Tracepoints
  let homes: [Scenario.Binding]
  let oslets: [Scenario.OSlet]
  /// OSlets that run applications, and their place in the tree.
  let applicationOSlets: [Int32]
  let broadcast: Broadcast
  /// The slice of each OSlet.
  let slices: [Double]
  /// The next hardware thread of each CPU's core; itself without another in use.
  let siblings: [Int32]
  let siblingSlowdown: SiblingSlowdown
  /// Classes with an instance per CPU, and where each CPU has it: `cpu * classesPerCPU.count + i`,
  /// count 0 where no task was placed.
  let classesPerCPU: [Int]
  let bindingsPerCPU: [Scenario.Binding]

  // What does.
  var now = 0.0
  var queue: EventQueue
  var random: SeededGenerator
  var tasks: Cells<TaskState>
  var slots: Cells<Slot>
  var cpus: Cells<CPUState>
  var scheduling: SchedulingDomains
  var bindings: Cells<Scenario.Binding>
  /// The CPUs on which each process has had tasks, ascending (`mm_cpumask`).
  var processCPUs: [[Int32]]
  var locks: Cells<LockState>
  /// Tasks that go on at this instant, first in first out.
  var runnable: [Int32] = []
  var runnableNext = 0
  /// Requests that wait for any CPU of an OSlet, and how many wait over all.
  var rings: Cells<Ring>
  var ringed = 0
  /// Sleepers by group and OSlet, kept when somebody wakes them: `group * oslets + oslet`.
  var sleepers: Cells<Ring>

  // What is counted.
  var totals: InlineArray<6, Double> = .init(repeating: 0)
  var counters: Cells<ClassCounters>
  /// Operations by task group.
  var operationsOfGroup: Cells<Double>
  var messages = 0.0
  /// Time the CPUs of each OSlet served others.
  var served: [Double]
  /// Events so far; an interrupt to many CPUs counts for more than one.
  var events = 0
  var measuredSince = 0.0

  /// A first-in first-out list of tasks.
  struct Ring {
    var head: Int32 = -1
    var tail: Int32 = -1
    /// The CPU of the OSlet that was asked last.
    var cursor: Int32 = 0
    /// Of sleepers: wake-ups that came while none slept.
    var kept: Int32 = 0
  }

  /// The state at time zero: every task at a random point of its first turn, the tasks of a CPU in
  /// random order and its first slice in part over, so that many CPUs are a fair sample from the start.
  init(
    _ scenario: Scenario, seed: UInt64, replication: UInt64,
    tracepoints: Tracepoints = Tracepoints()
  ) {
    self.tracepoints = tracepoints
    let workload = scenario.workload
    traits = scenario.policies.map {
      ClassTraits(
        sharing: $0.sharing, notified: $0.message == .notified, crossingShare: $0.crossingShare)
    }
    let single = scenario.oslets.count == 1
    let plain = traits.map {
      single || $0.sharing == .hardwareShared || ($0.sharing == .private && $0.crossingShare == 0)
    }
    program = Program(workload, plain: plain)
    costs = KernelCosts(scenario.machine)
    hops = scenario.hopCosts
    sockets = scenario.cpus.map { Int32($0.socket) }
    let interrupt = scenario.machine.interrupt
    interruptCost = (interrupt.send.value, interrupt.deliver.value, interrupt.acknowledge.value)
    messageCost = (scenario.machine.message.polled.value, scenario.machine.message.notified.value)
    classCount = workload.classes.count
    bindings = Cells(scenario.bindings)
    homes = scenario.homes
    oslets = scenario.oslets
    applicationOSlets = scenario.oslets.indices.filter { scenario.oslets[$0].service == nil }
      .map { Int32($0) }
    broadcast = scenario.broadcast
    processCPUs = Self.processMap(scenario)
    let costs = costs
    slices = scenario.oslets.map { costs.slice(cpus: $0.cpus.count) }
    siblings = Self.siblings(scenario)
    siblingSlowdown = scenario.machine.siblingSlowdown
    scheduling = SchedulingDomains(scenario)
    let classesPerCPU = workload.classes.indices.filter { workload.classes[$0].scope == .cpu }
    self.classesPerCPU = classesPerCPU
    bindingsPerCPU = Self.bindingsPerCPU(scenario, classesPerCPU)

    random = SeededGenerator(seed: seed, stream: replication)
    locks = Cells(
      scenario.instances.map {
        let lock = workload.classes[Int($0.lockClass)]
        return LockState(
          lockClass: $0.lockClass, kind: lock.kind, owner: $0.owner, lines: lock.lines)
      })
    cpus = Cells(scenario.osletOfCPU.map { CPUState(oslet: $0) })
    rings = Cells(scenario.oslets.map { Ring(cursor: Int32($0.cpus.lowerBound)) })
    sleepers = Cells(
      Array(
        repeating: Ring(), count: program.wakes ? workload.tasks.count * scenario.oslets.count : 0))
    counters = Cells(Array(repeating: ClassCounters(), count: classCount))
    operationsOfGroup = Cells(workload.tasks.map { _ in 0 })
    served = Array(repeating: 0, count: scenario.oslets.count)
    queue = EventQueue(capacity: scenario.cpus.count + scenario.tasks.count + 4)
    let entry = program.entry
    let phases = program.phases
    tasks = Cells(
      scenario.tasks.map {
        TaskState(pc: entry[Int($0.group)], home: $0.cpu, group: $0.group, process: $0.process)
      })
    slots = Cells(Array(repeating: Slot(), count: scenario.tasks.count * program.depth))
    for task in (0..<Int32(scenario.tasks.count)).shuffled(using: &random) {
      let phases = phases[Int(tasks[Int(task)].group)]
      let slice = slice(on: Int(tasks[Int(task)].home))
      tasks[Int(task)].virtualTime = random.unit() * slice
      switch phases.start(at: random.unit() * phases.turn) {
      case .computing(let rest, let pc):
        tasks[Int(task)].remaining = rest
        tasks[Int(task)].pc = pc
        start(task)
      case .asleep(let rest, let pc):
        tasks[Int(task)].pc = pc
        startAsleep(task, rest)
      case nil: start(task)
      }
    }
    for cpu in cpus.indices where cpus[cpu].runHead >= 0 {
      shortenSlice(Int32(cpu), to: random.unit() * slice(on: cpu))
    }
  }

  /// Moving one line from the cache of CPU `a` to CPU `b`, nanoseconds; zero for the same CPU and
  /// for a line that no cache holds (`a` < 0).
  @inline(__always)
  func travel(from a: Int32, to b: Int32) -> Double {
    a < 0 || a == b ? 0 : hops.cost(from: Int(a), to: Int(b))
  }

  private static func processMap(_ scenario: Scenario) -> [[Int32]] {
    let count = (scenario.tasks.map { Int($0.process) }.max() ?? -1) + 1
    var members = Array(repeating: [Int32](), count: count)
    for task in scenario.tasks { members[Int(task.process)].append(task.cpu) }
    return members.map { list in
      let sorted = list.sorted()
      return sorted.indices.filter { $0 == 0 || sorted[$0 - 1] != sorted[$0] }.map { sorted[$0] }
    }
  }

  private static func siblings(_ scenario: Scenario) -> [Int32] {
    var next = scenario.cpus.indices.map { Int32($0) }
    guard scenario.machine.topology.smt > 1 else { return next }
    var last: [Int: Int] = [:]
    for (cpu, place) in scenario.cpus.enumerated() {
      if let before = last[place.core] {
        next[cpu] = next[before]
        next[before] = Int32(cpu)
      }
      last[place.core] = cpu
    }
    return next
  }

  private static func bindingsPerCPU(
    _ scenario: Scenario, _ classes: [Int]
  ) -> [Scenario.Binding] {
    let none = Scenario.Binding(first: 0, count: 0)
    var found = Array(repeating: none, count: scenario.cpus.count * classes.count)
    for (task, placed) in scenario.tasks.enumerated() {
      for (i, lockClass) in classes.enumerated() {
        found[Int(placed.cpu) * classes.count + i] = scenario.binding(
          task: task, lockClass: lockClass)
      }
    }
    return found
  }
}
