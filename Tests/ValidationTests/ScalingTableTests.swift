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

  @Test("kinds are known under the names of Linux and of the benchmarks, and unknown ones say so")
  func kinds() {
    #expect(LockFamily("queued_spinlock").discipline == .queued)
    #expect(LockFamily("qspinlock").discipline == .queued)
    #expect(LockFamily("ticket_spinlock").discipline == .ticket)
    #expect(LockFamily("rwlock:R").sharedHold && !LockFamily("rwlock:W").sharedHold)
    #expect(!LockFamily("rwsem:RW").sharedHold)
    #expect(LockFamily("percpu-rwsem:R").discipline == .none)
    #expect(LockFamily("tlb-shootdown").discipline == .shootdown)
    #expect(!LockFamily("frobnicator").known && LockFamily("frobnicator").discipline == .unordered)
  }
}
