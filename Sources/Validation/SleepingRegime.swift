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
  /// How likely it is beyond the known rows, from what is known of a wake-up alone.
  static let share = 0.2
  /// The spread of a wake-up's cost, in logarithms.
  static let spread = 0.3
  /// The spread if it was measured with another critical section, of which the wake-up overlaps a part.
  static let measuredSpread = 0.2

  /// How likely it is beyond the known rows.
  let share: Double
  /// Throughput per nanosecond while every hand-over is a wake-up.
  let perNs: Double
  /// The spread of that, in logarithms.
  let spread: Double

  /// The regime of a lock; nil if it has none.
  ///
  /// `hold` is the time under the lock in nanoseconds; a wake-up is an interrupt sent and delivered.
  /// `asleep` are throughputs per nanosecond of other series of the same lock code that were seen to fall
  /// into it. Then it is measured what it costs; and how likely it is follows by Laplace's rule from what
  /// was seen, the belief without any being worth one series.
  init?(_ family: LockFamily, hold: Double, machine: Machine, asleep: [Double]) {
    guard family.discipline == .blocking, family.mixesReaders else { return nil }
    let seen = Double(asleep.count)
    share = (Self.share + seen) / (1 + seen)
    if asleep.isEmpty {
      perNs = 1 / max(1, hold + Self.wakeUp(machine))
      spread = Self.spread
    } else {
      perNs = exp(asleep.reduce(0) { $0 + log($1) } / seen)
      spread = Self.measuredSpread
    }
  }

  /// A forecast that leaves this regime open, where it is slower than what is forecast.
  func joined(to parts: [LogMixture.Part]) -> [LogMixture.Part] {
    let slow = log(perNs)
    guard slow < log(LogMixture(parts: parts).quantile(0.5)) else { return parts }
    return parts.map {
      LogMixture.Part(mean: $0.mean, variance: $0.variance, share: $0.share * (1 - share))
    } + [LogMixture.Part(mean: slow, variance: spread * spread, share: share)]
  }

  /// Nanoseconds from waking a task to its running.
  static func wakeUp(_ machine: Machine) -> Double {
    machine.interrupt.send.value + machine.interrupt.deliver.value
  }
}
