#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A closed queue at a lock that is passed on otherwise than it is taken when it is free: a sleeper must
/// wake first, or the waiters at one line are in each other's way.
///
/// Customers think for exponential times. The state is how many are present and how the lock came to its
/// owner; a mean of the queue is not enough where the hand-over grows with it, since a lock that is just
/// not saturated may collapse and stay so. Exact for exponential services; the cut between k and k + 1
/// present gives one state after the other without subtracting what is nearly equal.
struct HandedOverQueue {
  /// How many customers, at least 1.
  var customers: Int
  /// Mean think time, nanoseconds.
  var think: Double
  /// Mean service of a customer that found nobody, nanoseconds, positive.
  var fresh: Double
  /// Mean service after a hand-over, for the mean number of those behind the owner meanwhile.
  var handed: (_ behind: Double) -> Double
  /// What waking costs where a sleeper must ask for a lock that whoever comes may take; nil: the lock is
  /// handed over.
  var sleepers: Sleepers?

  /// Waiters that sleep and are woken to ask again.
  struct Sleepers {
    /// From the release to asking, nanoseconds.
    var wakeUp: Double
    /// What a service of one of them takes longer, nanoseconds.
    var cost: Double
    /// The share of waiters that sleep; the others ask at once.
    var share: Double
  }

  /// Completions per nanosecond; O(customers), with sleepers some ten times that.
  var perNs: Double {
    guard let sleepers, sleepers.share > 0 else { return completions(released: 0) }
    // Sleepers that were woken before and found it taken are still on their way: they ask as often as
    // the lock is released, which is what is looked for.
    var rate = 1 / (handed(0) + sleepers.wakeUp)
    for _ in 0..<30 {
      let next = completions(released: rate)
      if abs(next / rate - 1) < 1e-9 { return next }
      rate = (rate * next).squareRoot()
    }
    return rate
  }

  /// Completions per nanosecond if sleepers are woken `released` times a nanosecond.
  private func completions(released: Double) -> Double {
    // Probabilities but for a factor: found free, handed over, free while somebody wakes.
    var (first, later, free) = (1.0, 0.0, 0.0)
    var (all, completions) = (1.0, 0.0)
    for present in 1...customers {
      let before = Double(customers - present + 1) / max(think, 1e-9)
      let after = Double(customers - present) / max(think, 1e-9)
      // An arrival comes on average half a service after the owner began.
      let service = handed(max(0, Double(present) - 1.5))
      // Through the cut between this state and the one before: up by arrivals, down by completions.
      let up = (first + later + free) * before
      completions += up
      if let sleepers, sleepers.share > 0 {
        // Whoever comes takes it, so that "found free" says no more than "owned".
        let any = after + sleepers.share * released
        let gap = (1 - exp(-any * sleepers.wakeUp)) / any
        let byArrival = after * gap
        first =
          up * (present == 1 ? fresh : service + sleepers.share * sleepers.cost * (1 - byArrival))
        later = 0
        free = first * after * sleepers.share * gap / (1 - sleepers.share * byArrival)
      } else {
        first = first * before / (after + 1 / fresh)
        later = max(0, up - first / fresh) * service
      }
      all += first + later + free
      if all > 1e200 {
        (first, later, free) = (first * 1e-200, later * 1e-200, free * 1e-200)
        (all, completions) = (all * 1e-200, completions * 1e-200)
      }
    }
    return completions / all
  }
}
