import CBPF
import Glibc
import Measures
import TraceFormat

/// A recording under way: the probes, the drain and the trace file, in the order in which they
/// must end.
struct Recorder: ~Copyable {
  let options: RecordOptions
  private(set) var probes: ProbeObject
  var drain: Drain
  var output: TraceOutput
  var file: TraceFile
  var facts: TraceFacts
  /// Files that were full, the latest last.
  var switched: [String] = []
  private var meter: CostMeter
  private let cpus: [Int]
  private let online: Int
  private(set) var watch: CPUWatch
  /// When recording started, as `MonotonicClock.now()`.
  private var started: UInt64 = 0
  /// This process's CPU time when recording started, and what recording took of it.
  private(set) var startCPU: UInt64 = 0
  private var ownTime: UInt64 = 0
  private var nextSecond: UInt64 = 0
  private var firings: UInt64 = 0
  /// What the kernel said of the programs when recording started, and of what they did until it stopped.
  private var before: [ProgramStatistics] = []
  private var programs: [ProgramStatistics] = []

  /// The bare counters of Probes/selfcheck.h.
  private static let counters: [(program: String, kind: EventKind)] = [
    ("count_contention_begin", .contentionBegin), ("count_sched_switch", .schedSwitch),
  ]

  /// Loads and attaches the probes and opens the trace; nothing is recorded yet.
  init(
    _ options: RecordOptions, plan: RecordingPlan, file: consuming TraceFile
  ) throws(RecordError) {
    // Before there is anything that a process of its own would inherit.
    let statistics = try StatisticsSwitch(apart: options.dropsPrivileges)
    let settings = ProbeSettings(
      cpus: (plan.cpus.last ?? 0) + 1, bytesPerCPU: plan.bytesPerCPU,
      filter: plan.filter, triggers: options.triggers, isProfile: options.profile,
      aggregatesUnderLoad: options.aggregatesUnderLoad,
      stackShareShift: RecordingPlan.stackShift(options.stackShare))
    var programs = plan.probes.map(\.program)
    if options.checksItself { programs += Self.counters.map(\.program) }
    var probes = try ProbeObject(programs, settings: settings)
    try probes.select(plan.filter)
    let logs = try LogMap(
      descriptor: probes.mapDescriptor("logs"), stride: probes.stride, cpus: settings.cpus,
      bytesPerCPU: settings.bytesPerCPU)
    // The clock stands in the first facts too: they are the only ones of a recorder that is killed.
    var facts = plan.facts(options, process: getpid())
    let clock = MonotonicClock.pair()
    facts.clock = ClockFacts(startMonotonic: clock.monotonic, startRealtime: clock.realtime)
    facts.statisticsProcess = statistics.process > 0 ? statistics.process : nil
    let names = NameCollector(
      symbols: KernelSymbols.read(),
      areas: PerCPUAreas(variables: plan.perCPUVariables, cpus: settings.cpus),
      fields: plan.slabFields, veil: options.hidesAddresses ? AddressVeil() : nil)
    let cells = try CellMap(descriptor: probes.mapDescriptor("cells"), cpus: plan.cpus)
    let drain = Drain(
      logs, cells: cells, cpus: plan.cpus, names: names, isProfile: options.profile,
      looks: plan.notesProgress)
    let output = try Self.open(file.descriptor, facts, options)
    try probes.attach(programs)
    meter = CostMeter(emptyProgram: probes.emptyProgram, statistics: statistics)
    self.options = options
    self.probes = probes
    self.drain = drain
    self.output = output
    self.file = file
    self.facts = facts
    cpus = plan.cpus
    online = plan.online
    watch = CPUWatch(recorded: plan.cpus)
  }

  private static func open(
    _ descriptor: Int32, _ facts: TraceFacts, _ options: RecordOptions
  ) throws(RecordError) -> TraceOutput {
    do throws(TraceError) {
      var output =
        if let limit = options.overwrite {
          TraceOutput(
            try FlightRing(limit: limit, span: options.keep.map { UInt64($0.value) } ?? .max))
        } else {
          TraceOutput(
            try TraceWriter(descriptor: descriptor, facts: facts),
            isFirst: options.switchOutput != nil)
        }
      try output.append(tasks: TaskScan.all())
      return output
    } catch {
      throw RecordError(error, output: options.output)
    }
  }

  /// Starts recording.
  mutating func start() {
    let clock = MonotonicClock.pair()
    facts.clock = ClockFacts(startMonotonic: clock.monotonic, startRealtime: clock.realtime)
    started = clock.monotonic
    startCPU = MonotonicClock.ownCPU()
    before = probes.programStatistics()
    drain.enable(true, fromWithin: options.checksItself)
  }

  /// Time since `start`.
  var elapsed: Nanoseconds {
    Nanoseconds(Double(MonotonicClock.now() - started))
  }

  /// Drains the logs once; each second also writes new symbols and what was missed.
  ///
  /// Returns how full the fullest log was, 0...1.
  mutating func tick() throws(RecordError) -> Double {
    let now = MonotonicClock.now()
    meter.tick(now, stackTime: drain.stackTime)
    do throws(TraceError) {
      let fill = try drain.run(&output)
      if now >= nextSecond {
        nextSecond = now + 1_000_000_000
        // Not as of `now`: on a slow machine the drain took its time, and the CPU lived meanwhile.
        watch.look(MonotonicClock.now())
        try drain.writeAggregates(&output)
        try drain.writeSymbols(&output)
      }
      return fill
    } catch {
      throw RecordError(error, output: options.output)
    }
  }

  /// How often triggers fired since the last call, as far as the logs were drained.
  mutating func takeFirings() -> UInt64 {
    let all = drain.counts[Int(EventKind.trigger.rawValue)]
    defer { firings = all }
    return all - firings
  }

  /// How far it is.
  func progress(fill: Double) -> RecordProgress {
    let losses = drain.losses()
    return RecordProgress(
      elapsed: elapsed, events: drain.counts.reduce(0, +), bytes: output.byteCount,
      lost: losses.reduce(0) { $0 + $1.lost }, suppressed: losses.reduce(0) { $0 + $1.suppressed },
      fullestLog: fill)
  }

  /// Stops recording; what the logs hold stays there.
  mutating func stop() {
    drain.enable(false, fromWithin: options.checksItself)
    programs = zip(probes.programStatistics(), before).map(-)
    ownTime = MonotonicClock.ownCPU() - startCPU
    meter.endWindow(stackTime: drain.stackTime)
    let clock = MonotonicClock.pair()
    facts.clock.endMonotonic = clock.monotonic
    facts.clock.endRealtime = clock.realtime
    watch.look(clock.monotonic)
    facts.cpuChanges = watch.changes.isEmpty ? nil : watch.changes
  }

  /// Writes what is left and the tables, after `stop`.
  consuming func finish(
    end: RecordingEnd, child: ChildStatus?
  ) throws(RecordError) -> RecordSummary {
    let empty = probes.emptyStatistics()
    probes.detach()
    let path = options.output
    do throws(TraceError) {
      _ = try drain.run(&output)
      try drain.writeAggregates(&output)
      try drain.writeSymbols(&output)
      // Names again: of tasks that renamed themselves, which no event tells.
      try output.append(tasks: TaskScan.all())
      let recursed = Self.recursions(programs, cpu: cpus.first ?? 0, facts.clock)
      if !recursed.isEmpty { try output.append(losses: recursed) }
      output.endDrain(start: facts.clock.endMonotonic, counts: drain.counts)
      let cost = cost(programs, empty: empty, ownTime: ownTime)
      facts.cost = cost
      // Of a ring, what it still holds.
      let clock = output.ring?.clock(facts.clock) ?? facts.clock
      let counts = output.ring?.counts ?? drain.counts
      let losses = output.ring?.losses ?? drain.losses() + recursed
      var summary = RecordSummary(
        output: path, end: end, child: child,
        duration: Nanoseconds(
          Double(clock.endMonotonic - (output.ring == nil ? started : clock.startMonotonic))),
        eventsByKind: [:], bytes: 0, losses: losses, cost: cost,
        stacksRefused: drain.stacksRefused,
        counted: options.checksItself ? counted : [:])
      for kind in EventKind.allCases where kind != .gap && counts[Int(kind.rawValue)] > 0 {
        summary.eventsByKind[kind] = counts[Int(kind.rawValue)]
      }
      let aggregated = drain.aggregated
      for kind in EventKind.allCases where aggregated[Int(kind.rawValue)] > 0 {
        summary.aggregatedByKind[kind] = aggregated[Int(kind.rawValue)]
      }
      summary.bytes = try output.finish(descriptor: file.descriptor, facts: facts)
      summary.bytes = max(summary.bytes, file.byteCount)
      return summary
    } catch {
      throw RecordError(error, output: path)
    }
  }

  /// The cost so far, of which `ownTime` is the recorder's own.
  func cost(
    _ programs: [ProgramStatistics], empty: ProgramStatistics, ownTime: UInt64
  ) -> RecorderCost {
    let span = Double(facts.clock.endMonotonic - started)
    return meter.cost(
      programs, empty: empty, counts: zip(drain.counts, drain.aggregated).map(+),
      systemCalls: drain.systemCalls,
      stackTime: drain.stackTime, ownTime: ownTime, available: span * Double(online))
  }
}

extension Recorder {
  /// Events that the bare counters met: those that they counted, and those that the kernel's own guard
  /// kept from them while they were counting another.
  private var counted: [EventKind: UInt64] {
    var counted = drain.counted
    for counter in Self.counters {
      let program = programs.first { $0.program == counter.program }
      counted[counter.kind, default: 0] += program?.recursed ?? 0
    }
    return counted
  }

  /// Runs that the kernel's own guard left out because the same program was running on that CPU
  /// (6.1): suppressed, as by ours.
  ///
  /// The kernel does not say on which CPU; they are booked under the lowest.
  private static func recursions(
    _ programs: [ProgramStatistics], cpu: Int, _ clock: ClockFacts
  ) -> [LossRecord] {
    var records: [LossRecord] = []
    for program in programs where program.recursed > 0 {
      let probe = Probe.all.first { $0.program == program.program }
      guard let kind = probe?.kinds.first else { continue }
      records.append(
        LossRecord(
          cpu: UInt16(cpu), kind: kind, lost: 0, suppressed: program.recursed,
          first: TraceTime(nanosecondsSinceBoot: clock.startMonotonic),
          last: TraceTime(nanosecondsSinceBoot: clock.endMonotonic)))
    }
    return records
  }
}

extension RecordError {
  /// A failure of the trace writer, as seen from a recording.
  init(_ error: TraceError, output: String) {
    switch error {
    case .write(_, let number): self = .output(path: output, errno: number)
    default: self = .trace(error)
    }
  }
}
