public import Queueing

/// What a table's `lock_kind` means to the model.
public struct LockFamily: Hashable, Sendable {
  /// Who is next.
  public var discipline: HandoverDiscipline
  /// Whether holders overlap.
  public var sharedHold: Bool
  /// Whether the word was known; unknown words are modelled as a blocking lock without order.
  public var known: Bool

  /// The family of a word such as `queued_spinlock`, `rwsem:W`, `cna`, `tlb`.
  ///
  /// Case, `-` and `_` do not matter. Words of Linux, of the lock benchmarks lockhammer and LiTL, and
  /// of this program are known.
  public init(_ word: String) {
    let parts = word.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
      .split(separator: ":", maxSplits: 1)
    let kind = parts.first.map(String.init) ?? ""
    let reads = parts.count > 1 && parts[1].hasPrefix("r") && parts[1] != "rw"
    known = true
    sharedHold = false
    switch kind {
    case "spinlock", "qspinlock", "queuedspinlock", "rqspinlock", "mcs", "mcslock", "clh", "rwlock",
      "qrwlock":
      discipline = .queued
      sharedHold = reads
    case "osq", "osqlock":
      // lockhammer's OSQ keeps its 24-byte nodes side by side (ext/linux/osq_lock.h), so that waiters
      // share the lines they spin on; inside the kernel's mutex the nodes are aligned.
      discipline = .ticket
    case "ticket", "ticketspinlock", "ticketlock": discipline = .ticket
    case "cna", "cnaspinlock", "hmcs", "cohort": discipline = .numaAware
    case "casrwlock":
      // lockhammer takes it for reading only.
      discipline = .unordered
      sharedHold = true
    case "tas", "ttas", "backoff", "testandset", "swapmutex", "tbbspinrwmutex",
      "counter", "atomic", "refcount", "incdecrefcount", "lockref", "caslockref", "irqdesc":
      discipline = .unordered
    case "mutex", "eventmutex", "caseventmutex", "pthreadmutex", "rwsem", "rwsemaphore",
      "rtmutex", "rtspinlock", "futex", "percpurwsem", "pcpusem", "semaphore", "jvmobjectmonitor":
      discipline = kind.contains("cpu") && reads ? .none : .unordered
      sharedHold = reads
    case "tlb", "ipi", "shootdown", "tlbshootdown", "tlbflush", "csd", "membarrier":
      discipline = .shootdown
    case "none", "empty", "rcu", "lockless", "percpu", "nolock": discipline = .none
    default:
      discipline = .unordered
      known = false
    }
  }
}
