#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Which locks tasks had when a slice ended: a sample of what they spend their CPU time on.
///
/// A tick that ends a slice comes at a moment that the task does not choose, so the share of stops in
/// which it has a lock is the share of its CPU time in which it does (the inspection paradox's other
/// side: a moment falls into a hold in proportion to its length). Whoever comes for the lock before the
/// task gets a CPU again is told who has it (`contention_begin` names the owner of a lock that may
/// sleep), and while an owner stands still, those who use its lock do come.
///
/// Unlike times between hand-overs it needs no queue, and holds that nobody met count as the others do.
struct StoppedOwners: Sendable {
  /// Stops of a task in which others found it to have a lock, by (task, lock).
  private(set) var found = PairTally()
  /// Locks of tasks that stand still, by the task.
  private var open: [Int32: Set<Int32>] = [:]

  /// Fewest stops of owners in a recording: a kernel that gives up its CPU at few places stops no owner
  /// elsewhere, and its stops are no sample.
  static let fewest: UInt64 = 25
  /// What a share is off beside its sampling error, as a part of itself: a task that is stopped by a
  /// wake-up of its own doing was not stopped at random, and one whose lock all others wait for already
  /// is found by nobody.
  static let bias = 0.1

  /// Notes that `owner`, who stands still as far as is known, was named as the owner of `lock`.
  mutating func see(_ owner: Int32, lock: Int32) { open[owner, default: []].insert(lock) }

  /// Ends a stop of `owner`, and counts what was seen of it if the owner stood still until now for all that is
  /// recorded.
  ///
  /// Where switches are missing it may have had a CPU long since, and those who named it waited as usual.
  mutating func goesOn(_ owner: Int32, stoodStill: Bool) {
    guard !open.isEmpty, let locks = open.removeValue(forKey: owner), stoodStill else { return }
    for lock in locks { found.add(owner, lock) }
  }

  /// What stops say of one class.
  struct Sample {
    /// Stops in which a task was found to have one of its locks.
    var found = 0.0
    /// Stops per nanosecond of CPU time of those who wait for it, and how long they are.
    var rate = 0.0
    var lengths = StopLengths()
    /// Weight of the waits summed so far.
    fileprivate var weight = 0.0
  }

  /// What stops say of each class whose locks name their owners; nil of others, and of all where owners
  /// are stopped too seldom.
  ///
  /// - Parameters:
  ///   - waits: contentions by (task, class) of those who do not read.
  ///   - classOf: the class of each lock, or -1.
  func samples(
    _ tasks: [TaskLedger.Task], waits: [PairTally.Entry], classOf: [Int32],
    families: [LockFamily]
  ) -> [Sample?] {
    var samples = Array(repeating: Sample(), count: families.count)
    var all: UInt64 = 0
    for entry in found.entries where classOf[Int(entry.second)] >= 0 {
      samples[Int(classOf[Int(entry.second)])].found += Double(entry.count)
      all += entry.count
    }
    guard all >= Self.fewest else { return samples.map { _ in nil } }
    for entry in waits {
      let task = tasks[Int(entry.first)]
      guard task.ran > 0 else { continue }
      let index = Int(entry.second)
      let weight = Double(entry.count)
      samples[index].rate += weight * Double(task.stops) / Double(task.ran)
      samples[index].lengths.merge(
        task.stopLengths, weight: weight / Double(max(1, task.stops)))
      samples[index].weight += weight
    }
    return zip(samples, families).map { sample, family in
      switch family {
      case .mutex, .rwsem, .rtmutex: break
      case .spinlock, .rwlock, .percpuRwsem, .rwlockRT, .semaphore: return nil
      }
      guard sample.weight > 0 else { return nil }
      var sample = sample
      sample.rate /= sample.weight
      return sample
    }
  }
}

extension ClassDemand {
  /// Scales the holds to what stopped owners show, as far as that is known better.
  ///
  /// Holds, acquisitions and the rate of stops say how many owners should have been found stopped. What
  /// was found is Poisson; how far the product of holds and acquisitions is off is taken as gamma
  /// distributed around one with the variance that the estimate has: the two are conjugate, and the mean
  /// of the posterior is (a + found) / (a + expected), a = 1 / variance (Gelman et al., "Bayesian Data
  /// Analysis", 2013, section 2.6). Both counts are divided by what `StoppedOwners.bias` adds to the
  /// variance of the first.
  ///
  /// - Parameter writers: the share of acquisitions that do not read: of readers no owner is named.
  mutating func correct(by sample: StoppedOwners.Sample, writers: Double) {
    guard let hold, acquisitionRate > 0, error > 0 else { return }
    let held = acquisitionRate * 1e-9 * hold.mean * writers
    // Somebody has to come for the lock before the owner goes on.
    let met = sample.lengths.chance(rate: acquisitionRate * 1e-9 / Double(instances))
    let expected = held * sample.rate * durationNs * met
    let spread = 1 + expected * StoppedOwners.bias * StoppedOwners.bias
    let prior = 1 / (error * error)
    let (seen, due) = (sample.found / spread, expected / spread)
    self.hold = hold.scaled(by: (prior + seen) / (prior + due))
    error = (1000 / (prior + due).squareRoot()).rounded() / 1000
  }
}
