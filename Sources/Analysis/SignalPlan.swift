/// Which groups of tasks sleep until others wake them, and how often each group wakes them.
///
/// A sleep that a task of the workload ends is no time of its own: it lasts until the waker is so far.
struct SignalPlan: Sendable {
  /// By group: whether its sleeps end when others wake it.
  let isSignalled: [Bool]
  /// Wake-ups of sleepers of a group by tasks of another, over the recording: `[waker][woken]`.
  let signals: [[Double]]

  /// Share of a group's sleeps that tasks of the workload must have ended: the others are ended by
  /// timers and devices, on which no loop has a hold.
  private static let least = 0.8
  /// Wake-ups a sleep of its own that a waker must make: one that sleeps often in between would be
  /// waited for by its own waker, and a loop, whose order is fixed, would never come to wake it.
  private static let fewest = 0.5
  /// Share of all CPU time from which a group says how many wake-ups are those of interrupts.
  private static let large = 0.02
  /// Sleeps a second below which a group's sleeps stay as long as they were.
  private static let slowest = 100.0

  /// The wake-ups between the groups of `grouping`.
  init(_ evidence: Evidence, _ grouping: TaskGrouping, durationNs: Double) {
    let count = grouping.groups.count
    var signals = Array(repeating: Array(repeating: 0.0, count: count), count: count)
    for entry in evidence.signals {
      let (waker, woken) = (
        grouping.groupOf[Int(entry.first)], grouping.groupOf[Int(entry.second)]
      )
      if waker >= 0, woken >= 0 { signals[waker][woken] += Double(entry.count) }
    }
    let groups = grouping.groups
    let ran = groups.reduce(0) { $0 + $1.ran }
    let ends = groups.indices.map { woken in
      let sleeps = groups[woken].sleeps
      let all = signals.reduce(0) { $0 + $1[woken] }
      let top = groups.indices.max { signals[$0][woken] < signals[$1][woken] }
      // An interrupt wakes in the name of whom it interrupts: in proportion to CPU time, of all alike
      // but the sleeper itself.
      let rates = groups.indices
        .filter { $0 != top && $0 != woken && groups[$0].ran > Self.large * ran }
        .map { signals[$0][woken] / groups[$0].ran }
      let ended = all - (rates.min() ?? 0) * ran
      let wakersCome = groups.indices.allSatisfy { waker in
        signals[waker][woken] < 0.1 * all
          || signals[waker].reduce(0, +) >= Self.fewest * groups[waker].sleeps
      }
      return sleeps * 1e9 >= Self.slowest * durationNs && ended >= Self.least * sleeps
        && wakersCome
    }
    // Two groups that wake each other are played so on both sides or on neither.
    isSignalled = groups.indices.map { woken in
      ends[woken]
        && groups.indices.allSatisfy { other in
          let all = signals.reduce(0) { $0 + $1[other] }
          return ends[other] || signals[woken][other] < 0.1 * all
            || signals[other][woken] < 0.1 * signals.reduce(0) { $0 + $1[woken] }
        }
    }
    self.signals = signals
  }

  /// Wake-ups by `waker` for each of its operations, by woken group; 0 for groups that are not
  /// signalled.
  ///
  /// - Parameters:
  ///   - total: the waker's operations.
  ///   - sleeps: sleeps of each group's loop over the recording, which rounding made another number
  ///     than there were: there must be as many wake-ups.
  func rates(of waker: Int, total: Double, sleeps: [Double]) -> [Double] {
    signals[waker].indices.map { woken in
      let all = signals.reduce(0) { $0 + $1[woken] }
      guard isSignalled[woken], all > 0, total > 0 else { return 0 }
      return signals[waker][woken] / all * sleeps[woken] / total
    }
  }
}
