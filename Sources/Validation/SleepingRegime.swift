import Measures
import Queueing
import Workloads

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The other regime of a reader-writer lock whose waiters may sleep.
///
/// Between readers and writers spinning can break down for good: once some sleep, every hand-over wakes
/// somebody, and those that come meanwhile find waiters and sleep too (kernel/locking/rwsem.c, Linux 5.11:
/// readers do not spin; W. Long's tables show it begin anywhere from 4 to 32 threads). Rows of the
/// spinning regime do not show when; they leave it as a possibility of every larger number of threads.
struct SleepingRegime {
  /// How likely it is beyond the known rows.
  static let share = 0.2
  /// The spread of a wake-up's cost, in logarithms.
  static let spread = 0.3
  /// Throughput per nanosecond while every hand-over is a wake-up.
  let perNs: Double

  /// The regime of a lock; nil if it has none.
  ///
  /// `hold` is the time under the lock in nanoseconds; a wake-up is an interrupt sent and delivered.
  init?(_ family: LockFamily, hold: Double, machine: Machine) {
    guard family.discipline == .blocking, family.mixesReaders else { return nil }
    let wake = machine.interrupt.send.value + machine.interrupt.deliver.value
    perNs = 1 / max(1, hold + wake)
  }

  /// A forecast that leaves this regime open, where it is slower than what is forecast.
  func joined(to parts: [LogMixture.Part]) -> [LogMixture.Part] {
    let slow = log(perNs)
    guard slow < log(LogMixture(parts: parts).quantile(0.5)) else { return parts }
    return parts.map {
      LogMixture.Part(mean: $0.mean, variance: $0.variance, share: $0.share * (1 - Self.share))
    } + [LogMixture.Part(mean: slow, variance: Self.spread * Self.spread, share: Self.share)]
  }
}
