import Queueing

/// What the source code of a benchmark that a series names says of its turn and of its threads.
///
/// A scaling table has no columns for these. They belong to the benchmark, whatever the machine.
struct KnownBenchmark {
  /// Delays under the lock, in nanoseconds, that are shared out among the threads: one for each version
  /// of the benchmark that a table may have run; empty if it has no such delay.
  var sharedOutHolds: [Double] = []
  /// Whether the scheduler places the threads.
  var unpinned = false

  /// The benchmark that `series` names, if it is a known one.
  ///
  /// locktorture's writer of a spinning lock delays 2 us in one of 4 N turns and 100 ms in one of
  /// 200,000 N, N being the number of writers: 0.5/N + 0.5/N us in the mean; since Linux 6.3 ("locktorture:
  /// Add long_hold to adjust lock-hold delays") 2 us in one of 400 N: 0.005/N + 0.5/N us. Its threads are
  /// kthreads without affinity (kernel/locking/locktorture.c, torture_spin_lock_write_delay).
  ///
  /// The vCPU threads of KVM's selftests are pinned on request alone, and before Linux 6.2 not at all
  /// (tools/testing/selftests/kvm/lib/memstress.c, "Add option to pin vCPUs to pCPUs"). dbench forks its
  /// clients and binds none (dbench.c).
  init?(_ series: ScalingTable.Series) {
    let word = series.name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
    let others = ["dirtylogperftest", "demandpagingtest", "accesstrackingperftest", "dbench"]
    let torture = word.contains("locktorture")
    guard torture || others.contains(where: word.contains) else { return nil }
    unpinned = true
    guard torture else { return }
    switch LockFamily(series.lockKind).discipline {
    case .queued, .ticket, .numaAware, .unordered: sharedOutHolds = [1_000, 505]
    case .blocking, .shootdown, .none, .serial: break
    }
  }
}
