/// Who runs beside whom: how much of each stint on a CPU the task was alone in, as far as the load goes.
///
/// Company is a task that makes progress: idle tasks, kernel threads, and whoever has made less than a
/// hundredth of the system calls of the busiest task share no lines worth noting. That leaves out the
/// recorder's own thread as well, whose turns are what leaves one of two busy CPUs alone, and which looks at
/// what the other does meanwhile (`EventKind.progress`). Both
/// mistakes, company that is none and company that is not seen, make tasks look as fast alone as beside
/// others.
struct Company: Sendable {
  /// A stint, or a part of one, whose system calls are known; nanoseconds.
  struct Stint: Sendable, Equatable {
    var alone: UInt64
    var beside: UInt64
    var systemCalls: UInt64
  }

  private struct CPU: Sendable {
    /// Whether company runs here.
    var isPeer = false
    /// Whether somebody runs here of whom nothing is known yet.
    var isStranger = false
    /// When what is not accounted for of its stint began, and how much of that nobody else ran; nil:
    /// not known.
    var since: UInt64?
    var alone: UInt64 = 0
    /// The system calls of its stint until then.
    var calls: UInt64 = 0
  }

  private var cpus: [CPU] = []
  /// CPUs on which company runs, and the sum of their numbers: of one alone it is that one.
  private var running = 0
  private var sum = 0
  /// Up to when stints are accounted for.
  private var settled: UInt64 = 0
  private var strangers = 0
  private var mostCalls: UInt64 = 0

  /// The least system calls of company, over those of the task with most.
  private static let leastCalls: UInt64 = 100

  /// Makes room for `cpu`.
  mutating func reach(_ cpu: Int) {
    while cpus.count <= cpu { cpus.append(CPU()) }
  }

  /// Ends the stint on `cpu` after `systemCalls`, and returns what was not returned of it; nil where it was
  /// none of company's or its beginning is not known.
  mutating func leaves(_ cpu: Int, now: UInt64, systemCalls: UInt64) -> Stint? {
    settle(now)
    let was = cpus[cpu]
    cpus[cpu] = CPU()
    if was.isStranger { strangers -= 1 }
    guard was.isPeer else { return nil }
    running -= 1
    sum -= cpu
    return Self.part(of: was, now: now, systemCalls: systemCalls)
  }

  /// Returns the part of the stint on `cpu` up to a moment at which it has made `systemCalls`; nil where
  /// it is none of company's or its beginning is not known.
  mutating func progressed(_ cpu: Int, now: UInt64, systemCalls: UInt64) -> Stint? {
    settle(now)
    let was = cpus[cpu]
    if was.isStranger {
      mostCalls = max(mostCalls, systemCalls)
      cpus[cpu].isStranger = false
      strangers -= 1
      if isCompany(systemCalls) { joins(cpu) }
    }
    guard cpus[cpu].isPeer else { return nil }
    // Fewer calls than before are those of another stint.
    cpus[cpu].since = strangers == 0 && systemCalls >= was.calls ? now : nil
    cpus[cpu].alone = 0
    cpus[cpu].calls = systemCalls
    return was.isPeer ? Self.part(of: was, now: now, systemCalls: systemCalls) : nil
  }

  /// What a stint adds since it was last accounted for.
  private static func part(of cpu: CPU, now: UInt64, systemCalls: UInt64) -> Stint? {
    guard let since = cpu.since, now > since, systemCalls >= cpu.calls else { return nil }
    let length = now - since
    let alone = min(cpu.alone, length)
    return Stint(alone: alone, beside: length - alone, systemCalls: systemCalls - cpu.calls)
  }

  /// Says that a task runs on `cpu` from now on, where nothing ran, that has made `calls` system calls in
  /// stints that ended; nil: none did.
  mutating func enters(_ cpu: Int, now: UInt64, calls: UInt64?) {
    settle(now)
    guard let calls else {
      cpus[cpu].isStranger = true
      strangers += 1
      distrust()
      return
    }
    mostCalls = max(mostCalls, calls)
    guard isCompany(calls) else { return }
    joins(cpu)
    if strangers == 0 { cpus[cpu].since = now }
  }

  private func isCompany(_ calls: UInt64) -> Bool {
    calls > 0 && calls >= mostCalls / Self.leastCalls
  }

  private mutating func joins(_ cpu: Int) {
    cpus[cpu].isPeer = true
    running += 1
    sum += cpu
  }

  /// Says that task switches of `cpu` are missing.
  mutating func forget(_ cpu: Int, now: UInt64) {
    _ = leaves(cpu, now: now, systemCalls: 0)
    distrust()
  }

  /// Who runs beside whom is not known of any stint that is open.
  private mutating func distrust() {
    for cpu in cpus.indices { cpus[cpu].since = nil }
  }

  private mutating func settle(_ now: UInt64) {
    guard now > settled else { return }
    if running == 1 { cpus[sum].alone &+= now - settled }
    settled = now
  }
}
