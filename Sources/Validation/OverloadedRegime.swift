import Queueing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The other regime of a program with many locks: one of them, which the known rows do not show, is
/// overloaded, and every further waiter makes its hand-overs slower.
///
/// Non-scalable locks fall rather than level off (T. E. Anderson, IEEE TPDS 1990; S. Boyd-Wickizer et al.,
/// OLS 2012), and in a program nothing says at how many threads the first of its locks begins to. How
/// often they do is taken from the data of H. Guiroux, R. Lachaize and V. Quema ("Multicore Locks: The Case is
/// not Closed Yet", USENIX ATC 2016): of 32 applications under four such locks 45 of 128 series lose more
/// than 15 % when a machine of 48 CPUs is filled from its half.
struct OverloadedRegime {
  /// How likely it is for each doubling of the threads beyond the known ones.
  static let sharePerDoubling = 0.25
  /// How likely it may become.
  static let most = 0.4
  /// The spread of its throughput, in logarithms: waiters may cost nothing or all there is.
  static let spread = 0.5

  private let last: ScalingTable.Row

  /// The regime of a program's locks; nil for a benchmark's loop and where waiters queue or sleep.
  init?(_ family: LockFamily, rows: [ScalingTable.Row]) {
    guard family.discipline == .ticket || family.discipline == .unordered,
      PriorBelief.isProgram(rows), let last = rows.last
    else { return nil }
    self.last = last
  }

  /// A forecast for a number of threads that leaves this regime open.
  func joined(to parts: [LogMixture.Part], threads: Int) -> [LogMixture.Part] {
    let beyond = log(Double(threads) / Double(last.threads))
    let share = min(Self.most, Self.sharePerDoubling * beyond / log(2))
    return parts.map {
      LogMixture.Part(mean: $0.mean, variance: $0.variance, share: $0.share * (1 - share))
    } + [
      LogMixture.Part(
        mean: log(last.perUs / 1e3) - beyond, variance: Self.spread * Self.spread, share: share)
    ]
  }
}
