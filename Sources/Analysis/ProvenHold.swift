import TraceFormat

/// A moment, or a span, in which a task provably had a lock.
///
/// Two things prove one. A `contention_begin` names the owner it met: a moment. Somebody stood in the
/// queue from before the task got the lock until the next traced one did, so that nobody untraced had
/// it in between (`LockLedger.acquired`): a span.
struct ProvenHold: Sendable {
  /// The lock.
  var lock: Int32
  /// The task that had it.
  var owner: Int32
  /// Nanoseconds of the trace clock; equal for a moment.
  var from: UInt64
  var to: UInt64

  /// Whether the task had the lock all through, or at a moment well inside, the span.
  ///
  /// The owner is read without the lock, a probe's run after it was met at most: a moment less than a
  /// microsecond from the begin of a wait may be of a lock given back just before it.
  func covers(from begin: UInt64, to end: UInt64) -> Bool {
    from < to ? from <= begin && end <= to : begin &+ 1_000 <= from && from < end
  }
}

/// The proven holds of a trace that may say what tasks wait for inside them.
struct ProvenHolds: Sendable {
  /// Moments in which a task that waited had another lock.
  var moments: [ProvenHold] = []
  /// Whether owners were named at all.
  var namesOwners = false

  /// The moments, and the spans of locks that name no owner.
  ///
  /// Locks that keep their owner need no spans: it is named by whoever comes. Where none is (an older
  /// recording) a mutex can be found free by traced tasks while others sleep for it, which says that it
  /// was given back before, not when: such spans prove nothing, nor those that end with their own owner.
  ///
  /// - Parameter free: the length below which a wait for a lock met nobody.
  func all(_ locks: LockLedger, free: (Int) -> UInt64) -> [ProvenHold] {
    var proofs = moments
    for span in locks.backlogs where span.owner >= 0 && span.owner != span.next {
      switch locks.instances[Int(span.lock)].family {
      case .mutex, .rwsem, .rtmutex: if namesOwners { continue }
      default: break
      }
      guard !span.spinning || span.wait >= free(Int(span.lock)) else { continue }
      proofs.append(
        ProvenHold(
          lock: span.lock, owner: span.owner, from: span.until - span.span, to: span.until))
    }
    return proofs
  }
}

extension Analyzer {
  /// Notes whether the owner whom a `contention_begin` names waits for another lock itself.
  mutating func noteOwner(_ event: Event, now: UInt64) {
    // Of readers one is named, who may have left.
    guard event.owner.isKnown else { return }
    holdings.namesOwners = true
    guard !event.owner.reads, let owner = tasks.known(event.owner.task) else { return }
    let lock = locks.instance(event.a, LockFamily(LockFlags(rawValue: event.value)))
    guard let waited = pairing.waited(by: owner), waited != lock else { return }
    holdings.moments.append(ProvenHold(lock: lock, owner: owner, from: now, to: now))
  }
}
