/// Who runs beside whom: how much of each stint on a CPU the task was alone in, as far as the load goes.
///
/// Company is a task that makes progress: idle tasks, kernel threads, and whoever has made less than a
/// hundredth of the system calls of the busiest task share no lines worth noting. That leaves out the
/// recorder's own thread as well, whose turns are what leaves one CPU of a busy machine alone. Both
/// mistakes, company that is none and company that is not seen, make tasks look as fast alone as beside
/// others.
struct Company: Sendable {
  /// A stint that ended, nanoseconds.
  struct Stint: Sendable, Equatable {
    var alone: UInt64
    var beside: UInt64
  }

  private struct CPU: Sendable {
    /// Whether company runs here.
    var isPeer = false
    /// Whether somebody runs here of whom nothing is known yet.
    var isStranger = false
    /// When its stint began, and how much of it nobody else ran; nil: not known.
    var since: UInt64?
    var alone: UInt64 = 0
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

  /// Ends the stint on `cpu`; nil where it was none of company's or its beginning is not known.
  mutating func leaves(_ cpu: Int, now: UInt64) -> Stint? {
    settle(now)
    let was = cpus[cpu]
    cpus[cpu] = CPU()
    if was.isStranger { strangers -= 1 }
    guard was.isPeer else { return nil }
    running -= 1
    sum -= cpu
    guard let since = was.since, now > since else { return nil }
    let length = now - since
    let alone = min(was.alone, length)
    return Stint(alone: alone, beside: length - alone)
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
    guard calls > 0, calls >= mostCalls / Self.leastCalls else { return }
    cpus[cpu].isPeer = true
    if strangers == 0 { cpus[cpu].since = now }
    running += 1
    sum += cpu
  }

  /// Says that task switches of `cpu` are missing.
  mutating func forget(_ cpu: Int, now: UInt64) {
    _ = leaves(cpu, now: now)
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
