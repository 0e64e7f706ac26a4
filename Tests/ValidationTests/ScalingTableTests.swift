import Queueing
import Testing
import Validation

@Suite("Scaling table")
struct ScalingTableTests {
  static let head = "series,lock_kind,critical_ns,parallel_ns,threads,throughput_per_us\n"

  @Test("quoted names, columns in any order, comments, further columns, repeats and CR LF")
  func reads() throws {
    let table = try ScalingTable(
      csv: "# from a mail\r\nthreads,series,note,lock_kind,critical_ns,parallel_ns,"
        + "throughput_per_us\r\n4,\"a, \"\"b\"\"\",x,cna,200,,2.0\r\n\r\n"
        + "1,\"a, \"\"b\"\"\",x,cna,200,,1.0\r\n4,\"a, \"\"b\"\"\",x,cna,200,,3.0\r\n")
    #expect(table.series.count == 1)
    let series = try #require(table.series.first)
    #expect(series.name == "a, \"b\"" && series.lockKind == "cna")
    #expect(series.criticalNs == 200 && series.parallelNs == nil)
    #expect(series.rows.map(\.threads) == [1, 4] && series.rows.map(\.perUs) == [1, 2.5])
  }

  @Test(
    "what is wrong is named with its line",
    arguments: [
      ("", "empty"), ("threads\n1\n", "line 1: no column 'series'"),
      (head + "a,cna,,,x,1\n", "line 2: threads 'x'"),
      (head + "a,cna,,,0,1\n", "line 2: threads '0'"),
      (head + "a,cna,,,1,1\na,cna,,,2,nan\n", "line 3: throughput_per_us 'nan'"),
      (head + "a,cna,,,1\n", "line 2: throughput_per_us ''"),
      (head + "a,cna,-1,,1,1\n", "line 2: critical_ns '-1'"),
      (head + "a,cna,,,1,1\na,mcs,,,2,1\n", "line 3: series 'a' has another lock_kind"),
    ])
  func refuses(text: String, says: String) {
    let error = #expect(throws: TableError.self) { try ScalingTable(csv: text) }
    #expect(error?.description.contains(says) == true, "\(String(describing: error))")
  }

  @Test(
    "kinds are known under the names of Linux, of the benchmarks and of the mails",
    arguments: [
      (
        HandoverDiscipline.queued,
        [
          "qspinlock", "queued_spin_lock", "raw_spinlock_t", "spinlock",
          "MCS", "mcs_spinlock", "qspinlock (CNA code, off)", "mmu_lock spinlock", "qrwlock:W",
          "rwlock_t", "partitioned", "clh-ls", "alock-ls", "mcs-timepub",
        ]
      ),
      (.ticket, ["ticket", "ticket_spin_lock", "osq_lock"]),
      (
        .numaAware,
        ["CNA", "cna (1 ms threshold)", "HMCS", "c-bo-mcs", "ahmcs", "hticket-ls", "c-ptl-tkt"]
      ),
      (
        .unordered,
        [
          "tas", "TTAS", "test-and-set", "atomic counter", "refcount", "lockref",
          "shared counter line",
        ]
      ),
      (
        .blocking,
        [
          "mutex", "pthread_mutex_t", "rw_semaphore", "rwsem:RW", "rtmutex",
          "futex mutex", "percpu-rwsem:W", "semaphore", "mcs_stp", "malth_spin", "mutexee",
        ]
      ),
      (.shootdown, ["tlb", "TLB shootdown", "IPI", "membarrier"]),
      (.none, ["none", "RCU", "per-CPU", "percpu_rw_semaphore:R", "lockless", "seqcount"]),
    ])
  func kinds(discipline: HandoverDiscipline, words: [String]) {
    for word in words {
      let family = LockFamily(word)
      #expect(family.known && family.discipline == discipline, "\(word)")
    }
  }

  @Test("readers are told from writers, and an unknown word says so")
  func readers() {
    for word in ["rwlock:R", "rwsem read", "rw_semaphore (readers)", "mmu_lock rwlock, read-side"] {
      #expect(LockFamily(word).sharedHold, "\(word)")
    }
    for word in ["rwlock:W", "rwsem:RW", "rwsem", "spinlock read", "mutex"] {
      #expect(!LockFamily(word).sharedHold, "\(word)")
    }
    #expect(!LockFamily("frobnicator").known && LockFamily("frobnicator").discipline == .blocking)
  }
}
