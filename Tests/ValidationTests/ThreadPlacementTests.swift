import Measures
import Queueing
import Testing
import Validation
import Workloads

/// Threads that nobody pinned: where the scheduler leaves them, and what that does to a queue.
@Suite("Threads that a scheduler places")
struct ThreadPlacementTests {
  /// The threads for a share of pairs that is spread, the others filling socket by socket.
  static func occupancy(_ threads: Int, spread: Double) throws -> Occupancy {
    let machine = try Machine(
      name: "four sockets", sockets: 4, coresPerIsland: 18, smt: 2, smtNs: 10, islandNs: 60)
    let topology = machine.topology
    var scattered = topology
    scattered.order = .scatter
    return Occupancy(threads: threads, order: CPUOrder(scattered), machine: machine).mixed(
      with: Occupancy(threads: threads, order: CPUOrder(topology), machine: machine),
      share: spread)
  }

  @Test("pairs of threads on different sockets by counting: full sockets against even shares")
  func crossingPairs() throws {
    func crossing(_ threads: Int, _ spread: Double) throws -> Double {
      try Self.occupancy(threads, spread: spread).pairShare[.cross] ?? 0
    }
    // Two threads of n drawn without replacement; packed they fill sockets of 36 CPUs.
    #expect(try crossing(36, 0) == 0)
    #expect(try abs(crossing(72, 0) - 36.0 / 71) < 1e-12)
    #expect(try abs(crossing(108, 0) - 72.0 / 107) < 1e-12)
    #expect(try abs(crossing(36, 1) - 27.0 / 35) < 1e-12)
    #expect(try abs(crossing(72, 0.25) - (0.25 * 54 + 0.75 * 36) / 71) < 1e-12)
    // A full machine leaves the scheduler no choice.
    for spread in [0, 0.4, 1] { #expect(try abs(crossing(144, spread) - 108.0 / 143) < 1e-12) }
  }

  @Test("a queue of unpinned threads slows down as sockets fill, beyond all rows that are known")
  func sockets() throws {
    let report = try ValidationReport(
      PublishedTables.table("cna-locktorture-qspinlock"),
      machine: PublishedTables.machine("oracle-x5-4"), calibrateTo: 16)
    #expect(report.threadsSpread)
    for series in report.series {
      let own = series.points.map { point in
        (
          threads: point.threads,
          // What a turn takes without the delay of 1000 ns that locktorture shares out.
          measured: 1e3 / point.measured - 1e3 / Double(point.threads),
          predicted: 1e3 / point.predicted.value - 1e3 / Double(point.threads)
        )
      }
      let one = try #require(own.first { $0.threads == 36 })
      let four = try #require(own.first { $0.threads == 142 })
      #expect(four.measured > 1.15 * one.measured)
      #expect(four.predicted > one.predicted)
    }
  }
}
