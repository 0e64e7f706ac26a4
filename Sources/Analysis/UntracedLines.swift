import Measures
import Workloads

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Lines that move between CPUs without a traced wait: what tasks lose beside others (`Pace`) and no wait,
/// interrupt or traced lock's line accounts for.
///
/// They are played as counters of a scope, as many as an operation of the group that loses most moves.
/// Threads share those of their process, processes those of the image.
struct UntracedLines: Sendable {
  /// CPU time that each group lost to them, nanoseconds over the recording.
  private(set) var lostNs: [Double]
  /// How often each touches its class over the recording.
  private(set) var touches: [Double]
  /// The class of each; nil where it loses nothing.
  private(set) var names: [String?]
  /// The classes.
  private(set) var classes: [LockClass] = []

  /// How often an operation of the group that loses most touches a line; a touch then moves several.
  ///
  /// Transfers of one length, spread evenly, put tasks in step, and tasks in step do not meet at locks: with
  /// four touches an operation the waits of two tasks that open and close files were 43 % too low, with a
  /// fifth of one 22 %.
  private static let touchesPerOperation = 0.2
  /// More lines than an operation moves: an operation of milliseconds, or a transfer that costs nothing.
  private static let mostLines = 4096.0
  /// A loss below this share of a group's CPU time is none.
  private static let least = 0.02
  /// How far a class may be off beside the error of its groups' paces: that the lines are shared as
  /// widely as their scope says, and each moves once an operation, is a guess.
  private static let guess = 0.4

  /// The lines of `groups`, of which what each lost that has a known cause is `explained` (nanoseconds)
  /// and its operations are `operations`; moving one takes `transferNs` on the `cpus` recorded.
  init(
    _ groups: [TaskGrouping.Group], explained: [Double], operations: [Double], transferNs: Double,
    cpus: Int
  ) {
    lostNs = groups.map { _ in 0 }
    touches = lostNs
    names = groups.map { _ in nil }
    guard cpus > 1, transferNs > 0 else { return }
    // The last to touch a line was another CPU.
    let moved = Double(cpus - 1) / Double(cpus)
    var each = lostNs
    var errors = lostNs
    for (index, group) in groups.enumerated() {
      guard let lost = group.pace.lost, let rates = group.pace.rates else { continue }
      let beside =
        group.ran * group.pace.besideNs / (group.pace.aloneNs + group.pace.besideNs)
      let lostNs = lost.share * beside - explained[index]
      guard lostNs > Self.least * group.ran else { continue }
      self.lostNs[index] = lostNs
      names[index] = Self.name(of: group)
      each[index] = lostNs / (beside * rates.beside * transferNs * moved)
      errors[index] = lost.error / lost.share
    }
    for name in Set(names.compactMap { $0 }).sorted() {
      let users = groups.indices.filter { names[$0] == name }
      let most = users.max { each[$0] < each[$1] } ?? users[0]
      let lines = max(1, each[most] / Self.touchesPerOperation)
      for user in users { touches[user] = operations[user] * each[user] / lines }
      let isOfProcess = groups[most].process != nil
      var lock = LockClass(
        name: name, kind: .counter, scope: isOfProcess ? .process : .image,
        instances: Int(min(Self.mostLines, max(1, each[most].rounded()))),
        lines: (lines * 100).rounded() / 100)
      lock.narrowest = isOfProcess ? nil : .cgroup
      lock.widest = isOfProcess ? .image : nil
      lock.demandError = (1000 * hypot(Self.guess, errors[most])).rounded() / 1000
      classes.append(lock)
    }
  }

  private static func name(of group: TaskGrouping.Group) -> String {
    group.process == nil ? "[untraced lines]" : "[untraced lines of a process]"
  }
}
