import CBPF
import Glibc
import TraceFormat

/// What the probes cost, by the kernel's statistics of BPF programs.
///
/// Statistics double the cost of a program, so they run in windows of a tenth of a second: the first
/// at the start, when the load may not run yet, the next soon after it, and then ever more rarely.
/// The mean time of a program's runs in those windows stands for all of its events. The measuring itself (two readings of the clock) is measured with an empty program in
/// the same windows and taken off.
struct CostMeter: ~Copyable {
  private var statistics: StatisticsSwitch
  private var isOpen = false
  private var change: UInt64 = 0
  private var stackTimeAtOpening: UInt64 = 0
  /// Time that stack walks took inside the windows.
  private(set) var stackTimeInWindows: UInt64 = 0
  private let emptyProgram: Int32

  static let windowNanoseconds: UInt64 = 100_000_000
  static let longestPauseNanoseconds: UInt64 = 10_000_000_000
  /// Until the next window; twice as long each time.
  private var pauseNanoseconds: UInt64 = 400_000_000

  /// A meter that runs `emptyProgram`, a program that does nothing, to learn the floor.
  init(emptyProgram: Int32, statistics: consuming StatisticsSwitch) {
    self.emptyProgram = emptyProgram
    self.statistics = statistics
  }

  /// Opens or closes a window when it is time; `stackTime` is what stacks took so far.
  mutating func tick(_ now: UInt64, stackTime: UInt64) {
    guard now >= change else { return }
    if isOpen {
      endWindow(stackTime: stackTime)
      change = now + pauseNanoseconds
      pauseNanoseconds = min(2 * pauseNanoseconds, Self.longestPauseNanoseconds)
    } else {
      isOpen = statistics.turnOn()
      stackTimeAtOpening = stackTime
      change = now + Self.windowNanoseconds
    }
  }

  /// Ends a window, and lets the empty program run within it first.
  mutating func endWindow(stackTime: UInt64) {
    guard isOpen else { return }
    stackTimeInWindows += stackTime - stackTimeAtOpening
    oslet_run_program(emptyProgram, 1000)
    statistics.turnOff()
    isOpen = false
  }

  /// The cost, from the programs' statistics: the empty one's, and those that recorded `counts`
  /// events by kind and `systemCalls` system calls.
  ///
  /// Stacks are taken by a budget of time and not by events, so their time is known in full
  /// (`stackTime`) and stays out of the mean of the program that takes them. `ownTime` is the
  /// recorder's own CPU time; `available` that of all CPUs together.
  func cost(
    _ programs: [ProgramStatistics], empty idle: ProgramStatistics, counts: [UInt64],
    systemCalls: UInt64, stackTime: UInt64, ownTime: UInt64, available: Double
  ) -> RecorderCost {
    let empty = idle.runs == 0 ? 0 : Double(idle.time) / Double(idle.runs)
    var byProgram: [String: Double] = [:]
    var total = Double(stackTime)
    var events: UInt64 = 0
    for program in programs where program.runs > 0 {
      guard let probe = Probe.all.first(where: { $0.program == program.program }) else { continue }
      let stacks = probe.kinds.first == .contentionBegin ? stackTimeInWindows : 0
      let time = Double(program.time) - Double(stacks)
      let mean = max(0, time / Double(program.runs) - empty)
      byProgram[program.program] = mean
      // lockSeen comes with a contentionBegin, and a new task's wake-up with the others.
      let kind = probe.kinds.first.map { Int($0.rawValue) }
      let isShared = program.program == "sched_wakeup_new"
      let runs = kind.map { isShared ? 0 : counts[$0] } ?? systemCalls
      total += mean * Double(runs)
      if kind != nil { events += runs }
    }
    let share = available > 0 ? (total + Double(ownTime)) / available : 0
    if empty > 0 { byProgram["empty"] = empty }
    byProgram["stacks"] = events == 0 ? 0 : Double(stackTime) / Double(max(1, counts[1]))
    return RecorderCost(
      nanosecondsPerEvent: events == 0 ? 0 : total / Double(events), cpuShare: min(1, share),
      byProgram: byProgram)
  }
}
