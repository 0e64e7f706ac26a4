import Measures
import TraceFormat
import Workloads

extension ClassAssembly {
  /// What hand-overs and waits say of holds, by class, nanoseconds.
  struct Spans {
    /// From one traced owner to the next while somebody waited.
    var backlogs: [[Double]]
    /// The same with the time that owners stood, and how long they slept of it.
    var occupied: [[Double]]
    var slept: [[Double]]
    /// The same where the lock was found free again: bounds.
    var shorter: [[Double]]
    /// Waits that are left over from holds; of a lock with readers, those of readers.
    var waits: [[Double]]
    /// Of a lock with readers, the waits of either.
    var readerWaits: [[Double]]
    var writerWaits: [[Double]]
    /// How many waits were readers'.
    var readers: [UInt64]
    /// What batches of readers say of their holds, and bounds of them.
    var reader: [[Double]]
    var readerShorter: [[Double]]
    /// Mean time from one traced owner to the next, the time an owner stood included.
    var owned: [Double]
  }

  /// What hand-overs and waits say of holds.
  ///
  /// Only waits that ended with the lock are left over from a hold. Of a lock that sleeps, hand-overs
  /// to a spinning waiter are taken where there are enough: those to a sleeper hold its wake-up too.
  static func spans(
    _ locks: LockLedger, waits: [Wait], _ undisturbed: [Undisturbed?], free: [UInt64],
    naming: LockNaming
  ) -> Spans {
    let roles = naming.roles.count
    var spinning = Array(repeating: [Double](), count: roles)
    var sleeping = spinning
    var shorter = spinning
    var occupied = spinning
    var slept = spinning
    let trusts = spunFor(locks, naming: naming)
    var owned = Array(repeating: (sum: 0.0, count: 0.0), count: roles)
    for backlog in locks.backlogs {
      let role = Int(naming.roleOf[Int(backlog.lock)])
      guard backlog.isClosed || trusts[role] else { continue }
      owned[role].sum += Double(backlog.span)
      owned[role].count += 1
      if backlog.isWalked, undisturbed[role] != nil { continue }
      if backlog.spinning {
        guard backlog.wait >= free[role] else {
          shorter[role].append(Double(backlog.moved - min(backlog.moved, backlog.wait)))
          continue
        }
        spinning[role].append(Double(backlog.moved))
      } else {
        sleeping[role].append(Double(backlog.moved))
      }
      occupied[role].append(Double(backlog.span))
      slept[role].append(Double(backlog.slept))
    }
    for role in 0..<roles where spinning[role].count < HoldEstimate.fewestBacklogs {
      spinning[role] += sleeping[role]
    }
    var lengths = Array(repeating: [Double](), count: roles)
    var readers = Array(repeating: UInt64(0), count: roles)
    var writers = lengths
    for wait in waits {
      let role = Int(naming.roleOf[Int(wait.lock)])
      let isReader = LockFlags(rawValue: UInt32(wait.flags)).contains(.read)
      if isReader { readers[role] += 1 }
      guard wait.acquired, wait.length >= free[role] else { continue }
      if wait.isWalked, undisturbed[role] != nil { continue }
      // Whoever waits behind readers waits for the last of them: no rest of one hold.
      if isReader || !naming.roles[role].family.kind.hasReaders {
        lengths[role].append(Double(wait.met))
      } else {
        writers[role].append(Double(wait.met))
      }
    }
    let readerWaits = lengths
    for role in 0..<roles where lengths[role].isEmpty { lengths[role] = writers[role] }
    var reader = Array(repeating: [Double](), count: roles)
    var readerShorter = reader
    for span in locks.readerSpans {
      let role = Int(naming.roleOf[Int(span.lock)])
      if span.isBound {
        readerShorter[role].append(Double(span.span))
      } else {
        reader[role].append(Double(span.span))
      }
    }
    return Spans(
      backlogs: spinning, occupied: occupied, slept: slept, shorter: shorter, waits: lengths,
      readerWaits: readerWaits,
      writerWaits: writers, readers: readers, reader: reader,
      readerShorter: readerShorter, owned: owned.map { $0.count > 0 ? $0.sum / $0.count : 0 })
  }

  /// By class, whether a mutex goes from one spinner to the next without anybody in between.
  ///
  /// Its fast path is open while tasks only spin for it. Waiters that come meanwhile say who has it: where
  /// nearly all of them name the last traced owner, hardly anybody else gets in.
  private static func spunFor(_ locks: LockLedger, naming: LockNaming) -> [Bool] {
    var counts = Array(repeating: (agreed: 0.0, disputed: 0.0), count: naming.roles.count)
    for named in locks.namings {
      let role = Int(naming.roleOf[Int(named.lock)])
      if named.isSame { counts[role].agreed += 1 } else { counts[role].disputed += 1 }
    }
    return counts.map { $0.agreed >= 20 && $0.disputed <= 0.05 * $0.agreed }
  }

  /// Fewest waits without a stack walk that stand for all waits of a class.
  private static let fewestUndisturbed = 20

  /// The waits of a class in which the recorder walked no stack.
  struct Undisturbed {
    /// Their mean, nanoseconds.
    var mean: Double
    /// What all but one in twenty of them exceed: the way between the tracepoints, unless every one met
    /// an owner for longer.
    var shortest: Double
  }

  /// By class, the waits in which the recorder walked no stack; nil where there are too few.
  ///
  /// Stacks are walked on a sample of the waits, chosen by how many a lock had, and a walk takes the
  /// waiter longer than most waits for a spinlock are: those waits say how long a walk is.
  static func undisturbed(_ waits: [Wait], naming: LockNaming) -> [Undisturbed?] {
    var lengths = Array(repeating: [Double](), count: naming.roles.count)
    for wait in waits where !wait.isWalked {
      lengths[Int(naming.roleOf[Int(wait.lock)])].append(Double(wait.length))
    }
    return lengths.map { lengths in
      guard lengths.count >= fewestUndisturbed else { return nil }
      return Undisturbed(
        mean: lengths.reduce(0, +) / Double(lengths.count),
        shortest: quantile(0.05, ofSorted: lengths.sorted()))
    }
  }

  /// By class, the length below which a wait met nobody: zero but for a mutex.
  ///
  /// While somebody is on the wait list, a task that finds the mutex free is traced too: its "wait" is
  /// the way from one tracepoint to the next (`__mutex_lock_common`, kernel/locking/mutex.c, Linux
  /// 6.18). The shortest wait of the class is one of those, or nearly.
  static func foundFree(
    _ locks: LockLedger, waits: [Wait], naming: LockNaming
  ) -> [UInt64] {
    var shortest = Array(repeating: UInt64.max, count: naming.roles.count)
    for wait in waits
    where wait.acquired && locks.instances[Int(wait.lock)].family == .mutex
      && locks.instances[Int(wait.lock)].census > 0
    {
      let role = Int(naming.roleOf[Int(wait.lock)])
      shortest[role] = min(shortest[role], wait.length)
    }
    return shortest.map { $0 == .max ? 0 : $0 &+ $0 }
  }
}
