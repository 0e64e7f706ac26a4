import Glibc
public import Measures
import TraceFormat

/// A profile that is looked at while it grows: what `oslet top` shows.
public enum LiveProfile {
  /// What the one who looks wants next.
  public enum Answer: Sendable {
    /// The next sample.
    case more
    /// No more.
    case enough
  }

  /// What there is to look at.
  public enum Moment: Sendable {
    /// A sample, once in an interval.
    case sample(LiveSample)
    /// A key, where keys are read.
    case key(UInt8)
  }

  /// Profiles as the options say and calls `look` with a sample each `interval`, and with each byte
  /// that descriptor `keys` gives, until the answer is `enough` or SIGINT, SIGTERM or SIGHUP comes.
  ///
  /// - Throws: `RecordError`; the probes are gone in every case.
  public static func run(
    _ options: RecordOptions, every interval: Nanoseconds, keys: Int32? = nil,
    look: (Moment) -> Answer
  ) throws(RecordError) {
    var options = options
    options.profile = true
    let loop = try EventLoop(input: keys)
    var profile = try ProfileSession(options)
    profile.start()
    var next = MonotonicClock.now() + UInt64(interval.value)
    loop.arm(afterMilliseconds: Self.pause(until: next))
    while true {
      for wake in loop.wait() {
        switch wake {
        case .signal(SIGCHLD): break
        case .signal: return
        case .input(let byte): if look(.key(byte)) == .enough { return }
        case .tick:
          try profile.drainNames()
          if MonotonicClock.now() >= next {
            if look(.sample(try profile.sample())) == .enough { return }
            next = MonotonicClock.now() + UInt64(interval.value)
          }
          loop.arm(afterMilliseconds: Self.pause(until: next))
        }
      }
    }
  }

  /// Logs hold names alone, so they are drained ten times a second at most.
  private static func pause(until next: UInt64) -> Int {
    let now = MonotonicClock.now()
    return next <= now ? 1 : min(100, Int((next - now) / 1_000_000) + 1)
  }
}

/// The probes of a live profile and what they have said.
private struct ProfileSession: ~Copyable {
  private var probes: ProbeObject
  private var drain: Drain
  private var output: TraceOutput
  private var meter: CostMeter
  private let cpus: Int
  private var started: UInt64 = 0
  private var startCPU: UInt64 = 0
  private var sampled: UInt64 = 0

  init(_ options: RecordOptions) throws(RecordError) {
    let plan = try RecordingPlan(options)
    let settings = ProbeSettings(
      cpus: (plan.cpus.last ?? 0) + 1, bytesPerCPU: plan.bytesPerCPU, filter: plan.filter,
      isProfile: true, stackShareShift: RecordingPlan.stackShift(options.stackShare))
    let programs = plan.probes.map(\.program)
    var probes = try ProbeObject(programs, settings: settings)
    try probes.select(plan.filter)
    let logs = try LogMap(
      descriptor: probes.mapDescriptor("logs"), stride: probes.stride, cpus: settings.cpus,
      bytesPerCPU: settings.bytesPerCPU)
    let cells = try CellMap(descriptor: probes.mapDescriptor("cells"), cpus: plan.cpus)
    let names = NameCollector(
      symbols: KernelSymbols.read(),
      areas: PerCPUAreas(variables: plan.perCPUVariables, cpus: settings.cpus),
      fields: plan.slabFields, veil: nil)
    let statistics = try StatisticsSwitch(apart: false)
    try probes.attach(programs)
    drain = Drain(logs, cells: cells, cpus: plan.cpus, names: names, isProfile: true)
    output = TraceOutput(LiveSample(facts: plan.facts(options, process: getpid())))
    meter = CostMeter(emptyProgram: probes.emptyProgram, statistics: statistics)
    self.probes = probes
    cpus = plan.cpus.count
  }

  mutating func start() {
    started = MonotonicClock.now()
    sampled = started
    startCPU = MonotonicClock.ownCPU()
    drain.enable(true)
  }

  /// Empties the logs, which hold what names locks and stacks.
  mutating func drainNames() throws(RecordError) {
    meter.tick(MonotonicClock.now(), stackTime: drain.stackTime)
    do throws(TraceError) {
      _ = try drain.run(&output)
    } catch {
      throw .trace(error)
    }
  }

  /// What was added since the last sample, and all names so far.
  mutating func sample() throws(RecordError) -> LiveSample {
    try drainNames()
    do throws(TraceError) {
      try drain.writeAggregates(&output)
      try drain.writeSymbols(&output)
    } catch {
      throw .trace(error)
    }
    let now = MonotonicClock.now()
    guard var sample = output.sample else { preconditionFailure("made with a sample") }
    sample.span = now - sampled
    sample.missed = drain.losses().reduce(0) { $0 + $1.lost + $1.suppressed }
    sample.costShare =
      meter.cost(
        probes.programStatistics(), empty: probes.emptyStatistics(),
        counts: zip(drain.counts, drain.aggregated).map(+), systemCalls: drain.systemCalls,
        stackTime: drain.stackTime, ownTime: MonotonicClock.ownCPU() - startCPU,
        available: Double(now - started) * Double(cpus)
      ).cpuShare
    output.sample?.aggregates = []
    sampled = now
    return sample
  }
}
