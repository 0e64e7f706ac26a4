import Measures
import TraceFormat
import Workloads

/// The classes of a trace with their waits and their demand.
struct ClassAssembly {
  /// The classes, in descending order of total wait.
  private(set) var findings: [ClassFinding] = []
  /// Their demands, in the same order.
  private(set) var demands: [ClassDemand] = []
  /// Their families, in the same order.
  private(set) var families: [LockFamily] = []
  /// Contentions and wait by (task, class).
  private(set) var taskWaits = PairTally()
  /// The same, spinning alone.
  private(set) var taskSpins = PairTally()
  /// Contentions of readers by (task, class).
  private(set) var taskReads = PairTally()
  /// Acquisitions by (task, class) of the classes that have a census: of readers, and all others.
  private(set) var taskTaken: [(task: Int32, role: Int32, reads: Double, others: Double)] = []
  /// Waits for one class inside holds of another.
  private(set) var nestings: [Nesting.Entry] = []

  /// What one pass over the waits says of each lock.
  private struct Touch {
    var contentions = 0.0
    /// The process that waited for it, -1: none yet, -2: several.
    var process: Int32 = -1
  }

  /// Assembles the classes of `naming` from paired waits.
  init(
    locks: LockLedger, waits: [Wait], holdings: ProvenHolds,
    naming: LockNaming, callers: CallerTable, tasks: [TaskLedger.Task],
    identities: [TaskNaming.Identity],
    facts: TraceFacts,
    first: UInt64, last: UInt64, total: Double, lossFactor: Double
  ) {
    let duration = Double(last - first)
    let summary = WaitSummary(waits, keys: naming.roles.count) {
      Int(naming.roleOf[Int($0.lock)])
    }
    var members = Array(repeating: [Int](), count: naming.roles.count)
    for (lock, role) in naming.roleOf.enumerated() { members[Int(role)].append(lock) }
    let touched = Self.touched(locks, waits: waits, identities: identities, factor: lossFactor)
    let contentions = touched.map(\.contentions)
    let callerRows = Self.callers(waits, naming: naming, callers: callers)
    let undisturbed = Self.undisturbed(waits, naming: naming)
    let free = Self.foundFree(locks, waits: waits, naming: naming)
    let spans = Self.spans(locks, waits: waits, undisturbed, free: free, naming: naming)
    let scopes = naming.roles.indices.map { role in
      Self.scope(naming.roles[role], members[role], touched)
    }
    func unit(_ lock: Int) -> Int32 {
      switch scopes[Int(naming.roleOf[lock])] {
      case .process: touched[lock].process
      case .cpu, .task: Int32(truncatingIfNeeded: lock)
      case .cgroup, .filesystem, .device, .image: 0
      }
    }
    var customers = Array(repeating: CustomerCount(), count: naming.roles.count)
    for wait in waits {
      let alive = tasks[Int(wait.task)].alive(from: first, to: last)
      customers[Int(naming.roleOf[Int(wait.lock)])].add(
        unit: unit(Int(wait.lock)), task: wait.task, cpu: wait.cpu, alive: alive)
    }
    let queues = ArrivalCensus.queues(waits, naming: naming)
    var place = Array(repeating: Int32(-1), count: naming.roles.count)
    for group in summary.groups {
      let role = naming.roles[group.key]
      let busiest = members[group.key].reduce(0) { max($0, contentions[$1]) }
      let readerHold = HoldEstimate(
        spans: spans.reader[group.key], shorter: spans.readerShorter[group.key])
      let longest = busiest > 0 ? duration / busiest : .infinity
      let regime = Regime(role.family, facts: facts)
      let hold = HoldEstimate(
        backlogs: spans.backlogs[group.key], shorter: spans.shorter[group.key],
        waits: spans.waits[group.key], regime: regime)?
        .bounded(by: longest)
      // Who comes finds the lock taken for as long as its owner stands, too.
      let occupied =
        hold?.source == .backlog
        ? HoldEstimate(
          spans: spans.occupied[group.key], shorter: spans.shorter[group.key])?
          .bounded(by: longest) : nil
      let spread = ClassDemand.spread(members[group.key], contentions: contentions, unit: unit)
      let blocked =
        role.family == .percpuRwsem
        ? BlockedReaders(
          queues[group.key], tasks: tasks, hold: hold, cpus: facts.topology.online.count,
          locks: members[group.key].count { contentions[$0] > 0 }, duration: duration) : nil
      let census =
        blocked != nil || role.family.kind == .mutex || spread.values.contains { $0 >= 2 }
        ? nil
        : ArrivalCensus(
          queues[group.key], family: role.family, unit: unit,
          instances: { spread[$0] ?? 1 }, hold: hold?.mean ?? 0,
          readerHold: (readerHold ?? hold)?.mean ?? 0, owned: spans.owned[group.key],
          duration: duration)
      let shares = blocked?.shares ?? census?.shares
      var demand = ClassDemand(
        scope: scopes[group.key], regime: regime, family: role.family,
        members: members[group.key], contentions: contentions, unit: unit,
        customers: customers[group.key], hold: hold, occupied: occupied ?? hold,
        meanWait: undisturbed[group.key]?.mean ?? group.histogram.mean.value,
        census: shares.map {
          ($0.total * lossFactor, census?.weight(hold, role.family) ?? 1)
        }
          ?? (role.family == .mutex
            ? Self.census(locks, members[group.key], duration: duration).map { ($0, 1) } : nil),
        duration: duration)
      demand.hasShares = shares != nil
      demand.readerHold = readerHold
      if hold?.source == .backlog, !role.family.spins {
        demand.ownerSleep = OwnerSleep(spans.slept[group.key])
      }
      // A semaphore's writers that spin are told from those that sleep by recordings that hold its owners.
      let named = role.family == .rwlock || queues[group.key].contains { $0.owner >= 0 }
      if census == nil, named, role.family == .rwlock || role.family == .rwsem {
        demand.balance(
          ReaderWriterBalance(
            readerWaits: spans.readerWaits[group.key], writerWaits: spans.writerWaits[group.key],
            isSemaphore: role.family == .rwsem, hold: hold?.mean ?? 0,
            customers: demand.customers, locks: Double(demand.instances),
            scopes: Double(max(1, spread.count)), duration: duration))
      }
      let scale = demand.acquisitionRate * duration / 1e9 / max(1, shares?.total ?? 0)
      demand.error = DemandError.of(
        role.family, hold: hold, contentions: Double(group.histogram.count))
      demand.shortestWait = undisturbed[group.key]?.shortest
      demand.narrowest = Self.narrowest(
        scopes[group.key], role: role, members[group.key], touched)
      place[group.key] = Int32(truncatingIfNeeded: findings.count)
      for share in shares ?? [] {
        taskTaken.append(
          (share.task, place[group.key], share.reads * scale, share.others * scale))
      }
      let seen = members[group.key].filter { contentions[$0] > 0 }
      findings.append(
        ClassFinding(
          role, group, demand, instances: seen.count, readers: spans.readers[group.key],
          rate: duration > 0
            ? seen.reduce(0) { $0 + contentions[$1] } * 1e9 / duration : 0,
          total: total, callers: callerRows[group.key]))
      demands.append(demand)
      families.append(role.family)
    }
    nestings =
      Nesting(
        holdings.all(locks) { free[Int(naming.roleOf[$0])] }, waits: waits,
        classOf: naming.roleOf.map { place[Int($0)] },
        families: families
      ).entries
    for wait in waits {
      let role = place[Int(naming.roleOf[Int(wait.lock)])]
      guard role >= 0 else { continue }
      taskWaits.add(wait.task, role, amount: Double(wait.length))
      if identities[Int(wait.task)].isRecorder { findings[Int(role)].recorderContentions += 1 }
      if LockFlags(rawValue: UInt32(wait.flags)).contains(.read) {
        taskReads.add(wait.task, role)
      }
      let slice = Int(Double(wait.end - first) / max(1, duration) * Double(ClassFinding.slices))
      findings[Int(role)].waitNsBySlice[min(ClassFinding.slices - 1, slice)] += Double(wait.length)
      taskSpins.add(wait.task, role, amount: Double(wait.length - min(wait.length, wait.asleep)))
    }
  }

  private static func touched(
    _ locks: LockLedger, waits: [Wait], identities: [TaskNaming.Identity], factor: Double
  ) -> [Touch] {
    var touched = locks.instances.map { Touch(contentions: Double($0.orphans) * factor) }
    for wait in waits {
      let lock = Int(wait.lock)
      touched[lock].contentions += factor
      let process = identities[Int(wait.task)].process
      if touched[lock].process == -1 {
        touched[lock].process = process
      } else if touched[lock].process != process {
        touched[lock].process = -2
      }
    }
    return touched
  }

  /// A lock that only one process was seen to wait for may be that process's, if nothing says that it
  /// is the image's.
  private static func narrowest(
    _ scope: Scope, role: LockNaming.Role, _ members: [Int], _ touched: [Touch]
  ) -> Scope? {
    guard scope == .image, ScopeRule.isOpen(role) else { return nil }
    let all = members.reduce(0) { $0 + touched[$1].contentions }
    let own = members.reduce(0) { $0 + (touched[$1].process >= 0 ? touched[$1].contentions : 0) }
    return own >= ScopeRule.single * all ? .process : nil
  }

  private static func scope(
    _ role: LockNaming.Role, _ members: [Int], _ touched: [Touch]
  ) -> Scope {
    let all = members.reduce(0) { $0 + touched[$1].contentions }
    let own = members.filter { touched[$0].process >= 0 }
    let privately = own.reduce(0) { $0 + touched[$1].contentions }
    return ScopeRule.scope(
      role, privateShare: all > 0 ? privately / all : 0,
      instances: members.count { touched[$0].contentions > 0 },
      processes: Set(own.map { touched[$0].process }).count)
  }

  /// Acquisitions of a class of mutexes over the recording, from the time in which every one is
  /// traced; nil where that was less than a hundredth, or saw fewer than a hundred.
  private static func census(
    _ locks: LockLedger, _ members: [Int], duration: Double
  ) -> Double? {
    var time = 0.0
    var arrivals = 0.0
    var all = 0.0
    for lock in members where locks.instances[lock].census > 0 {
      time += Double(locks.instances[lock].census)
      arrivals += Double(locks.instances[lock].censusArrivals)
      all += duration
    }
    return time > 0.01 * all && arrivals >= 100 ? arrivals * all / time : nil
  }

  private static func callers(
    _ waits: [Wait], naming: LockNaming, callers: CallerTable
  ) -> [[ClassFinding.Caller]] {
    var tally = PairTally()
    for wait in waits {
      tally.add(
        naming.roleOf[Int(wait.lock)], callers.caller(wait.stack), amount: Double(wait.length))
    }
    var rows = Array(repeating: [ClassFinding.Caller](), count: naming.roles.count)
    for entry in tally.entries {
      rows[Int(entry.first)].append(
        ClassFinding.Caller(
          symbol: entry.second < 0 ? "[no stack]" : callers.names[Int(entry.second)],
          contentions: entry.count, waitNsTotal: entry.total))
    }
    return rows.map { callers in
      callers.sorted { ($1.waitNsTotal, $0.symbol) < ($0.waitNsTotal, $1.symbol) }
    }
  }
}

extension ClassFinding {
  fileprivate init(
    _ role: LockNaming.Role, _ group: WaitSummary.Group, _ demand: ClassDemand, instances: Int,
    readers: UInt64, rate: Double, total: Double, callers: [Caller]
  ) {
    let count = group.histogram.count
    let hold = demand.hold
    let shape = hold.flatMap { Distribution.empirical(values: $0.values, weights: $0.weights) }
    self.init(
      name: role.name, kind: role.family.name(readers * 2 > count ? .read : .write),
      scope: demand.scope, instances: instances, instancesPerScope: demand.instances,
      contentions: count, readerContentions: readers, contentionsPerSecond: rate,
      wait: WaitTimes(group.histogram), spinNs: group.spin,
      share: total > 0 ? group.histogram.total.value / total : 0,
      hold: Hold(
        mean: hold?.mean ?? 0, source: hold?.source == .backlog ? "backlog" : "none",
        method: hold?.source.rawValue ?? "none", samples: hold?.samples ?? 0,
        p50: hold?.median ?? 0, squaredVariation: shape?.squaredVariation ?? 0),
      thinkNs: demand.think, customers: demand.customers,
      acquisitionsPerSecond: demand.acquisitionRate, regime: demand.regime,
      predictedWaitNs: hold?.source == .backlog ? demand.predictedWait : nil, callers: callers)
  }
}

extension HoldEstimate {
  /// The median, nanoseconds.
  fileprivate var median: Double {
    let half = weights.reduce(0, +) / 2
    var sum = 0.0
    for (value, weight) in zip(values, weights) {
      sum += weight
      if sum >= half { return value }
    }
    return values.last ?? 0
  }
}
