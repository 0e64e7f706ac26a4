import CBPF
import Glibc
import Measures
import TraceFormat

/// A recording under way: the probes, the drain and the trace file, in the order in which they
/// must end.
struct Recorder: ~Copyable {
  private let options: RecordOptions
  private var probes: ProbeObject
  private var drain: Drain
  private var writer: TraceWriter
  private var facts: TraceFacts
  private var meter: CostMeter
  private var cpus: [Int]
  private let startCPU: UInt64
  private var nextSecond: UInt64 = 0

  /// Loads and attaches the probes and opens the trace; nothing is recorded yet.
  init(_ options: RecordOptions, plan: RecordingPlan, descriptor: Int32) throws(RecordError) {
    startCPU = MonotonicClock.ownCPU()
    let settings = ProbeSettings(
      cpus: (plan.cpus.last ?? 0) + 1, bytesPerCPU: plan.bytesPerCPU,
      filtersTasks: !options.processes.isEmpty,
      stackShareShift: RecordingPlan.stackShift(options.stackShare))
    var probes = try ProbeObject(plan.probes, settings: settings)
    try probes.select(options.processes)
    let logs = try LogMap(
      descriptor: probes.mapDescriptor("logs"), stride: probes.stride, cpus: settings.cpus,
      bytesPerCPU: settings.bytesPerCPU)
    let facts = plan.facts(options, process: getpid())
    let names = NameCollector(
      symbols: KernelSymbols.read(),
      areas: PerCPUAreas(variables: plan.perCPUVariables, cpus: settings.cpus))
    let drain = Drain(logs, cpus: plan.cpus, names: names)
    let writer = try Self.open(descriptor, facts, options)
    try probes.attach(plan.probes)
    meter = CostMeter(floorProgram: probes.floorProgram)
    self.options = options
    self.probes = probes
    self.drain = drain
    self.writer = writer
    self.facts = facts
    cpus = plan.cpus
  }

  private static func open(
    _ descriptor: Int32, _ facts: TraceFacts, _ options: RecordOptions
  ) throws(RecordError) -> TraceWriter {
    do throws(TraceError) {
      var writer = try TraceWriter(descriptor: descriptor, facts: facts)
      try writer.append(tasks: TaskScan.all())
      return writer
    } catch {
      throw RecordError(error, output: options.output)
    }
  }

  /// Starts recording.
  mutating func start() {
    let clock = MonotonicClock.pair()
    facts.clock = ClockFacts(startMonotonic: clock.monotonic, startRealtime: clock.realtime)
    drain.enable(true)
  }

  /// Time since `start`.
  var elapsed: Nanoseconds {
    Nanoseconds(Double(MonotonicClock.now() - facts.clock.startMonotonic))
  }

  /// Drains the logs once; each second also writes new symbols and what was missed. Returns how
  /// full the fullest log was, 0...1.
  mutating func tick() throws(RecordError) -> Double {
    let now = MonotonicClock.now()
    meter.tick(now)
    do throws(TraceError) {
      let fill = try drain.run(&writer)
      if now >= nextSecond {
        nextSecond = now + 1_000_000_000
        try drain.writeSymbols(&writer)
      }
      return fill
    } catch {
      throw RecordError(error, output: options.output)
    }
  }

  /// How far it is.
  func progress(fill: Double) -> RecordProgress {
    let losses = drain.losses()
    return RecordProgress(
      elapsed: elapsed, events: drain.counts.reduce(0, +), bytes: writer.bytesWritten,
      lost: losses.reduce(0) { $0 + $1.lost }, suppressed: losses.reduce(0) { $0 + $1.suppressed },
      fullestLog: fill)
  }

  /// Stops recording, writes what is left and the tables, and closes the trace.
  consuming func finish(
    end: RecordingEnd, child: ChildStatus?
  ) throws(RecordError) -> RecordSummary {
    drain.enable(false)
    meter.endWindow()
    let clock = MonotonicClock.pair()
    let programs = probes.programStatistics()
    let floor = probes.floorStatistics()
    probes.detach()
    facts.clock.endMonotonic = clock.monotonic
    facts.clock.endRealtime = clock.realtime
    let span = Nanoseconds(Double(clock.monotonic - facts.clock.startMonotonic))
    do throws(TraceError) {
      _ = try drain.run(&writer)
      try drain.writeSymbols(&writer)
      // Names again: of tasks that renamed themselves, which no event tells.
      try writer.append(tasks: TaskScan.all())
      let losses = drain.losses()
      if !losses.isEmpty { try writer.append(losses: losses) }
      let cost = CostMeter.cost(
        programs, floor: floor, counts: drain.counts, systemCalls: drain.systemCalls,
        ownTime: MonotonicClock.ownCPU() - startCPU, available: span.value * Double(cpus.count))
      facts.cost = cost
      try writer.finish(facts: facts)
      let counts = drain.counts
      return RecordSummary(
        output: options.output, end: end, child: child, duration: span,
        events: counts.reduce(0, +),
        eventsByKind: Dictionary(
          uniqueKeysWithValues: EventKind.allCases.compactMap { kind in
            let count = kind == .gap ? 0 : counts[Int(kind.rawValue)]
            return count == 0 ? nil : (kind, count)
          }),
        bytes: writer.bytesWritten, losses: losses, cost: cost,
        recursed: programs.reduce(0) { $0 + $1.recursed }, stacksRefused: drain.stacksRefused)
    } catch {
      throw RecordError(error, output: options.output)
    }
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
