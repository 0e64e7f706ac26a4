import Foundation
import Measures
import Workloads

/// A workload drawn at random, with what a recorder could say of its locks: the known truth that a
/// round trip starts from.
///
/// One to twenty classes of every kind and scope, one to four groups of tasks that take them in turns of
/// computing, acquisitions (some nested, some of readers) and sleep. Computing is scaled until the
/// busiest lock is busy for a chosen share of the recording.
struct RandomWorkload: Sendable {
  /// How the spinlocks of the recorded kernel show in its trace.
  enum Spinlocks: String, Sendable {
    /// The first waiter spins on the pending bit, untraced.
    case native = "first waiter not traced (native qspinlock, pending bit)"
    /// Every waiter queues.
    case paravirtual = "every waiter (paravirt qspinlock)"
    /// Ticket locks, whose waiters all spin on one line.
    case ticket = "every waiter (ticket lock)"
  }

  /// The truth.
  private(set) var workload: Workload
  /// What names each class in the trace, in the order of its classes.
  private(set) var labels: [LockLabel] = []
  /// How spinlocks are traced.
  let spinlocks: Spinlocks

  private var random: SeededGenerator

  /// The workload of this number.
  init(_ number: Int) {
    random = SeededGenerator(seed: 0x7269_7074, stream: UInt64(number))
    let cpus = [2, 4, 8, 16][number % 4]
    // On two CPUs a native queue shows nothing at all.
    let choices: [Spinlocks] =
      cpus == 2 ? [.paravirtual, .ticket] : [.native, .native, .paravirtual, .ticket]
    spinlocks = choices[random.index(below: choices.count)]
    workload = Workload(
      name: "random \(number)", recordedCPUs: cpus, classes: [], tasks: [])
    let count = [1, 2, 3, 5, 8, 12, 20][random.index(below: 7)]
    drawClasses(count)
    drawTasks()
    scale(toBusiest: span(0.15, 0.6))
  }

  /// A number between the two, evenly in its logarithm.
  private mutating func span(_ low: Double, _ high: Double) -> Double {
    low * pow(high / low, random.unit())
  }

  private mutating func pick<T>(_ choices: [(Double, T)]) -> T {
    var rest = random.unit() * choices.reduce(0) { $0 + $1.0 }
    for (weight, choice) in choices {
      rest -= weight
      if rest < 0 { return choice }
    }
    return choices[choices.count - 1].1
  }

  // MARK: classes

  /// Draws classes, those that sleep first: the order in which they nest.
  private mutating func drawClasses(_ count: Int) {
    let spinning: LockKind = spinlocks == .ticket ? .ticket : .spinlock
    var kinds: [LockKind] = (0..<count).map { _ in
      pick([
        (8, spinning), (2, .rwlock), (4, .mutex), (3, .rwsem), (1, .percpuRwsem), (1, .rtmutex),
      ])
    }
    kinds.sort { !$0.spins && $1.spins }
    for (index, kind) in kinds.enumerated() {
      let own: [(Double, Scope)] =
        kind.spins && !kind.hasReaders ? [(0.5, .cpu), (0.5, .task)] : []
      let scope = pick(
        [(5, Scope.image), (2, .process), (1, .filesystem), (1, .cgroup), (0.7, .device)] + own)
      let label = LockLabel(kind, scope, number: index, taken: labels)
      let isTable = scope == .image && random.unit() < 0.2
      labels.append(label)
      workload.classes.append(
        LockClass(
          name: label.className, kind: kind, scope: scope,
          instances: isTable ? [4, 16, 64][random.index(below: 3)] : 1, lines: 1))
    }
  }

  private mutating func hold(_ kind: LockKind) -> Distribution {
    let mean = Nanoseconds((kind.spins ? span(300, 5_000) : span(1_000, 30_000)).rounded())
    return pick([
      (3, .exponential(mean: mean)), (2, .constant(mean)),
      (3, .logNormal(mean: mean, variation: (span(0.5, 2.5) * 10).rounded() / 10)),
      (1, .uniform(low: .zero, high: mean * 2)),
    ])
  }

  // MARK: tasks

  private mutating func drawTasks() {
    let cpus = workload.recordedCPUs
    let groups = 1 + random.index(below: min(4, cpus))
    var left = cpus
    for index in 0..<groups {
      let count = index + 1 == groups ? left : 1 + random.index(below: left - (groups - index - 1))
      left -= count
      let sleeps = random.unit() < 0.3
      var loop = steps(group: index, of: groups)
      if sleeps { loop.append(.sleep(.exponential(mean: Nanoseconds(span(5e4, 5e5).rounded())))) }
      // A lone step would follow itself, and nobody who looks in between could tell that it did.
      if loop.count == 1 { loop = [loop[0].halved, loop[0].halved] }
      loop.append(.operation(1))
      // Tasks of one process, or each its own; sleepers leave room for more than one a CPU.
      workload.tasks.append(
        TaskGroup(
          name: "group\(index)", count: sleeps ? 2 * count : count,
          process: random.unit() < 0.4 ? "process\(index)" : nil, loop: loop))
    }
    // Writers of a per-CPU semaphore are rare: each one stops the world of its readers.
    for lock in workload.classes where lock.kind == .percpuRwsem {
      workload.tasks.append(
        TaskGroup(
          name: "freezer \(lock.name)", count: 2,
          loop: [
            .sleep(.exponential(mean: Nanoseconds(span(1e7, 4e7).rounded()))),
            .acquire(
              Acquisition(lock.name, mode: .write, hold: .exponential(mean: Nanoseconds(20_000)))),
            .operation(1),
          ]))
    }
  }

  /// The acquisitions of a group with computing in between; every class is some group's.
  private mutating func steps(group: Int, of groups: Int) -> [Step] {
    var steps: [Step] = []
    for (index, lock) in workload.classes.enumerated()
    where index % groups == group || random.unit() < 0.3 {
      var modes: [LockMode?] = [nil]
      if lock.kind.hasReaders {
        // An rwsem that has writers alone is never seen: they spin, untraced.
        modes = lock.kind == .percpuRwsem ? [.read] : [.read, .read, .write]
      }
      for mode in modes {
        steps.append(run())
        steps.append(.acquire(acquisition(index, mode)))
      }
    }
    steps.append(run())
    return steps
  }

  private mutating func run() -> Step {
    .run(.exponential(mean: Nanoseconds(span(3_000, 30_000).rounded())))
  }

  private mutating func acquisition(_ index: Int, _ mode: LockMode?) -> Acquisition {
    let lock = workload.classes[index]
    var made = Acquisition(lock.name, mode: mode, hold: hold(lock.kind))
    let inner = workload.classes.indices.filter {
      $0 > index && (!lock.kind.spins || workload.classes[$0].kind.spins)
        && workload.classes[$0].kind != .percpuRwsem
    }
    if let first = inner.first, random.unit() < 0.25 {
      let chosen = first + random.index(below: inner.count)
      let mode: LockMode? = workload.classes[chosen].kind.hasReaders ? .read : nil
      made.nested = [
        .acquire(
          Acquisition(
            workload.classes[chosen].name, mode: mode, hold: hold(workload.classes[chosen].kind)))
      ]
    }
    return made
  }

  // MARK: load

  /// Scales computing so that the busiest lock is owned for `share` of the time.
  private mutating func scale(toBusiest share: Double) {
    // No more than the means drawn: a system call computes for microseconds between two locks.
    var (low, high) = (0.5, 1e4)
    for _ in 0..<60 {
      let middle = (low * high).squareRoot()
      if busiest(computing: middle) > share { low = middle } else { high = middle }
    }
    for index in workload.tasks.indices {
      workload.tasks[index].loop = workload.tasks[index].loop.map { step in
        guard case .run(let span) = step else { return step }
        return .run(span.scaled(by: (low * high).squareRoot()))
      }
    }
  }

  /// The share of time for which the busiest lock would be owned if nobody ever waited.
  private func busiest(computing factor: Double) -> Double {
    var owned = Dictionary(uniqueKeysWithValues: workload.classes.map { ($0.name, 0.0) })
    for group in workload.tasks where !group.name.hasPrefix("freezer") {
      var turn = 0.0
      var held: [String: Double] = [:]
      func add(_ steps: [Step], outer: [String]) {
        for step in steps {
          switch step {
          case .run(let span): turn += span.mean.value * factor
          case .sleep(let span): turn += span.mean.value
          case .acquire(let acquisition):
            let mean = acquisition.hold.mean.value
            turn += mean
            // Readers share: a third of an owner each.
            let weight = acquisition.mode == .read ? 1.0 / 3 : 1
            for name in outer { held[name, default: 0] += mean }
            held[acquisition.lockClass, default: 0] += weight * mean
            add(acquisition.nested, outer: outer + [acquisition.lockClass])
          default: break
          }
        }
      }
      add(group.loop, outer: [])
      for (name, span) in held { owned[name, default: 0] += Double(group.count) * span / turn }
    }
    let processes = workload.tasks.reduce(0) { $0 + ($1.process == nil ? $1.count : 1) }
    return workload.classes.reduce(0) { most, lock in
      let domains =
        lock.scope <= .task ? Double.infinity : lock.scope == .process ? Double(processes) : 1
      return max(most, owned[lock.name, default: 0] / domains / Double(lock.instances))
    }
  }
}

extension Step {
  /// Half of a step of computing.
  fileprivate var halved: Step {
    guard case .run(let span) = self else { return self }
    return .run(span.scaled(by: 0.5))
  }
}
