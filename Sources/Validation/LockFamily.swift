public import Queueing

/// What a table's `lock_kind` means to the model.
public struct LockFamily: Hashable, Sendable {
  /// Who is next.
  public var discipline: HandoverDiscipline
  /// Whether holders overlap.
  public var sharedHold: Bool
  /// Whether readers and writers both take it.
  public var mixesReaders = false
  /// Whether it is a bare line that every operation writes, not a lock around work.
  public var bareLine = false
  /// Lines that each waiter's attempts take from a hand-over, of every line that moves: for locks without
  /// order (test-and-set half a line of three, half of that where waiters read before they try).
  public var attempts = 0.1
  /// Whether a waiter sleeps at once, so that few are awake to take the lock far away.
  public var sleepsAtOnce = false
  /// Whether the word was known; unknown words are modelled as a blocking lock without order.
  public var known: Bool

  /// The family of a word such as `queued_spinlock`, `rwsem:W`, `CNA (1 ms)`, `pthread_mutex_t`, `tlb`.
  ///
  /// Case, `-`, `_` and blanks do not matter, what stands in brackets only if nothing else is known, and
  /// a word may stand inside others (`mmu_lock spinlock`). Words of Linux, of the lock benchmarks
  /// lockhammer and LiTL, and of this program are known. Readers are marked by `:R` or by the word.
  public init(_ word: String) {
    let lower = word.lowercased()
    let outside = Self.folded(lower.prefix { $0 != "(" && $0 != "[" })
    let whole = Self.folded(lower[...])
    let found = Self.family(outside) ?? Self.family(whole)
    known = found != nil
    discipline = found?.discipline ?? .blocking
    bareLine = found?.bareLine ?? false
    let parts = lower.split(separator: ":", maxSplits: 1)
    let marked = parts.count > 1 && parts[1].hasPrefix("r") && !parts[1].hasPrefix("rw")
    let reads =
      marked || whole.hasSuffix("read") || whole.hasSuffix("readers") || whole.hasSuffix("reader")
      || whole.contains("readonly") || whole.contains("rdlock") || whole.contains("readside")
    // lockhammer takes its cas_rw_lock for reading only.
    sharedHold = whole.hasPrefix("casrwlock") || reads && Self.hasReaders(whole)
    if bareLine || whole.contains("backoff") { attempts = 0.02 }
    if whole == "tas" || whole.contains("testandset") || whole.contains("caslock") {
      attempts = 0.2
    }
    sleepsAtOnce = ["pthread", "futex", "eventmutex"].contains { whole.contains($0) }
    mixesReaders =
      !sharedHold && Self.hasReaders(whole) && !(parts.count > 1 && parts[1].hasPrefix("w"))
    if sharedHold, discipline == .blocking, whole.contains("percpu") || whole.hasPrefix("pcpu") {
      discipline = .none
    }
  }

  /// Letters and digits alone.
  private static func folded(_ text: Substring) -> String {
    text.filter { $0.isLetter || $0.isNumber || $0 == ":" }
  }

  private static func hasReaders(_ word: String) -> Bool {
    ["rwlock", "rwsem", "semaphore", "pcpusem", "sharedmutex"].contains { word.contains($0) }
  }

  private static func family(
    _ word: String
  ) -> (discipline: HandoverDiscipline, bareLine: Bool)? {
    // Words that would be found inside others stand alone.
    switch word {
    case "none", "empty", "percpu", "rcu", "ipi", "tas": return exact[word].map { ($0, false) }
    default: break
    }
    for (needles, discipline, bareLine) in inside where needles.contains(where: word.contains) {
      return (discipline, bareLine)
    }
    return nil
  }

  private static let exact: [String: HandoverDiscipline] = [
    "none": .none, "empty": .none, "percpu": .none, "rcu": .none, "ipi": .shootdown,
    "tas": .unordered,
  ]

  /// Words to look for, the more telling first.
  private static let inside: [([String], HandoverDiscipline, Bool)] = [
    (["nolock", "lockless", "lockfree", "rcuread", "srcu", "seqcount", "seqlock"], .none, false),
    (["tlb", "shootdown", "membarrier", "csdlock", "ipistorm"], .shootdown, false),
    // Hand-over inside the socket first.
    (
      ["cna", "hmcs", "cohort", "cbomcs", "cptltkt", "ctkttkt", "hticket", "htlock", "shfl"],
      .numaAware, false
    ),
    // lockhammer's OSQ keeps its 24-byte nodes side by side (ext/linux/osq_lock.h), so that waiters
    // share the lines they spin on; inside the kernel's mutex the nodes are aligned.
    (["ticket", "osq"], .ticket, false),
    (["irqdesc", "counter", "refcount", "atomic", "fetchadd", "xadd"], .unordered, true),
    (
      [
        "lockref", "testandset", "ttas", "backoff", "casrwlock", "caslock", "swapmutex", "tbbspin",
        "virtspin",
      ],
      .unordered, false
    ),
    (
      [
        "pcpusem", "rwsem", "rwsemaphore", "semaphore", "rtmutex", "rtspin", "mutex", "futex",
        "jvmobjectmonitor", "pthreadrwlock", "malth",
      ], .blocking, false
    ),
    // LiTL's locks that spin and then park end in _stp, whatever they are before.
    (["stp"], .blocking, false),
    // A partitioned ticket lock spreads its waiters over lines of their own (D. Dice, SPAA 2011).
    (["partitioned"], .queued, false),
    (["mcs", "clh", "alock", "spinlock", "spin", "qrwlock", "rwlock"], .queued, false),
    (["pthread", "blocking", "sleeping"], .blocking, false),
    (["percpu", "rcu", "none", "removed"], .none, false),
  ]
}
