import Queueing
import Workloads

/// Whether the threads of a table ran where the machine's CPU order says.
///
/// A table does not say whether its threads were pinned. Unpinned ones are spread over the sockets by
/// the scheduler's load balancing from the second thread on (`select_idle_sibling`, kernel/sched/fair.c,
/// searches the waker's socket, but forks go to the idlest one), so that no socket boundary shows as a
/// cliff. A benchmark whose source is known decides; else the rows up to K, all series of the table
/// together, and only when they are clear.
enum ThreadPlacement {
  /// By how much the spread must fit better, over all series and per series.
  ///
  /// Differences of minus twice the logarithm of the posterior; 8 is odds of 55 to 1 (R. E. Kass and
  /// A. E. Raftery, "Bayes factors", JASA 90, 1995: strong from 6, very strong from 10).
  static let clear = (total: 8.0, perSeries: 2.0)

  /// The order in which the table's threads used CPUs: the machine's own, or spread over sockets.
  static func order(
    of table: ScalingTable, machine: Machine, limit: Int
  ) -> (order: CPUOrder, spread: Bool) {
    let declared = CPUOrder(machine.topology)
    guard machine.topology.sockets > 1, machine.topology.order != .scatter else {
      return (declared, false)
    }
    var topology = machine.topology
    topology.order = .scatter
    let scattered = CPUOrder(topology)
    var gain = 0.0
    var judged = 0
    for series in table.series {
      let rows = series.rows.filter { $0.threads <= limit }
      // Only an ordered lock shows every distance. A harness that states times pins its threads.
      let family = LockFamily(series.lockKind)
      let discipline = family.discipline
      guard discipline == .queued || discipline == .numaAware || discipline == .ticket else {
        continue
      }
      guard rows.count >= 3, series.criticalNs == nil || series.parallelNs == nil else { continue }
      func misfit(_ order: CPUOrder) -> Double {
        Calibration(
          series, as: family, rows: rows, machine: machine, order: order, limit: limit
        ).misfit
      }
      gain += misfit(declared) - misfit(scattered)
      judged += 1
    }
    let spread =
      table.series.allSatisfy { KnownBenchmark($0)?.unpinned ?? false }
      || judged > 0 && gain >= clear.total && gain >= clear.perSeries * Double(judged)
    return (spread ? scattered : declared, spread)
  }
}
