import CBPF
import Glibc

/// The two clocks of a trace.
enum MonotonicClock {
  /// Nanoseconds of CLOCK_MONOTONIC, which is what `bpf_ktime_get_ns` returns.
  static func now() -> UInt64 { read(CLOCK_MONOTONIC) }

  /// Both clocks, read together: the wall clock between two readings of the other, three times, of
  /// which the closest pair is kept.
  static func pair() -> (monotonic: UInt64, realtime: UInt64) {
    var best: (monotonic: UInt64, realtime: UInt64) = (0, 0)
    var width = UInt64.max
    for _ in 0..<3 {
      let before = now()
      let wall = read(CLOCK_REALTIME)
      let after = now()
      if after - before < width {
        width = after - before
        best = (before + width / 2, wall)
      }
    }
    return best
  }

  /// CPU time of this process so far, nanoseconds.
  static func ownCPU() -> UInt64 { read(CLOCK_PROCESS_CPUTIME_ID) }

  private static func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
