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
  /// Whether tracepoints show the first waiter of a queued spinlock.
  let pendingIsTraced: Bool
  let bindings: [Scenario.Binding]
  let homes: [Scenario.Binding]
  let oslets: [Scenario.OSlet]
  /// OSlets that run applications, and their place in the tree.
  let applicationOSlets: [Int32]
  let broadcast: Broadcast
  /// The CPUs on which each process has tasks: `processCPUs[processStart[p] ..< processStart[p + 1]]`.
  let processCPUs: [Int32]
  let processStart: [Int32]

  // What does.
  var now = 0.0
  var queue: EventQueue
  var random: SeededGenerator
  var tasks: Cells<TaskState>
  var slots: Cells<Slot>
  var cpus: Cells<CPUState>
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
  var operations = 0.0
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
  }

  /// The state at time zero: every task at a random point of its first turn, the tasks of a CPU in
  /// random order and its first slice in part over, so that many CPUs are a fair sample from the start.
  init(
    _ scenario: Scenario, seed: UInt64, replication: UInt64, pendingIsTraced: Bool = false
  ) {
    self.pendingIsTraced = pendingIsTraced
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
    bindings = scenario.bindings
    homes = scenario.homes
    oslets = scenario.oslets
    applicationOSlets = scenario.oslets.indices.filter { scenario.oslets[$0].service == nil }
      .map { Int32($0) }
    broadcast = scenario.broadcast
    (processCPUs, processStart) = Self.processMap(scenario)

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
    served = Array(repeating: 0, count: scenario.oslets.count)
    queue = EventQueue(capacity: scenario.cpus.count + scenario.tasks.count + 4)
    let turns = workload.tasks.map { Self.turn($0.loop) }
    let entry = program.entry
    tasks = Cells(
      scenario.tasks.map {
        TaskState(pc: entry[Int($0.group)], home: $0.cpu, group: $0.group, process: $0.process)
      })
    slots = Cells(Array(repeating: Slot(), count: scenario.tasks.count * program.depth))
    for task in (0..<Int32(scenario.tasks.count)).shuffled(using: &random) {
      let turn = turns[Int(tasks[Int(task)].group)]
      tasks[Int(task)].used = random.unit() * costs.slice
      let point = random.unit() * (turn.computing + turn.asleep)
      if point < turn.computing {
        tasks[Int(task)].carry = point
        makeReady(task, awakened: false)
      } else {
        startAsleep(task, point - turn.computing)
      }
    }
    for cpu in cpus.indices where cpus[cpu].runHead >= 0 {
      shortenSlice(Int32(cpu), to: random.unit() * costs.slice)
    }
  }

  /// Moving one line from the cache of CPU `a` to CPU `b`, nanoseconds; zero for the same CPU and
  /// for a line that no cache holds (`a` < 0).
  @inline(__always)
  func travel(from a: Int32, to b: Int32) -> Double {
    a < 0 || a == b ? 0 : hops.cost(from: Int(a), to: Int(b))
  }

  /// Mean computing and sleeping time of one turn, without any wait.
  private static func turn(_ steps: [Step]) -> (computing: Double, asleep: Double) {
    steps.reduce(into: (0, 0)) { sum, step in
      switch step {
      case .run(let span): sum.0 += span.mean.value
      case .sleep(let span): sum.1 += span.mean.value
      case .acquire(let acquisition):
        let nested = turn(acquisition.nested)
        sum.0 += acquisition.hold.mean.value + nested.computing
        sum.1 += nested.asleep
      default: break
      }
    }
  }

  private static func processMap(_ scenario: Scenario) -> (cpus: [Int32], start: [Int32]) {
    let count = (scenario.tasks.map { Int($0.process) }.max() ?? -1) + 1
    var members = Array(repeating: [Int32](), count: count)
    for task in scenario.tasks { members[Int(task.process)].append(task.cpu) }
    var cpus: [Int32] = []
    var start: [Int32] = [0]
    for var list in members {
      list.sort()
      for (i, cpu) in list.enumerated() where i == 0 || list[i - 1] != cpu { cpus.append(cpu) }
      start.append(Int32(cpus.count))
    }
    return (cpus, start)
  }
}
