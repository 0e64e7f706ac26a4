import Measures
import TraceFormat
import Workloads

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What the customers of one lock class ask of it, inferred from its traced contentions.
struct ClassDemand: Sendable {
  /// Who shares one instance.
  var scope: Scope
  /// Instances within one scope among which acquisitions spread, at least 1.
  var instances: Int
  /// Which waiters the trace holds.
  var regime: Regime
  /// How long an owner owns it; nil where no wait was seen.
  var hold: HoldEstimate?
  /// Mean time from a customer's release to its next acquisition of the class, nanoseconds.
  var think = 0.0
  /// Customers of one scope, averaged over contentions.
  var customers = 0.0
  /// Acquisitions per traced contention.
  var acquisitionsPerContention = 1.0
  /// Acquisitions a second, all instances.
  var acquisitionRate = 0.0
  /// The narrowest scope that the waiters allow, where that is not `scope`.
  var narrowest: Scope?
  /// Mean wait of a traced contention as the queue predicts it, nanoseconds: the check.
  var predictedWait = 0.0
  /// Wait that the regime hides, nanoseconds a second.
  var untracedWaitRate = 0.0
  /// How far acquisitions times holds are off: one standard deviation of its logarithm.
  var error = 0.4
  /// The recording's length, nanoseconds.
  let durationNs: Double
  /// Mean wait of a traced contention as measured, without stack walks, nanoseconds.
  let meanWait: Double
  /// How long owners sleep in a hold, where the hold was seen without it.
  var ownerSleep: OwnerSleep?
  /// How long a reader owns it, where that was seen.
  var readerHold: HoldEstimate?
  /// Acquisitions per traced contention of readers, and of writers, where they are not alike.
  var perContention: (read: Double, write: Double)?
  /// Whether a census says how often each task takes it.
  var hasShares = false
  /// The way between the tracepoints of a waiter that finds the lock free, nanoseconds.
  var shortestWait: Double?

  /// One scope's share of a class.
  private struct Unit {
    var contentions = 0.0
    /// Sum of n(n - 1) over its instances.
    var coincidences = 0.0
    var instances = 0
    var tasks = 0
    var cpus = 0
    /// Seconds its tasks lived, over the recording's.
    var alive = 0.0
  }

  /// Infers the demand on the class made of `members` (lock handles).
  ///
  /// - Parameters:
  ///   - hold: what an owner does while it has a lock; `occupied`: the same with the time in which it stands.
  ///   - contentions: traced contentions of every lock, orphans included, scaled for loss.
  ///   - meanWait: of a traced contention, nanoseconds; it serves to tell an impossible crowd.
  ///   - census: acquisitions over the recording, where the trace held every one for long enough, and what
  ///     weight they have beside the queue's.
  ///   - unit: the scope each lock belongs to, a number of the caller's; equal for locks of one scope.
  init(
    scope: Scope, regime: Regime, family: LockFamily, members: [Int], contentions: [Double],
    unit: (Int) -> Int32, customers: CustomerCount, hold: HoldEstimate?,
    occupied: HoldEstimate?, meanWait: Double, census: (count: Double, weight: Double)? = nil,
    duration: Double
  ) {
    self.scope = scope
    self.regime = regime
    self.hold = hold
    self.meanWait = meanWait
    durationNs = duration
    var units = Self.units(members, contentions: contentions, unit: unit)
    for (key, _) in units {
      let seen = customers.seen(unit: key)
      units[key]?.tasks = seen.tasks
      units[key]?.cpus = seen.cpus
      units[key]?.alive = seen.alive
    }
    let ordered = units.sorted {
      $0.value.contentions != $1.value.contentions
        ? $0.value.contentions > $1.value.contentions : $0.key < $1.key
    }
    let total = ordered.reduce(0) { $0 + $1.value.contentions }
    instances = 1
    guard total > 0, hold != nil, let occupied, duration > 0 else { return }
    var spread = 0.0
    var solvedShare = 0.0
    for (_, unit) in ordered.prefix(Self.solvedUnits) {
      let pool = Self.effectiveInstances(unit.contentions, unit.coincidences, unit.instances)
      var n = Self.customers(unit, family: family, regime: regime)
      func solve() -> ThinkTime {
        ThinkTime(
          rate: unit.contentions / duration / pool, customers: n, regime: regime,
          holds: (occupied.values, occupied.weights))
      }
      var solved = solve()
      // A crowd that would have to wait far longer than it did was never there all at once. The one
      // that was follows from Little's law (Operations Research 9, 1961): its mean length, and the
      // owner.
      let crowd = unit.contentions * meanWait / duration / pool + 1
      let met = max(regime == .notFirstWaiter ? 3 : 2, Int(crowd.rounded(.up)))
      if met < n, solved.think == 0 || solved.predictedWait > 2 * meanWait {
        n = met
        solved = solve()
      }
      let share = unit.contentions / total
      solvedShare += share
      spread += share * pool
      // A customer of many locks comes to each of them less often; between two of them it thinks
      // what is left of its cycle.
      think += share * max(0, solved.cycle / pool - occupied.mean - solved.meanWait)
      self.customers += share * Double(n)
      predictedWait += share * solved.predictedWait
      untracedWaitRate += unit.contentions * solved.untracedWait
      acquisitionRate += unit.contentions * solved.acquisitionsPerContention
    }
    // Units beyond the solved ones behave as the solved ones do on average.
    for keyPath in [
      \Self.think, \Self.customers, \Self.predictedWait, \Self.untracedWaitRate,
      \Self.acquisitionRate,
    ] { self[keyPath: keyPath] /= solvedShare }
    instances = max(1, Int((spread / solvedShare).rounded()))
    if let census {
      acquisitionRate = max(
        total,
        exp(
          census.weight * log(max(1, census.count)) + (1 - census.weight)
            * log(max(1, acquisitionRate))))
      // What customers neither hold nor wait for, they think.
      let waited = total * meanWait
      let users = self.customers * Double(max(1, units.count)) * duration
      think = max(0, (users - waited) / acquisitionRate - occupied.mean)
    }
    acquisitionsPerContention = acquisitionRate / total
    acquisitionRate /= duration / 1e9
    untracedWaitRate /= duration / 1e9
  }

  /// Takes over what readers and writers ask for.
  mutating func balance(_ found: ReaderWriterBalance?) {
    guard let found, durationNs > 0 else { return }
    perContention = (found.perRead, found.perWrite)
    if readerHold == nil { readerHold = hold?.scaled(by: found.holdRatio) }
    let taken = acquisitionRate
    acquisitionRate = (found.reads + found.writes) * 1e9 / durationNs
    guard taken > 0, acquisitionRate > 0, let hold else { return }
    acquisitionsPerContention *= acquisitionRate / taken
    // As many customers come as often as that: what they neither own nor wait for, they think.
    let cycle = (think + hold.mean) * taken / acquisitionRate
    let owned = (found.writes + found.reads * found.holdRatio) / (found.reads + found.writes)
    think = max(0, cycle - owned * hold.mean)
  }

  private static func units(
    _ members: [Int], contentions: [Double], unit: (Int) -> Int32
  ) -> [Int32: Unit] {
    var units: [Int32: Unit] = [:]
    for lock in members where contentions[lock] > 0 {
      let key = unit(lock)
      var entry = units[key, default: Unit()]
      entry.contentions += contentions[lock]
      entry.coincidences += contentions[lock] * max(0, contentions[lock] - 1)
      entry.instances += 1
      units[key] = entry
    }
    return units
  }

  /// Over how many instances the contentions of each scope spread.
  static func spread(
    _ members: [Int], contentions: [Double], unit: (Int) -> Int32
  ) -> [Int32: Double] {
    units(members, contentions: contentions, unit: unit).mapValues {
      effectiveInstances($0.contentions, $0.coincidences, $0.instances)
    }
  }

  /// Scopes of one class that are solved one by one.
  private static let solvedUnits = 32

  /// Over how many instances contentions spread evenly, by how often two meet on one: the unbiased
  /// form of Simpson's index (E.
  ///
  /// H. Simpson, "Measurement of diversity", Nature 163, 1949).
  static func effectiveInstances(
    _ contentions: Double, _ coincidences: Double, _ seen: Int
  ) -> Double {
    guard contentions > 1, seen > 1 else { return 1 }
    let pairs = contentions * (contentions - 1)
    guard coincidences > 0 else { return max(Double(seen), pairs / 2) }
    return max(1, pairs / coincidences)
  }

  /// How many customers share one instance: CPUs where a waiter spins, tasks where it sleeps.
  private static func customers(_ unit: Unit, family: LockFamily, regime: Regime) -> Int {
    let seen =
      family.spins
      ? min(unit.tasks, unit.cpus) : min(unit.tasks, Int(unit.alive.rounded(.up)))
    return min(256, max(regime == .notFirstWaiter ? 3 : 2, seen))
  }
}

/// Who was seen waiting in each scope.
struct CustomerCount: Sendable {
  private var tasks: [Int32: Int] = [:]
  private var cpus: [Int32: Int] = [:]
  private var alive: [Int32: Double] = [:]
  private var pairs = HandleTable(capacity: 4096)

  /// Counts a waiter of `unit`; `alive` is the share of the recording it lived.
  mutating func add(unit: Int32, task: Int32, cpu: UInt16, alive share: Double) {
    let high = UInt64(UInt32(bitPattern: unit)) << 32
    var before = pairs.count
    if Int(pairs.insert(high | UInt64(UInt32(bitPattern: task)))) == before {
      tasks[unit, default: 0] += 1
      alive[unit, default: 0] += share
    }
    before = pairs.count
    if Int(pairs.insert(high | 1 << 31 | UInt64(cpu))) == before { cpus[unit, default: 0] += 1 }
  }

  /// What was seen of `unit`.
  func seen(unit: Int32) -> (tasks: Int, cpus: Int, alive: Double) {
    (tasks[unit] ?? 0, cpus[unit] ?? 0, alive[unit] ?? 0)
  }
}
