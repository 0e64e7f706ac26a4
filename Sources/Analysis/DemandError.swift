#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How far the demand on a class, its acquisitions times its holds, is off: one standard deviation of
/// its logarithm.
///
/// The spread that the round trip of known workloads shows, by what the hold rests on (docs/inference.md),
/// and the sampling error of a count, taken twice because rate and hold come from the same contentions.
enum DemandError {
  static func of(_ family: LockFamily, hold: HoldEstimate?, contentions: Double) -> Double {
    let method =
      switch (family, hold?.source) {
      case (.spinlock, .backlog): 0.2
      case (.mutex, .backlog), (.rtmutex, .backlog), (.semaphore, .backlog): 0.3
      case (.rwlock, _), (.rwsem, _), (.rwlockRT, _): 0.7
      case (.percpuRwsem, _): 1.0
      default: 0.4
      }
    let sampling = 2 / max(1, contentions).squareRoot()
    return (1000 * hypot(method, min(1, sampling))).rounded() / 1000
  }
}
