import Workloads

/// One lock in memory.
struct LockState {
  let lockClass: Int32
  let kind: LockKind
  /// The OSlet that owns it; -1 for none.
  let owner: Int32
  /// Modified lines that move with it.
  let lines: Double
  /// The task that owns it alone; -1 for none.
  var holder: Int32 = -1
  /// How many own it together.
  var readers: Int32 = 0
  /// The spinning queue (mutex, rwsem: the OSQ; CNA: the main queue; ticket, test-and-set: the
  /// waiters in order of arrival).
  var head: Int32 = -1
  var tail: Int32 = -1
  /// How many are in it.
  var spinners: Int32 = 0
  /// The second queue (mutex, rwsem, futex, rtmutex: the sleepers; CNA: the other sockets).
  var secondHead: Int32 = -1
  var secondTail: Int32 = -1
  /// The CPU whose cache holds its lines; -1 for none.
  var lastCPU: Int32 = -1
  /// Set when the first sleeper gets it next, whoever spins.
  var handOff = false
  /// Set while the first sleeper is awake.
  var waking = false
  /// When its line is free for the next atomic operation.
  var freeAt = 0.0
  /// When its replica has applied the writes that others sent so far.
  var appliedAt = 0.0
  /// Since when it is owned; negative while it is not.
  var busySince = -1.0
  /// How long it was owned.
  var busy = 0.0
  /// CNA: since when one socket keeps it.
  var socketSince = 0.0

  init(lockClass: Int32, kind: LockKind, owner: Int32, lines: Double) {
    self.lockClass = lockClass
    self.kind = kind
    self.owner = owner
    self.lines = lines
  }

  /// Whether nobody owns it.
  var isFree: Bool { holder < 0 && readers == 0 }
}

/// What a layout makes of a class.
struct ClassTraits {
  let sharing: ClassPolicy.Sharing
  let notified: Bool
  let crossingShare: Double
}

/// What happened to a class since the warm-up.
struct ClassCounters {
  var acquisitions = 0.0
  /// Total wait of all acquisitions, nanoseconds.
  var wait = 0.0
  /// Acquisitions that tracepoints show, and their wait.
  var traced = 0.0
  var tracedWait = 0.0
  /// Acquisitions owned by another OSlet.
  var crossings = 0.0
}
