import Measures
public import TraceFormat

extension Analyzer {
  /// What the trace shows, once its last event was added.
  ///
  /// - Parameters:
  ///   - stacks: the trace's stacks.
  ///   - symbols: its symbols.
  ///   - tasks: its tasks.
  ///   - losses: what could not be recorded.
  ///   - aggregates: what was counted and added up in the kernel instead.
  ///   - lineTransfer: nanoseconds to move one modified line between the recorded CPUs; the default
  ///     is the median of published same-socket figures (47 ns: core-to-core-latency, N. Viennot,
  ///     2022), to be replaced by a calibrated one.
  public consuming func finish(
    stacks: [StackRecord], symbols: [SymbolRecord], tasks records: [TaskRecord],
    losses: [LossRecord], aggregates: [AggregateRecord] = [], lineTransferNs: Double = 47
  ) -> Findings {
    closeSegments()
    pairing.finish(locks: &locks)
    interrupts.finish()
    let instances = reach(aggregates)
    let symbols = Symbolizer(symbols)
    let callers = CallerTable(stacks, symbols: symbols)
    let naming = LockNaming(locks, waits: pairing.waits, callers: callers, symbols: symbols)
    let identities = TaskNaming(tasks, table: records, facts: facts).identities
    let duration = Double(last - first)
    let waits = pairing.waits
    let total = waits.reduce(0.0) { $0 + Double($1.length) }
    let assembly = ClassAssembly(
      locks: locks, waits: waits, holdings: holdings, naming: naming,
      callers: callers, tasks: tasks.tasks,
      identities: identities, facts: facts, first: first, last: last, total: total,
      lossFactor: lossFactor(losses) * aggregateFactor(aggregates))
    let functionNames = interrupts.functions.map { name(of: $0.address, symbols) }
    let own = RecorderTraffic(waits, tasks, interrupts.calls, identities: identities)
    var ipi = interrupts.findings(names: functionNames, cpus: cpuCount)
    ipi.label(own.callsByFunction(functionNames))
    let rows = RowAssembly(
      waits: waits, total: total, naming: naming, callers: callers, locks: locks,
      identities: identities, tasks: tasks.tasks)
    let times = cpuTimes(duration)
    var findings = Findings(
      durationNs: duration, cpus: cpuCount, events: events, eventsByKind: eventsByKind,
      lost: lost(losses),
      aggregated: aggregates.isEmpty
        ? nil
        : AggregateFindings(
          aggregates, recorded: byKind[Int(EventKind.contentionBegin.rawValue)],
          instances: instances, naming: naming, callers: callers),
      pairing: pairing.account, owners: owners,
      ceiling: ceiling(assembly, ipi: ipi, duration: duration, lineTransferNs: lineTransferNs),
      classes: assembly.findings, locks: rows.locks, callers: rows.callers, tasks: rows.tasks,
      processes: rows.processes, cgroups: rows.cgroups, cpuRows: rows.cpus, cpuTimes: times,
      ipi: ipi, tlb: FlushFindings(tlb), activity: activity(identities, duration: duration),
      wakeUps: wakeUps(identities), recorder: own,
      evidence: Evidence(
        first: first, last: last, tasks: tasks.tasks, identities: identities,
        waits: assembly.taskWaits.entries,
        spins: assembly.taskSpins.entries, wakes: tasks.wakes.entries,
        signals: tasks.signals.entries,
        handOvers: TaskMeetings.handOvers(waits, locks: locks.instances.count),
        reads: assembly.taskReads.entries, taken: assembly.taskTaken,
        nestings: assembly.nestings,
        demands: assembly.demands, families: assembly.families, calls: interrupts.calls.entries,
        functions: interrupts.functions, functionNames: functionNames,
        hasTicketLocks: facts.regimes["spinlock"]?.contains("ticket") ?? false,
        hasSwitches: byKind[Int(EventKind.schedSwitch.rawValue)] > 0,
        probeNs: probeNs, contentionProbesNs: contentionProbesNs))
    let time = findings.ceiling.cpuTimeNs
    if time > 0 { findings.ceiling.untracedShare = min(1, findings.untracedNs() / time) }
    return findings
  }

  /// Makes the locks of waits that were added up known, and the recording as long as they are.
  ///
  /// Returns the instance of each record's lock, -1 where it has none.
  private mutating func reach(_ aggregates: [AggregateRecord]) -> [Int32] {
    aggregates.map { record in
      if events == 0, first == 0 { first = record.first.nanosecondsSinceBoot }
      first = min(first, record.first.nanosecondsSinceBoot)
      last = max(last, record.last.nanosecondsSinceBoot)
      guard record.lock != 0, let flags = record.flags else { return -1 }
      return locks.instance(record.lock, LockFamily(flags))
    }
  }

  /// By how much traced contentions fall short because others were counted alone.
  private func aggregateFactor(_ aggregates: [AggregateRecord]) -> Double {
    let counted = aggregates.reduce(0.0) {
      $0 + ($1.kind == .contentionBegin && $1.histogram.isEmpty ? Double($1.count) : 0)
    }
    let seen = Double(byKind[Int(EventKind.contentionBegin.rawValue)])
    return seen > 0 ? 1 + counted / seen : 1
  }

  /// CPUs of the machine: what the topology says, at least what was seen.
  private var cpuCount: Int {
    max(1, facts.topology.online.count, cpus.cpus.count)
  }

  /// What the contention_end probe adds to the hold of the owner it runs in.
  private var probeNs: Double {
    facts.cost?.byProgram.filter { $0.key.contains("contention_end") }.map(\.value).max() ?? 0
  }

  /// What the probes of one contention take: those of its begin and its end.
  private var contentionProbesNs: Double {
    facts.cost?.byProgram.filter { $0.key.contains("contention_") }.map(\.value).reduce(0, +) ?? 0
  }

  private var eventsByKind: [String: UInt64] {
    var counts: [String: UInt64] = [:]
    for kind in EventKind.allCases where byKind[Int(kind.rawValue)] > 0 {
      counts[kind.name] = byKind[Int(kind.rawValue)]
    }
    return counts
  }

  private func name(of address: UInt64, _ symbols: Symbolizer) -> String {
    symbols.function(at: address) ?? (address == 0 ? "reschedule" : "[unknown function]")
  }

  /// By how much traced contentions fall short because events were lost.
  private func lossFactor(_ losses: [LossRecord]) -> Double {
    let kinds: Set<EventKind> = [.contentionBegin, .contentionEnd]
    let lost = losses.filter { kinds.contains($0.kind) }.reduce(0.0) { $0 + Double($1.lost) }
    let seen = kinds.reduce(0.0) { $0 + Double(byKind[Int($1.rawValue)]) }
    // A contention leaves a trace of itself unless both its ends are lost.
    let share = seen + lost > 0 ? lost / (seen + lost) : 0
    return 1 / (1 - min(0.99, share * share))
  }

  private func lost(_ losses: [LossRecord]) -> Findings.LostEvents {
    var byCPU: [Int: Findings.CPULoss] = [:]
    for loss in losses {
      let cpu = Int(loss.cpu)
      var entry = byCPU[cpu] ?? Findings.CPULoss(cpu: cpu, events: 0, suppressed: 0)
      entry.events &+= loss.lost
      entry.suppressed &+= loss.suppressed
      byCPU[cpu] = entry
    }
    let rows = byCPU.values.sorted { $0.cpu < $1.cpu }
    // Gap events mark the same losses in place; a trace may have either.
    return Findings.LostEvents(
      events: max(gapLost, rows.reduce(0) { $0 &+ $1.events }),
      suppressed: max(gapSuppressed, rows.reduce(0) { $0 &+ $1.suppressed }), byCPU: rows,
      malformed: malformed)
  }

  private func cpuTimes(_ duration: Double) -> [Findings.CPUTime] {
    cpus.cpus.enumerated().map { cpu, times in
      let all = Double(times.busy) + Double(times.idle)
      return Findings.CPUTime(
        cpu: cpu, busyShare: all > 0 ? Double(times.busy) / all : 0,
        switchesPerSecond: duration > 0 ? Double(times.switches) * 1e9 / duration : 0)
    }
  }

  private func ceiling(
    _ classes: ClassAssembly, ipi: InterruptFindings, duration: Double, lineTransferNs: Double
  ) -> Findings.Ceiling {
    let busy = cpus.cpus.reduce(0.0) { $0 + Double($1.busy) }
    let known = busy > 0
    let time = known ? busy : duration * Double(cpuCount)
    func share(_ span: Double) -> Double { time > 0 ? min(1, span / time) : 0 }
    let spin = classes.findings.reduce(0) { $0 + $1.spinNs }
    let asleep = classes.findings.reduce(0) { $0 + $1.wait.total - $1.spinNs }
    let untraced = classes.demands.reduce(0) { $0 + $1.untracedWaitRate } * duration / 1e9
    // The lock's own line moves when the next owner is on another CPU; of n customers the next is
    // another one n - 1 times in n.
    let moves = classes.demands.reduce(0) {
      $0 + $1.acquisitionRate * duration / 1e9 * (1 - 1 / max(1, $1.customers))
    }
    return Findings.Ceiling(
      lockWaitShare: share(spin), untracedLockWaitShare: share(untraced),
      lineTransferShare: share(moves * lineTransferNs),
      ipiShare: share(ipi.handlerNs + ipi.senderWaitNs),
      lockSleepRatio: time > 0 ? asleep / time : 0, cpuTimeNs: time, cpuTimeIsBusy: known)
  }

  private func activity(
    _ identities: [TaskNaming.Identity], duration: Double
  ) -> [Findings.Activity] {
    var byName: [String: Findings.Activity] = [:]
    for (handle, task) in tasks.tasks.enumerated() where task.id != 0 {
      let identity = identities[handle]
      var entry =
        byName[identity.name]
        ?? Findings.Activity(
          name: identity.name, tasks: 0, cpus: 0, systemCallsPerSecond: 0, sleepsPerSecond: 0,
          isRecorder: identity.isRecorder)
      entry.tasks += 1
      entry.cpus += Double(task.ran)
      entry.systemCallsPerSecond += Double(task.systemCalls)
      entry.sleepsPerSecond += Double(task.sleeps)
      byName[identity.name] = entry
    }
    guard duration > 0 else { return [] }
    return byName.values.map { entry in
      var entry = entry
      entry.cpus /= duration
      entry.systemCallsPerSecond *= 1e9 / duration
      entry.sleepsPerSecond *= 1e9 / duration
      return entry
    }.sorted { ($1.cpus, $0.name) < ($0.cpus, $1.name) }
  }

  private func wakeUps(_ identities: [TaskNaming.Identity]) -> [Findings.WakeUp] {
    var byName: [[String]: UInt64] = [:]
    for edge in tasks.wakes.entries {
      let names = [identities[Int(edge.first)].name, identities[Int(edge.second)].name]
      byName[names, default: 0] += edge.count
    }
    return byName.map { Findings.WakeUp(waker: $0.key[0], woken: $0.key[1], count: $0.value) }
      .sorted { ($1.count, $0.waker, $0.woken) < ($0.count, $1.waker, $1.woken) }
  }
}
