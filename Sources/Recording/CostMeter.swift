import CBPF
import Glibc
import TraceFormat

/// What the probes cost, by the kernel's statistics of BPF programs.
///
/// Statistics double the cost of a program, so they run for a tenth of a second at the start and
/// then in every ten; the mean time of a program's runs in those windows stands for all of its
/// events. The measuring itself (two readings of the clock) is measured with an empty program in
/// the same windows and taken off.
struct CostMeter: ~Copyable {
  private var descriptor: Int32 = -1
  private var change: UInt64 = 0
  private let floorProgram: Int32

  static let windowNanoseconds: UInt64 = 100_000_000
  static let pauseNanoseconds: UInt64 = 10_000_000_000

  /// A meter that runs `floorProgram`, a program that does nothing, to learn the floor.
  init(floorProgram: Int32) { self.floorProgram = floorProgram }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Opens or closes a window when it is time.
  mutating func tick(_ now: UInt64) {
    guard now >= change else { return }
    if descriptor >= 0 {
      endWindow()
      change = now + Self.pauseNanoseconds
    } else {
      // Not an error where it fails (CAP_SYS_ADMIN before 5.8): the cost is then not known.
      descriptor = bpf_enable_stats(BPF_STATS_RUN_TIME)
      change = now + Self.windowNanoseconds
    }
  }

  /// Ends a window, and lets the empty program run within it first.
  mutating func endWindow() {
    guard descriptor >= 0 else { return }
    oslet_run_program(floorProgram, 200)
    close(descriptor)
    descriptor = -1
  }

  /// The cost, from the programs' statistics: the empty one's, and those that recorded `counts`
  /// events by kind and `systemCalls` system calls.
  ///
  /// `ownTime` is the recorder's own CPU time; `available` that of all CPUs together.
  static func cost(
    _ programs: [ProgramStatistics], floor: ProgramStatistics?, counts: [UInt64],
    systemCalls: UInt64, ownTime: UInt64, available: Double
  ) -> RecorderCost {
    let empty = floor.map { $0.runs == 0 ? 0 : Double($0.time) / Double($0.runs) } ?? 0
    var byProgram: [String: Double] = [:]
    var total = 0.0
    var events: UInt64 = 0
    for program in programs where program.runs > 0 {
      guard let probe = Probe.all.first(where: { $0.program == program.program }) else { continue }
      let mean = max(0, Double(program.time) / Double(program.runs) - empty)
      byProgram[program.program] = mean
      // lockSeen comes with a contentionBegin, and a new task's wake-up with the others.
      let kind = probe.kinds.first.map { Int($0.rawValue) }
      let isShared = program.program == "sched_wakeup_new"
      let runs = kind.map { isShared ? 0 : counts[$0] } ?? systemCalls
      total += mean * Double(runs)
      if kind != nil { events += runs }
    }
    let share = available > 0 ? (total + Double(ownTime)) / available : 0
    return RecorderCost(
      nanosecondsPerEvent: events == 0 ? 0 : total / Double(events), cpuShare: min(1, share),
      byProgram: byProgram)
  }
}
