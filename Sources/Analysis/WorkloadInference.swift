import Measures
public import Workloads

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension Findings {
  /// The workload behind the findings: who does what, how often, and which locks it takes, the
  /// acquisitions that nobody saw included.
  ///
  /// How rates, holds, runs and sleeps are found is in docs/inference.md.
  ///
  /// - Parameters:
  ///   - name: the workload's name, for reports.
  ///   - lines: modified cache lines that move with a lock to its next owner, its own included.
  ///   - machine: the recorded machine. What a line costs on it is taken off every hold, because the
  ///     hold that a hand-over shows contains it and a replay adds it again; what a call to another
  ///     CPU took beyond its interrupt's cost is its handler's. Nil: a line of 47 ns (median of
  ///     published same-socket figures, see `Analyzer.finish`), and handlers as they were traced.
  /// - Returns: a workload that validates, unless the trace holds no task at all: then its tasks are
  ///   empty.
  public func workload(
    name: String, lines: Double = 1, recordedOn machine: Machine? = nil
  ) -> Workload {
    let inference = WorkloadInference(self, lines: lines, machine: machine)
    return inference.workload(name: name)
  }

  /// CPU time that tasks lose beside others to no traced cause, nanoseconds.
  func untracedNs() -> Double {
    WorkloadInference(self, lines: 1, machine: nil).untracedLines().lostNs.reduce(0, +)
  }
}

/// The steps from findings to a workload.
struct WorkloadInference {
  let findings: Findings
  let evidence: Evidence
  let duration: Double
  let lines: Double
  /// What moving one line costs, nanoseconds; and what a hand-over adds to a hold.
  let transferNs: Double
  let overheadNs: Double
  /// What an interrupt costs its sender beside the handler, nanoseconds; nil where not known.
  let roundTripNs: Double?
  /// What a replay on the recorded machine adds for one interrupt sent and for one task switch,
  /// nanoseconds; 0 where not known.
  let sendNs: Double
  let switchNs: Double
  let grouping: TaskGrouping
  let signals: SignalPlan
  let nesting: NestingPlan
  /// The share of the run time of all groups that handlers of other CPUs' interrupts take.
  let stolenShare: Double
  /// Classes that the workload keeps.
  let kept: [Bool]
  /// What the classes amount to that it does not keep.
  let unknown: UnknownDemand

  /// Fewest spans behind a hold that is believed.
  private static let fewestSamples = 10

  init(_ findings: Findings, lines: Double, machine: Machine?) {
    self.findings = findings
    evidence = findings.evidence
    duration = findings.durationNs
    self.lines = lines
    let lineTransferNs = machine.map {
      $0.lineTransfer.cost(at: $0.topology.coresPerIsland > 1 ? .island : .cross, in: $0.topology)
        .value
    }
    transferNs = lineTransferNs ?? 47
    overheadNs = lines * transferNs + evidence.probeNs
    let roundTripNs = machine.map {
      $0.interrupt.send.value + $0.interrupt.deliver.value + $0.interrupt.acknowledge.value
    }
    self.roundTripNs = roundTripNs
    sendNs = machine?.interrupt.send.value ?? 0
    switchNs = machine?.constants["context_switch_ns"] ?? 0
    var grouping = TaskGrouping(evidence, classes: findings.classes.map(\.name))
    if !evidence.hasSwitches { grouping.assumeBusy(cpus: findings.cpus, duration: duration) }
    self.grouping = grouping
    signals = SignalPlan(evidence, grouping, durationNs: findings.durationNs)
    let ran = grouping.groups.reduce(0) { $0 + $1.ran }
    let traced = zip(evidence.functions, evidence.functionNames)
    let stolen = traced.reduce(0) {
      $0 + Double($1.0.run) * Self.handler($1.0, $1.1, roundTripNs: roundTripNs)
    }
    stolenShare = ran > 0 ? min(0.5, max(stolen, findings.ipi.handlerNs) / ran) : 0
    // A handful of waits says neither how long a lock is held nor how often it is taken.
    // A lock of a CPU or a task is contended by interrupts and wake-ups from elsewhere, which no loop
    // of tasks plays: its waits stay unknown, its holds stay computing.
    kept = zip(evidence.demands, findings.classes).map { demand, row in
      demand.scope > .task
        && (demand.hold?.samples ?? 0) >= Self.fewestSamples
    }
    nesting = NestingPlan(evidence.nestings, grouping, kept: kept)
    unknown = UnknownDemand(
      grouping.groups,
      classes: zip(evidence.demands, kept).enumerated().filter {
        !$0.element.1 && $0.element.0.scope > .task
      }.map(\.offset), cpus: findings.cpus, duration: findings.durationNs)
  }

  func workload(name: String) -> Workload {
    var tasks: [TaskGroup] = []
    var operations = 0.0
    var used = Array(repeating: 0.0, count: kept.count)
    var usedCount = used
    let lined = untracedLines()
    let plans = zip(grouping.groups, lined.touches).map { plan($0, touches: $1) }
    let sleeps = plans.map { Double($0.sleeps) * $0.total / $0.turn.operations }
    for (number, group) in grouping.groups.enumerated() {
      let plan = plans[number]
      let wakes = signals.rates(of: number, total: plan.total, sleeps: sleeps)
      guard let loop = loop(group, number, plan, lined, wakes: wakes) else { continue }
      tasks.append(
        TaskGroup(
          name: group.name, count: count(group), process: group.process, loop: loop,
          background: group.isHeldBack ? true : nil))
      operations += plan.total
      for index in kept.indices where plan.count(index) + plan.readers(index) > 0 {
        used[index] += group.waits[index]
        usedCount[index] += group.contentions[index]
      }
    }
    let all = findings.classes.reduce(0) { $0 + $1.wait.total }
    let known = used.reduce(0, +)
    let isUnknown = tasks.contains { $0.loop.contains(unknown.step) }
    var workload = Workload(
      name: name, recordedCPUs: findings.cpus,
      classes: classes(used) + lined.classes + (isUnknown ? [unknown.lockClass] : []),
      tasks: tasks,
      edges: TaskMeetings(evidence, grouping, tasks: tasks).edges(duration: duration),
      unknownShare: all > 0 ? max(0, min(1, 1 - known / all)) : 0,
      measured: measured(operations: operations, used: used, counts: usedCount))
    workload.computingError = computingError
    return workload
  }

  /// Computing is what is left of CPU time when all else is taken off: what the round trip shows it to be
  /// off by where nothing else is (docs/inference.md), and the error of the groups' paces.
  private var computingError: Double {
    let ran = grouping.groups.reduce(0) { $0 + $1.ran }
    let pace = grouping.groups.reduce(0) { $0 + ($1.pace.error ?? 0) * $1.ran }
    return (1000 * hypot(0.02, ran > 0 ? pace / ran : 0)).rounded() / 1000
  }

  /// What one group does per operation, and over how many operations.
  private struct Plan {
    /// Operations of the group in the recording.
    var total: Double
    /// Acquisitions by class, those of readers by class, sleeps, calls by function.
    var turn: TurnPlan
    var classes: Int
    /// The part of what owners of its locks sleep that the group can have slept: all of it, unless it slept
    /// less.
    var sleepPart: Double

    /// Acquisitions a turn, without those of readers.
    func count(_ index: Int) -> Int { turn.counts[index] }
    /// Acquisitions of readers a turn.
    func readers(_ index: Int) -> Int { turn.counts[classes + index] }
    var sleeps: Int { turn.counts[2 * classes] }
    /// Acquisitions of locks that nothing is known of a turn.
    var unknown: Int { turn.counts[2 * classes + 1] }
    /// Touches of lines that no wait shows a turn.
    var touches: Int { turn.counts[2 * classes + 2] }
    func calls(_ function: Int) -> Int { turn.counts[2 * classes + 3 + function] }
  }

  /// Acquisitions of a class by a group over the recording: of readers, and all others.
  func acquisitions(
    _ group: TaskGrouping.Group, _ index: Int
  ) -> (others: Double, readers: Double) {
    guard kept[index] else { return (0, 0) }
    let row = findings.classes[index]
    let demand = evidence.demands[index]
    if demand.hasShares { return (group.taken[index], group.takenReads[index]) }
    // Contentions that lost an end are counted in the class's rate alone.
    let seen = Double(max(1, row.contentions)) * 1e9 / duration
    let orphans = max(1, row.contentionsPerSecond / seen)
    let readers = hasReaders(index) ? group.reads[index] : 0
    let each = orphans * demand.acquisitionsPerContention
    if let own = demand.perContention {
      return (
        (group.contentions[index] - readers) * orphans * own.write, readers * orphans * own.read
      )
    }
    return ((group.contentions[index] - readers) * each, readers * each)
  }

  private func hasReaders(_ index: Int) -> Bool { evidence.families[index].kind.hasReaders }

  /// The progress of a group: system calls; a group without any makes one step of progress per
  /// acquisition of the class it takes most, or per millisecond of computing.
  func operations(_ group: TaskGrouping.Group) -> Double {
    guard group.systemCalls == 0 else { return group.systemCalls }
    let most = group.contentions.indices.reduce(0) {
      let taken = acquisitions(group, $1)
      return max($0, taken.others, taken.readers)
    }
    return max(most, group.ran / 1e6, 1)
  }

  private func plan(_ group: TaskGrouping.Group, touches: Double) -> Plan {
    let pairs = group.contentions.indices.map { acquisitions(group, $0) }
    let taken = pairs.map(\.others) + pairs.map(\.readers)
    let total = operations(group)
    let waited = max(1, group.waits.reduce(0, +))
    let owners = zip(pairs, evidence.demands).map { ($0.others, $1.ownerSleep) }
    let slept = owners.reduce(0) { $0 + $1.0 * ($1.1?.mean ?? 0) }
    let sleepPart = slept > 0 ? min(1, group.slept / slept) : 0
    let nested = owners.reduce(0) { $0 + $1.0 * ($1.1?.share ?? 0) }
    let sleeps = max(0, group.sleeps - nested * sleepPart)
    let events = taken + [sleeps, unknown.acquisitions(group), touches] + group.calls
    let weight = pairs.indices.map { group.waits[$0] / waited }
    let weights =
      weight + weight + [group.slept > 0 ? 0.5 : 0, 0.02, 0.1] + group.calls.map { _ in 0.02 }
    return Plan(
      total: total, turn: TurnPlan(rates: events.map { $0 / total }, weights: weights),
      classes: pairs.count, sleepPart: sleepPart)
  }

  private func count(_ group: TaskGrouping.Group) -> Int {
    max(1, Int(group.concurrency.rounded()))
  }

  private func loop(
    _ group: TaskGrouping.Group, _ number: Int, _ plan: Plan, _ lined: UntracedLines,
    wakes: [Double]
  ) -> [Step]? {
    guard duration > 0, group.ran > 0 else { return nil }
    let turns = plan.total / plan.turn.operations
    let classes = kept.count
    // CPU time a turn, what is not computing taken off.
    var run = (group.ran - waited(group) - lined.lostNs[number]) / turns
    // A switch is part of the CPU time of the tasks it is between. What a replay adds for switches and
    // interrupts may be more than they took in this recording, but not more than half of all.
    let added = group.takeovers * switchNs + sent(group) * sendNs
    run -= min(added, group.ran / 2) / turns
    let least = group.ran / turns * 0.01
    var nest = NestedLoop(nesting, group: number)
    for index in 0..<classes {
      guard let own = hold(index) else { continue }
      nest.add(
        index, writes: plan.count(index), reads: plan.readers(index), hold: own,
        readerHold: hold(index, isReader: true),
        waitNs: group.waits[index] / turns,
        holdHasWaits: evidence.demands[index].hold?.source != .backlog)
    }
    let holds = nest.holdsNs
    // Owners of a lock that sleeps sleep too: what the CPU time cannot hold is slept.
    let onCPU = holds > 0 ? min(1, max(0, run - least) * 0.9 / holds) : 1
    // But not longer than the group slept: what is beyond that is no hold.
    let excess = holds * (1 - onCPU)
    let asleep = excess > 0 ? min(1, group.slept / turns / excess) : 0
    var builder = LoopBuilder()
    var sleptHolding = 0.0
    for index in nesting.order {
      let sleeps = !evidence.families[index].spins && onCPU < 1 && asleep > 0
      let steps = [false, true].flatMap { isReader -> [Step] in
        let count = Double(isReader ? plan.readers(index) : plan.count(index))
        guard count > 0, let hold = nest.hold(index, isReader: isReader) else { return [] }
        let busy = hold.scaled(by: onCPU)
        let rest = hold.mean.value * (1 - onCPU) * asleep
        run -= count * busy.mean.value
        if sleeps { sleptHolding += count * rest }
        var nested: [Step] = sleeps ? [.sleep(.exponential(mean: Nanoseconds(rest)))] : []
        if !isReader, let slept = evidence.demands[index].ownerSleep?.distribution(plan.sleepPart) {
          sleptHolding += count * slept.mean.value
          nested.append(.sleep(slept))
        }
        return nest.acquisitions(
          index, isReader: isReader,
          of: Acquisition(
            findings.classes[index].name,
            mode: hasReaders(index) ? (isReader ? .read : .write) : nil, hold: busy,
            nested: nested))
      }
      for steps in nest.keepingNested(steps, of: index) { builder.add(steps) }
    }
    if plan.unknown > 0 {
      run -= Double(plan.unknown) * unknown.holdNs
      builder.add(unknown.step, count: plan.unknown)
    }
    if let name = lined.names[number] { builder.add(.touch(name), count: plan.touches) }
    for (woken, rate) in wakes.enumerated() where rate > 0 {
      let count = max(1, Int((rate * plan.turn.operations).rounded()))
      builder.add(.wake(grouping.groups[woken].name), count: count)
    }
    addSleeps(group, plan, turns: turns, holding: sleptHolding, to: &builder)
    addCalls(group, plan, to: &builder)
    return builder.loop(run: max(run, least), operations: plan.turn.operations)
  }

  private func addSleeps(
    _ group: TaskGrouping.Group, _ plan: Plan, turns: Double, holding: Double,
    to builder: inout LoopBuilder
  ) {
    let count = plan.sleeps
    // Whole tasks stand for the average number alive: the difference is slept.
    let rest = (Double(self.count(group)) - group.concurrency) * duration
    let slept = (group.slept + rest) / turns - holding
    guard count > 0, slept > 0 else { return }
    builder.add(.sleep(.exponential(mean: Nanoseconds(slept / Double(count)))), count: count)
  }

  private func addCalls(
    _ group: TaskGrouping.Group, _ plan: Plan, to builder: inout LoopBuilder
  ) {
    for (index, function) in evidence.functions.enumerated() {
      let count = plan.calls(index)
      guard count > 0 else { continue }
      let name = evidence.functionNames[index]
      let each = group.targets[index] / max(1, group.calls[index])
      let targets: Workloads.Interrupt.Targets =
        name == "flush_tlb_func"
        ? .mm
        : each < 1.5
          ? .one
          : findings.cpus > 2 && each > 0.9 * Double(findings.cpus - 1)
            ? .all : .count(Int(each.rounded()))
      builder.add(
        .ipi(
          Interrupt(
            targets: targets, function: name, waits: WaitedFunction.contains(name),
            handler: .exponential(
              mean: Nanoseconds(Self.handler(function, name, roundTripNs: roundTripNs))))),
        count: count)
    }
  }

  /// The hold of a class without what a hand-over adds to it; of a lock with readers theirs too, as
  /// far as nothing says otherwise.
  private func hold(_ index: Int, isReader: Bool = false) -> Distribution? {
    let demand = evidence.demands[index]
    guard let hold = isReader ? demand.readerHold ?? demand.hold : demand.hold else { return nil }
    return .empirical(
      values: hold.values.map { max($0 * 0.1, $0 - overheadNs).rounded() },
      weights: hold.weights)
  }

  private func classes(_ used: [Double]) -> [LockClass] {
    used.indices.filter { used[$0] > 0 }.map { index in
      let row = findings.classes[index]
      let demand = evidence.demands[index]
      let family = evidence.families[index]
      var lock = LockClass(
        name: row.name,
        kind: family == .spinlock && evidence.hasTicketLocks ? .ticket : family.kind,
        mode: row.readerContentions * 2 > row.contentions ? .read : .write, scope: demand.scope,
        instances: demand.instances, lines: lines, group: LockGroup.group(row.name))
      lock.demandError = demand.error
      lock.narrowest = demand.narrowest
      return lock
    }
  }

  private func measured(
    operations: Double, used: [Double], counts: [Double]
  ) -> MeasuredRun {
    MeasuredRun(
      durationNs: duration,
      throughputPerSecond: duration > 0 ? operations * 1e9 / duration : 0,
      waits: used.indices.filter { used[$0] > 0 }.map { index in
        let row = findings.classes[index]
        return MeasuredRun.ClassWait(
          name: row.name, waitNsMean: evidence.demands[index].meanWait,
          contentionsPerSecond: row.contentionsPerSecond * counts[index]
            / Double(max(1, row.contentions)),
          shortestWaitNs: evidence.demands[index].shortestWait)
      },
      firstSpinnerTraced: zip(evidence.families, findings.classes).contains {
        $0 == .spinlock && $1.regime == .everyWaiter
      })
  }
}

extension TaskGrouping {
  /// Gives every group the CPU time it would have if its tasks, or the CPUs if they are fewer, ran
  /// throughout: a trace without task switches says no better.
  fileprivate mutating func assumeBusy(cpus: Int, duration: Double) {
    let tasks = groups.reduce(0) { $0 + $1.concurrency }
    guard tasks > 0 else { return }
    let busy = min(1, Double(cpus) / tasks)
    for index in groups.indices { groups[index].ran = groups[index].concurrency * duration * busy }
  }
}
