#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A closed queue at an rwsem whose readers sleep and whose writers spin while a writer owns it.
///
/// One cycle of it, in means (the rules: kernel/locking/rwsem.c, Linux 6.12). All waiting readers enter
/// together, when a reader is first of the sleepers; they wake, and the lock is theirs until the slowest
/// has left. Writers that come meanwhile cannot spin on readers: they sleep, first come, first served. Each of
/// them is woken to a lock that is free until it runs, so whoever comes in that time takes it, and the
/// sleeper is woken again when the thief is gone. While a writer owns the lock, writers spin behind it and
/// pass it on without a wake-up, and readers fall asleep.
struct SleepingReaders {
  /// How many customers, at least 1.
  var customers: Double
  /// Mean time of a turn outside of the lock, nanoseconds.
  var think: Double
  /// Reads of a turn, and how long each owns the lock, nanoseconds.
  var reads: (perTurn: Double, owned: Double)
  /// The squared variation of that.
  var variation: Double
  /// Writes of a turn, and how long each owns the lock, nanoseconds.
  var writes: (perTurn: Double, owned: Double)
  /// From a wake-up to running, nanoseconds.
  var wakeUp: Double
  /// The share of waiters that sleep; the others wait as requests on an owner's CPU and go on at once.
  var sleeping: Double
  /// What a wake-up costs the waker, nanoseconds.
  var waking: Double

  /// Turns per nanosecond, by bisection of the number of customers that a rate keeps.
  var perNs: Double {
    var low = 0.0
    var high = 1 / max(1e-9, writes.perTurn * writes.owned)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if population(at: middle) < customers { low = middle } else { high = middle }
    }
    return low
  }

  /// How many customers it takes for a rate of turns; infinite for a rate that no cycle sustains.
  private func population(at rate: Double) -> Double {
    let (readers, writers) = (rate * reads.perTurn, rate * writes.perTurn)
    let arrivals = max(readers + writers, 1e-18)
    // Until a woken writer owns the lock: no arrival during a whole wake-up, in one attempt or several.
    let free = sleeping * (exp(min(60, arrivals * wakeUp)) - 1) / arrivals
    let thefts = readers * free
    // Writers that come while a reader owns it sleep, those of thieves among them.
    let further = 1 - writers * thefts * reads.owned
    let writing = 1 - writers * writes.owned
    guard further > 0, writing > 0 else { return .infinity }
    var cycle = reads.owned
    var (together, phase, sleepers) = (1.0, 0.0, 0.0)
    for _ in 0..<200 {
      let slowest = max(1, log(together) + 0.5772 + 0.5 / together) - 1
      let roused = wakeUp * (1 - pow(1 - sleeping, together))
      phase = roused + reads.owned * (1 + min(1, variation) * slowest)
      sleepers = max(1, writers * phase / further)
      let next = (phase + sleepers * (free + thefts * reads.owned)) / writing
      together = (together + max(1, readers * next - sleepers * thefts)) / 2
      if abs(next / cycle - 1) < 1e-9 { break }
      cycle = (cycle + next) / 2
    }
    // Nobody waits for a lock that is free.
    let busy = min(1, readers * reads.owned + writers * writes.owned)
    let asleep = (
      readers: min(busy, together / max(readers * cycle, 1e-18)),
      writers: min(busy, sleepers / max(writers * cycle, 1e-18))
    )
    let read = asleep.readers * ((cycle - phase) / 2 + sleeping * wakeUp) + reads.owned
    // Of the sleeping writers two reach the head in a cycle, the others wait for the next.
    let wait = cycle / 2 * (1 + max(0, sleepers - 2) / sleepers)
    let spin = writers * writes.owned / writing * writes.owned
    let write = asleep.writers * wait + (1 - asleep.writers) * spin + writes.owned
    let woken = sleeping * (together + sleepers) / cycle
    return rate * (think + reads.perTurn * read + writes.perTurn * write) + woken * waking
  }
}
