import Measures

/// What the inference of a workload needs beyond what findings print.
struct Evidence: Sendable {
  /// Times of the first and the last event.
  var first: UInt64
  var last: UInt64
  /// The tasks, by handle.
  var tasks: [TaskLedger.Task]
  /// Who they are, by handle.
  var identities: [TaskNaming.Identity]
  /// Contentions and their wait (nanoseconds) by (task, class); classes as in `demands`.
  var waits: [PairTally.Entry]
  /// The same, spinning alone.
  var spins: [PairTally.Entry]
  /// Wake-ups by (waker, woken).
  var wakes: [PairTally.Entry]
  /// Of these, those that ended a sleep of the woken task's own will.
  var signals: [PairTally.Entry]
  /// Locks that one task owned after waiting and another after it, by the two tasks.
  var handOvers: [PairTally.Entry]
  /// Contentions of readers by (task, class).
  var reads: [PairTally.Entry]
  /// Acquisitions by (task, class) where a census counted them: of readers, and all others.
  var taken: [(task: Int32, role: Int32, reads: Double, others: Double)]
  /// Waits for one class inside holds of another.
  var nestings: [Nesting.Entry]
  /// The demand on each class, in the order of the findings' classes.
  var demands: [ClassDemand]
  /// The family of each class.
  var families: [LockFamily]
  /// Calls and their targets by (task, function).
  var calls: [PairTally.Entry]
  /// The functions.
  var functions: [InterruptLedger.Function]
  /// Their names.
  var functionNames: [String]
  /// Whether spinlocks are ticket locks.
  var hasTicketLocks: Bool
  /// Whether task switches were recorded.
  var hasSwitches: Bool
  /// What a contention_end probe adds to a hold, nanoseconds.
  var probeNs: Double
  /// What the probes of one contention, begin and end, take of a CPU, nanoseconds.
  var contentionProbesNs: Double
}
