import TraceFormat
import Workloads

/// Who comes for the locks of one class while everybody who comes is traced.
///
/// While somebody stands in the queue the fast path is closed, so that time is a census: who comes in it, over
/// the time in which it might have come, neither waiting nor owning, is the rate at which that task asks. It is
/// the rate of the whole recording as far as a task does not know how long the others' queue is. Sources of the
/// closed fast path (Linux 6.18): `queued_spin_lock_slowpath` (any bit beyond _Q_LOCKED_VAL queues),
/// `queued_read_lock_slowpath` behind a waiting writer, `rwsem_read_trylock` (RWSEM_FLAG_WAITERS),
/// `rt_mutex_cmpxchg_acquire` (RT_MUTEX_HAS_WAITERS), `__percpu_down_read` (sem->block). Not so a mutex: those
/// who spin for it leave its fast path open.
struct ArrivalCensus {
  /// What one task asks for in the whole recording.
  struct Share {
    var task: Int32
    /// Acquisitions as a reader, and all others.
    var reads = 0.0
    var others = 0.0
    var total: Double { reads + others }
  }

  /// The tasks that came, in order of their handles.
  private(set) var shares: [Share] = []
  /// How many were seen to come.
  private(set) var arrivals = 0.0

  /// The share of the census in which a task that comes was free to.
  private(set) var freedom = 0.0

  /// Fewest arrivals that say how often a class is taken, and the least share of the time in which those who
  /// came were free to.
  static let fewest = 50.0
  static let leastFreedom = 0.1

  /// What one scope's locks saw of one customer: a CPU where waiters spin, else a task.
  private struct Seen {
    var unit: Int32
    var customer: Int32
    var reads = 0.0
    var others = 0.0
    /// Nanoseconds it waited, and owned the lock while others did.
    var waited = 0.0
    var owned = 0.0
    /// How often it comes to one lock of the scope while it is free to, per nanosecond: as a reader, or else.
    var readRate = 0.0
    var otherRate = 0.0
  }

  /// Counts the arrivals among `waits`, those of one class in order of lock and begin; nil where they are
  /// too few.
  ///
  /// - Parameters:
  ///   - unit: the scope each lock belongs to.
  ///   - instances: locks of one scope among which acquisitions spread.
  ///   - hold: mean nanoseconds an owner owns it, and a reader.
  ///   - owned: the same from one traced owner to the next, with the time in which it stood; 0: not known.
  init?(
    _ all: [Wait], family: LockFamily, unit: (Int) -> Int32, instances: (Int32) -> Double,
    hold: Double, readerHold: Double, owned: Double, duration: Double
  ) {
    // A writer of a per-CPU semaphore waits for another's grace period, and readers pass.
    let waits = family == .percpuRwsem ? all.filter(\.isRead) : all
    var table = HandleTable()
    var seen: [Seen] = []
    /// Nanoseconds with somebody in the queue, and with an owner known to the trace, by scope.
    var open: [Int32: (queued: Double, owned: Double)] = [:]
    func slot(_ scope: Int32, _ wait: Wait) -> Int {
      let customer = family.spins ? Int32(wait.cpu) : wait.task
      let key = UInt64(UInt32(bitPattern: scope)) << 32 | UInt64(UInt32(bitPattern: customer))
      let slot = Int(table.insert(key))
      if slot == seen.count { seen.append(Seen(unit: scope, customer: customer)) }
      return slot
    }
    /// Arrivals by customer and task.
    var comers = PairTally()
    var readers = PairTally()
    var start = 0
    while start < waits.count {
      var end = start
      while end < waits.count, waits[end].lock == waits[start].lock { end += 1 }
      let scope = unit(Int(waits[start].lock))
      var until: UInt64 = 0
      for wait in waits[start..<end] {
        let place = slot(scope, wait)
        let left = wait.left(family)
        seen[place].waited += Double(left - wait.begin)
        if wait.begin < until {
          if wait.isRead {
            seen[place].reads += 1
            readers.add(Int32(truncatingIfNeeded: place), wait.task)
          } else if family != .rwsem {
            seen[place].others += 1
            comers.add(Int32(truncatingIfNeeded: place), wait.task)
          }
          if wait.isRead || family != .rwsem { arrivals += 1 }
        }
        let from = max(until, wait.begin)
        if left > from {
          open[scope, default: (0, 0)].queued += Double(left - from)
          until = left
        }
      }
      let ends = waits[start..<end].sorted {
        ($0.left(family), $0.task) < ($1.left(family), $1.task)
      }
      for (owner, next) in zip(ends, ends.dropFirst())
      where owner.acquired && next.begin < owner.left(family) {
        let span = Double(next.left(family) - owner.left(family))
        seen[slot(scope, owner)].owned += span
        open[scope, default: (0, 0)].owned += span
      }
      start = end
    }
    guard arrivals >= Self.fewest else { return nil }
    var came: [Int32: Double] = [:]
    for entry in seen { came[entry.unit, default: 0] += entry.reads + entry.others }
    var (free, present) = (0.0, 0.0)
    for index in seen.indices {
      let entry = seen[index]
      guard let time = open[entry.unit], let all = came[entry.unit], time.queued > 0 else {
        continue
      }
      // Whoever had the lock when the queue formed is not known: any that comes, as often as it comes.
      let own = entry.reads + entry.others
      // Of readers it is at least one, awake or asleep.
      let unknown = max(0, time.queued - time.owned)
      let left = time.queued - entry.waited - entry.owned - unknown * own / max(1, all)
      seen[index].readRate = entry.reads / max(left, 0.02 * time.queued)
      seen[index].otherRate = entry.others / max(left, 0.02 * time.queued)
      free += own * max(0, left)
      present += own * time.queued
    }
    freedom = present > 0 ? free / present : 0
    guard freedom >= Self.leastFreedom else { return nil }
    var made: [Int32: Share] = [:]
    let stays = max(hold, 1)
    // Times each customer came while it was free to, over how often it was seen to come.
    let factors = seen.map { entry in
      let locks = instances(entry.unit)
      let (reads, others) = (locks * entry.readRate, locks * entry.otherRate)
      let taken =
        max(0, duration - entry.waited) / (1 + reads * max(readerHold, 1) + others * stays)
      let own = entry.reads + entry.others
      return own > 0 ? (reads + others) * taken / own : 0
    }
    for entry in readers.entries {
      made[entry.second, default: Share(task: entry.second)].reads +=
        Double(entry.count) * factors[Int(entry.first)]
    }
    for entry in comers.entries {
      made[entry.second, default: Share(task: entry.second)].others +=
        Double(entry.count) * factors[Int(entry.first)]
    }
    if family == .rwsem {
      let writers = Self.writers(waits, seen, slot: { slot(unit(Int($0.lock)), $0) })
      for (task, time) in writers {
        made[task, default: Share(task: task)].others += time / max(owned, stays)
      }
      if writers.isEmpty {
        // Nothing better than that as many of their waits are missing as of the readers'.
        let reads = Double(waits.count { $0.isRead })
        let each = made.values.reduce(0) { $0 + $1.reads } / max(1, reads)
        for wait in waits where !wait.isRead {
          made[wait.task, default: Share(task: wait.task)].others += each
        }
      }
    }
    shares = made.values.filter { $0.total > 0 }.sorted { $0.task < $1.task }
  }

  /// Nanoseconds that each writer of a semaphore owned it, by task; empty where readers did not say who has it.
  ///
  /// Writers spin for it untraced, but every reader that finds it theirs waits, and says whose it is. Readers
  /// come whether or not it is owned, so those who find it with one writer are to all as its time is to all time
  /// (R. W. Wolff, "Poisson arrivals see time averages", Operations Research 30, 1982); while they wait for that
  /// writer they do not come, which is put back.
  private static func writers(
    _ waits: [Wait], _ seen: [Seen], slot: (Wait) -> Int
  ) -> [(task: Int32, time: Double)] {
    var rates: [Int32: Double] = [:]
    for entry in seen { rates[entry.unit, default: 0] += entry.readRate }
    var found: [Int32: (count: Double, waited: Double, rate: Double)] = [:]
    for wait in waits where wait.isRead && wait.owner >= 0 {
      let reader = seen[slot(wait)]
      var entry = found[wait.owner] ?? (0, 0, 0)
      entry.count += 1
      entry.waited += reader.readRate * Double(wait.met)
      if entry.rate == 0 {
        let own = seen.first { $0.customer == wait.owner && $0.unit == reader.unit }
        entry.rate = (rates[reader.unit] ?? 0) - (own?.readRate ?? 0)
      }
      found[wait.owner] = entry
    }
    return found.filter { $0.value.rate > 0 }.sorted { $0.key < $1.key }.map {
      ($0.key, ($0.value.count + $0.value.waited) / $0.value.rate)
    }
  }

  /// The waits of each class by lock, in order of their begins.
  static func queues(_ waits: [Wait], naming: LockNaming) -> [[Wait]] {
    var queues = Array(repeating: [Wait](), count: naming.roles.count)
    for wait in waits { queues[Int(naming.roleOf[Int(wait.lock)])].append(wait) }
    return queues.map { $0.sorted { ($0.lock, $0.begin, $0.end) < ($1.lock, $1.begin, $1.end) } }
  }

  /// What the census weighs beside the queue that gives the same contentions: who is seen free where few share
  /// a lock are those who think for long, and that queue has no such bias where holds are well known.
  func weight(_ hold: HoldEstimate?, _ family: LockFamily) -> Double {
    family.kind.hasReaders || hold?.source != .backlog ? 1 : min(1, max(0, freedom))
  }
}

extension [ArrivalCensus.Share] {
  /// Acquisitions of all tasks.
  var total: Double { reduce(0) { $0 + $1.total } }
}

extension Wait {
  /// When it began.
  var begin: UInt64 { end &- length }
  /// When it left the queue: an rtmutex is the next owner's from its wake-up on, and nobody else's.
  func left(_ family: LockFamily) -> UInt64 { family == .rtmutex ? end : begin &+ met }
  /// Whether a reader's.
  var isRead: Bool { LockFlags(rawValue: UInt32(flags)).contains(.read) }
}
