import TraceFormat
import Workloads

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How often a per-CPU semaphore is taken by its readers and by its writers, from the readers that writers block.
///
/// Readers that come while a writer has it wait, and are woken by that writer (`percpu_up_write`, Linux 6.18), so
/// the writers are known, and how many of their visits were met. Waits alone give the product of both rates. What
/// parts them: how many readers one visit blocks, since every reader that comes in it is traced; how often two
/// writers meet; and that a writer sleeps in each visit for a grace period (`rcu_sync_enter`), in a system call of
/// its own, so that it made no more visits than it slept and called.
struct BlockedReaders {
  /// What each task asks for in the whole recording, in order of their handles.
  private(set) var shares: [ArrivalCensus.Share] = []

  /// One writer's visits: those that were met, and the most that it may have made.
  private struct Writer {
    var met = 0.0
    var most = 0.0
    var lastWake: [Int32: UInt64] = [:]
  }

  /// What the waits of a class say, over all its locks.
  private struct Seen {
    var reads = 0.0
    var writes = 0.0
    /// Nanoseconds from the first reader of each visit that was met to its end.
    var after = 0.0
    var readers: [Int32: Double] = [:]
    var writers: [Int32: Writer] = [:]
  }

  /// Fewest blocked readers that say anything.
  private static let fewest = 10.0
  /// How many readers that came behind another say as much of their rate as the first ones of all visits.
  private static let firsts = 4.0
  /// Steps between the visits that were met and the most there can have been.
  private static let steps = 40

  /// Judges the waits of one class, in order of lock and begin; nil where nobody is known to have ended a reader's
  /// wait, or too few waited.
  ///
  /// - Parameters:
  ///   - hold: how long a writer has it.
  ///   - locks: how many locks of the class were waited for, at least 1.
  ///   - duration: the recording's length, nanoseconds.
  init?(
    _ waits: [Wait], tasks: [TaskLedger.Task], hold: HoldEstimate?, cpus: Int, locks: Int,
    duration: Double
  ) {
    guard let hold, hold.mean > 0, duration > 0 else { return nil }
    let seen = Self.seen(waits, tasks: tasks)
    // A writer blocks readers while it waits for those before it, and for a CPU, too.
    let visit = HoldEstimate.residual(
      waits.filter(\.isRead).map { Double($0.met) }.sorted())
    let met = seen.writers.values.reduce(0) { $0 + $1.met }
    guard seen.reads >= Self.fewest, met > 0 else { return nil }
    let most = max(met, seen.writers.values.reduce(0) { $0 + $1.most })
    // A writer has a CPU while it holds, on which no reader comes.
    let blocks = mean(of: visit.values, weights: visit.weights)
    let taken = min(1, hold.mean / blocks) / Double(max(2, cpus))
    let free = Double(seen.readers.count) / Double(locks) * (1 - taken)
    let writers = Double(seen.writers.count)
    var points: [(visits: Double, rate: Double, surprise: Double)] = []
    for step in 0...Self.steps {
      let visits = met * pow(most / met, Double(step) / Double(Self.steps))
      let blocked = seen.reads / (free * visits)
      guard blocked < 0.98 else { continue }
      let rate = Self.rate(blocking: blocked, visit)
      let missed = chanceOfNobody(in: visit.values, weights: visit.weights, rate: free * rate)
      let together = visits * visits * hold.mean / duration / Double(locks) * (1 - 1 / writers)
      // Nothing else known, every visit that can have been was, as likely as not.
      let known = step == Self.steps ? log(Double(Self.steps)) : 0
      let surprise =
        Self.surprise(met: met, of: visits, missing: missed)
        + Self.surprise(count: seen.writes, mean: together) - known
      points.append((visits, rate, surprise))
    }
    guard let weights = posteriorWeights(surprises: points.map(\.surprise)) else { return nil }
    let visits = exp(mean(of: points.map { log($0.visits) }, weights: weights))
    let first = exp(mean(of: points.map { log($0.rate) }, weights: weights))
    // Behind the first reader of a visit all come as often as ever; the first may not, so it is worth a few others.
    let behind = Self.firsts / first + max(0, free - 1) * seen.after
    let rate = (Self.firsts + max(0, seen.reads - met)) / behind
    let reads = max(seen.reads, Double(seen.readers.count) * rate * duration)
    var made: [Int32: ArrivalCensus.Share] = [:]
    for (task, count) in seen.readers {
      made[task, default: ArrivalCensus.Share(task: task)].reads += reads * count / seen.reads
    }
    let spread = most > met ? (visits - met) / (most - met) : 0
    for (task, writer) in seen.writers {
      made[task, default: ArrivalCensus.Share(task: task)].others +=
        writer.met + spread * max(0, writer.most - writer.met)
    }
    shares = made.values.filter { $0.total > 0 }.sorted { $0.task < $1.task }
  }

  private static func seen(_ waits: [Wait], tasks: [TaskLedger.Task]) -> Seen {
    var seen = Seen()
    for wait in waits {
      guard wait.isRead else {
        seen.writes += 1
        _ = seen.writers[wait.task, default: Writer()]
        continue
      }
      seen.reads += 1
      seen.readers[wait.task, default: 0] += 1
      guard wait.owner >= 0, tasks[Int(wait.owner)].idleOf < 0 else { continue }
      // Whoever came before the writer's last wake-up was woken by the same visit.
      let wake = wait.begin + wait.met
      var writer = seen.writers[wait.owner] ?? Writer()
      let last = writer.lastWake[wait.lock]
      if last.map({ wait.begin >= $0 }) ?? true {
        writer.met += 1
        seen.after += Double(wait.met)
      }
      writer.lastWake[wait.lock] = max(wake, last ?? 0)
      seen.writers[wait.owner] = writer
    }
    seen.writers = Dictionary(
      uniqueKeysWithValues: seen.writers.map { task, writer in
        let ledger = tasks[Int(task)]
        let calls = ledger.systemCalls > 0 ? Double(ledger.systemCalls) : .infinity
        var writer = writer
        writer.most = max(writer.met, min(Double(ledger.sleeps), calls))
        return (task, writer)
      })
    return seen
  }

  /// How often a reader comes, per nanosecond, if a visit of these lengths blocks it with that probability.
  private static func rate(
    blocking share: Double, _ visit: (values: [Double], weights: [Double])
  ) -> Double {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      let missed = chanceOfNobody(in: visit.values, weights: visit.weights, rate: middle)
      if 1 - missed < share { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The negative logarithm of the chance that of `visits` as many are met, each of which is not with `missing`.
  private static func surprise(met: Double, of visits: Double, missing: Double) -> Double {
    let share = min(1 - 1e-12, max(1e-12, 1 - missing))
    let ways = lgamma(visits + 1) - lgamma(met + 1) - lgamma(visits - met + 1)
    return -(ways + met * log(share) + (visits - met) * log(1 - share))
  }

  /// The negative logarithm of the chance of a count whose mean is `mean`.
  private static func surprise(count: Double, mean: Double) -> Double {
    mean - count * log(max(1e-12, mean)) + lgamma(count + 1)
  }
}
