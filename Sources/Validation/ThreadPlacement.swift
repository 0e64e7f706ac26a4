import Queueing
import Workloads

/// Where the threads of a table ran.
///
/// A table does not say whether its threads were pinned. Unpinned ones are spread over the sockets by
/// the scheduler's load balancing, so that no socket boundary shows as a cliff. A benchmark whose source
/// is known decides; else the rows up to K, all series of the table together, and only when they are
/// clear.
struct ThreadPlacement {
  /// The order in which the threads used CPUs.
  let order: CPUOrder
  /// Of threads that the scheduler placed, where those are that it has not spread; nil for pinned ones.
  ///
  /// A new thread stays on its creator's socket as long as a CPU idles there (`find_idlest_group`,
  /// kernel/sched/fair.c, Linux 5.5, "Rework find_idlest_group()"), a sibling too, or as long as
  /// the socket's load, by the threads' nice weights, is not a quarter of a nice-0 task above another's
  /// (before 5.5; locktorture's threads run at nice 19, a seventieth of that weight). Balancing between
  /// sockets comes later and not for all.
  let packed: CPUOrder?

  /// By how much the spread must fit better, over all series and per series.
  ///
  /// Differences of minus twice the logarithm of the posterior; 8 is odds of 55 to 1 (R. E. Kass and
  /// A. E. Raftery, "Bayes factors", JASA 90, 1995: strong from 6, very strong from 10).
  static let clear = (total: 8.0, perSeries: 2.0)

  /// Where the threads of `table` ran: the machine's own order, or the scheduler's.
  init(_ table: ScalingTable, machine: Machine, limit: Int) {
    let declared = ThreadPlacement(pinned: CPUOrder(machine.topology))
    let scheduled = ThreadPlacement(scheduledOn: machine.topology)
    if table.series.allSatisfy({ KnownBenchmark($0)?.unpinned ?? false }) {
      self = scheduled
      return
    }
    guard machine.topology.sockets > 1, machine.topology.order != .scatter else {
      self = declared
      return
    }
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
      func misfit(_ placement: ThreadPlacement) -> Double {
        Calibration(
          series, as: family, rows: rows, machine: machine, placement: placement, limit: limit
        ).misfit
      }
      gain += misfit(declared) - misfit(scheduled)
      judged += 1
    }
    let clear = gain >= Self.clear.total && gain >= Self.clear.perSeries * Double(judged)
    self = judged > 0 && clear ? scheduled : declared
  }

  private init(pinned order: CPUOrder) {
    self.order = order
    packed = nil
  }

  private init(scheduledOn topology: Topology) {
    var placed = topology
    placed.order = .scatter
    order = CPUOrder(placed)
    placed.order = .socketSMTLast
    packed = topology.sockets > 1 ? CPUOrder(placed) : nil
  }

  /// The CPUs that a number of threads uses.
  func threads(_ count: Int, machine: Machine) -> PlacedThreads {
    PlacedThreads(
      spread: Occupancy(threads: count, order: order, machine: machine),
      packed: packed.map { Occupancy(threads: count, order: $0, machine: machine) })
  }
}

/// The CPUs that a number of threads uses.
struct PlacedThreads {
  /// Where pinned threads are, and those that the scheduler has spread over the sockets.
  let spread: Occupancy
  /// Where those are that it has not; nil for pinned ones.
  let packed: Occupancy?

  /// The CPUs in use if `balanced` is the share of pairs of unpinned threads that are spread.
  func occupancy(balanced: Double) -> Occupancy {
    packed.map { spread.mixed(with: $0, share: balanced) } ?? spread
  }
}
