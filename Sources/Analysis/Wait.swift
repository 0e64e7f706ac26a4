import TraceFormat

/// One wait for a lock, begin and end paired: 56 bytes, one per contention.
///
/// Handles number the analyzer's locks and tasks, in order of first sight.
struct Wait: Sendable {
  /// When it ended, nanoseconds of the trace clock.
  var end: UInt64
  /// How long it was, nanoseconds.
  var length: UInt64
  /// How much of it was slept, nanoseconds.
  var asleep: UInt64
  /// How long the lock was others': to the end, or to the wake-up by whoever gave it back.
  var met: UInt64
  /// The lock.
  var lock: Int32
  /// The task that waited.
  var task: Int32
  /// The task that owned the lock alone when it began, or -1 where that is not known; of a per-CPU semaphore who
  /// woke the waiter.
  var owner: Int32 = -1
  /// Its stack, or none.
  var stack: StackID
  /// The CPU where it ended.
  var cpu: UInt16
  /// The flags of its first begin.
  var flags: UInt8
  /// Whether it ended with the lock: the return code was zero.
  var acquired: Bool
  /// Whether the recorder walked the waiter's stack in it: it is at least as long as that took.
  var isWalked = false
}

/// What an owner spends without moving on, nanoseconds since it was first seen.
struct OwnerClock: Sendable {
  /// Without a CPU.
  var off: UInt64 = 0
  /// Spinning in traced waits for other locks.
  var spun: UInt64 = 0
  /// Asleep, and not for a lock: part of `off`.
  var slept: UInt64 = 0
}

/// What pairing could not pair: counted, never guessed.
public struct PairingAccount: Hashable, Sendable, Codable {
  /// Waits with both ends.
  public var paired: UInt64 = 0
  /// Begins whose end is missing.
  public var beginsWithoutEnd: UInt64 = 0
  /// Ends whose begin is missing.
  public var endsWithoutBegin: UInt64 = 0
  /// Waits that end before they begin (clocks of two CPUs); left out.
  public var negative: UInt64 = 0
  /// Waits that ended without the lock (a signal, a timeout: `ret` is not zero).
  public var notAcquired: UInt64 = 0
  /// Waits that were open where events are missing; left out.
  public var brokenByLoss: UInt64 = 0
  /// Mutex begins merged into the wait they belong to (it went to sleep, or to spin again).
  public var merged: UInt64 = 0
  /// Ends that came before an older waiter's on a FIFO lock.
  public var overtakes: UInt64 = 0

  /// Nothing counted yet.
  public init() {}

  /// Orphans over all begins and ends seen, 0...1.
  public var orphanShare: Double {
    let orphans = Double(beginsWithoutEnd + endsWithoutBegin + brokenByLoss)
    let all = 2 * Double(paired) + orphans
    return all > 0 ? orphans / all : 0
  }

  enum CodingKeys: String, CodingKey {
    case paired, negative, merged, overtakes
    case beginsWithoutEnd = "begins_without_end"
    case endsWithoutBegin = "ends_without_begin"
    case notAcquired = "not_acquired"
    case brokenByLoss = "broken_by_loss"
  }
}
