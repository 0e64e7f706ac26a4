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
    /// The share of waiters that sleep; the others ask at once.
    var share: Double
    /// What a service of one of the others takes longer, nanoseconds.
    var cost: Double
    /// What waking one costs who releases the lock, before it thinks again, nanoseconds.
    var waking: Double
    /// Who waits: customers, their mean think time in nanoseconds, and the share of their waits asleep.
    var waiters: [(customers: Double, think: Double, share: Double)] = []

    /// Sets the share of waiters that sleep where each of them waits `passes` times, and those that ask at
    /// once one time, until it owns the lock, and all of them together `perNs` times a nanosecond.
    mutating func count(passes: Double, perNs: Double) {
      guard !waiters.isEmpty else { return }
      // How long one wait takes, from how often they come round, by bisection.
      var (short, long) = (0.0, 1e12)
      for _ in 0..<60 {
        let wait = (short + long) / 2
        let turns = waiters.reduce(0) {
          $0 + $1.customers / ($1.think + wait * (1 + $1.share * (passes - 1)))
        }
        if turns > perNs { short = wait } else { long = wait }
      }
      var (asleep, all) = (0.0, 0.0)
      for waiter in waiters {
        let turns = waiter.customers / (waiter.think + short * (1 + waiter.share * (passes - 1)))
        asleep += turns * waiter.share * passes
        all += turns * (1 + waiter.share * (passes - 1))
      }
      share = (share + asleep / all) / 2
    }

    /// How long the lock is free after a sleeper was woken for it, until an arrival takes it, or one woken
    /// before, or that one itself; and how likely it is that one.
    ///
    /// Of the arrivals, `each` comes of one customer; the one that released the lock is not among them
    /// while it wakes the sleeper. Those woken before, no more than the `others` that wait, ask a wake-up
    /// after earlier releases: few just before this one, since the lock was owned and free in between, as
    /// in a renewal of two exponential stages (D. R. Cox, Renewal Theory, 1962, chapter 7).
    func gap(
      arrivals: Double, each: Double, released: Double, others: Double, service: Double
    ) -> (mean: Double, taken: Double) {
      let free = max(0.1 * service, 1 / max(released, 1e-18) - service)
      let forgetting = 1 / service + 1 / free
      let asking = min(share * released, others / wakeUp)
      let late = exp(-forgetting * wakeUp)
      /// The probability that nobody has taken it after `time`.
      func untaken(_ time: Double) -> Double {
        let few = (exp(-forgetting * (wakeUp - time)) - late) / forgetting
        let thinking = max(0, time - waking) / max(1 - waking * each, 0.1)
        let arrived = arrivals * time - min(arrivals, each) * (time - thinking)
        return exp(-arrived - asking * (time - few))
      }
      // Beyond eight times the mean next to nobody waits. Gauss and Legendre's rule of five points.
      let half = min(wakeUp, 8 / max(arrivals + asking, 1e-18)) / 2
      let inner = untaken(half * (1 - 0.5384693101)) + untaken(half * (1 + 0.5384693101))
      let outer = untaken(half * (1 - 0.9061798459)) + untaken(half * (1 + 0.9061798459))
      let middle = untaken(half)
      let sum = 0.5688888889 * middle + 0.4786286705 * inner + 0.2369268851 * outer
      return (sum * half, untaken(wakeUp))
    }
  }

  /// Completions per nanosecond; O(customers), with sleepers some ten times that.
  var perNs: Double {
    guard var sleepers, sleepers.share > 0 else {
      return completions(sleepers, released: 0).perNs
    }
    // Sleepers that were woken before and found it taken are still on their way: they ask as often as
    // the lock is released, which is what is looked for.
    var rate = 1 / (handed(0) + sleepers.wakeUp)
    for _ in 0..<30 {
      let next = completions(sleepers, released: rate)
      let share = sleepers.share
      sleepers.count(passes: 1 / max(next.taken, 0.02), perNs: next.perNs)
      if abs(next.perNs / rate - 1) + abs(sleepers.share - share) < 1e-6 { return next.perNs }
      rate = (rate * next.perNs).squareRoot()
    }
    return rate
  }

  /// Completions per nanosecond if sleepers are woken `released` times a nanosecond, and how often one of
  /// them takes the lock that it was woken for.
  private func completions(
    _ sleepers: Sleepers?, released: Double
  ) -> (perNs: Double, taken: Double) {
    var (woken, taken) = (0.0, 0.0)
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
        let gap = sleepers.gap(
          arrivals: after, each: 1 / max(think, 1e-9), released: released,
          others: Double(present - 1), service: service)
        let byArrival = after * gap.mean
        first =
          up * (present == 1 ? fresh : service + (1 - sleepers.share) * sleepers.cost)
        later = 0
        free = first * after * sleepers.share * gap.mean / (1 - sleepers.share * byArrival)
        taken += free / gap.mean * gap.taken
        woken += free / gap.mean
      } else {
        first = first * before / (after + 1 / fresh)
        later = max(0, up - first / fresh) * service
      }
      all += first + later + free
      if all > 1e200 {
        (first, later, free) = (first * 1e-200, later * 1e-200, free * 1e-200)
        (all, completions) = (all * 1e-200, completions * 1e-200)
        (woken, taken) = (woken * 1e-200, taken * 1e-200)
      }
    }
    return (completions / all, woken > 0 ? taken / woken : 1)
  }
}
