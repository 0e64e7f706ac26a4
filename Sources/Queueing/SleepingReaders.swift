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
  /// The share of reads after which a customer next writes.
  var writesNext: Double
  /// From a wake-up to running, nanoseconds.
  var wakeUp: Double
  /// The share of waiters that sleep; the others wait as requests on an owner's CPU and go on at once.
  var sleeping: Double
  /// On how many CPUs readers own it; infinite where each has its own.
  var servers: Double
  /// What such a CPU is kept by each reader after it has left, nanoseconds.
  var replying: Double
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
    let writing = 1 - writers * writes.owned
    guard writing > 0 else { return .infinity }
    let between = think / (reads.perTurn + writes.perTurn)
    var cycle = reads.owned
    var (together, phase, sleepers, back, come) = (1.0, 0.0, 0.0, 0.0, writers)
    for _ in 0..<200 {
      let apart = min(together, servers)
      let slowest = max(1, log(apart) + 0.5772 + 0.5 / apart) - 1
      let roused = wakeUp * (1 - pow(1 - sleeping, together))
      // Requests that wait on one CPU of the owner are served there one after the other.
      let inTurn = 1 + (together - 1) / servers
      let rest = reads.owned * min(1, variation) * slowest * inTurn.squareRoot()
      phase = roused + reads.owned + (inTurn - 1) * (reads.owned + replying) + rest
      // Of those that have read, some come back to write before the slowest is done.
      back = together * writesNext * (1 - exp(-rest / between))
      come = max(0, writers - back / cycle)
      let free = sleeping * self.free(readers, come)
      let thefts = readers * free
      // Writers that come while a reader owns it sleep, those of thieves among them.
      let further = 1 - come * thefts * reads.owned
      guard further > 0 else { return .infinity }
      sleepers = max(1, (back + come * phase) / further)
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
    // A sleeping writer waits for the end of the cycle, and if a reader sleeps before it, for the writers
    // that sleep before it in the next.
    let ahead = min(1, writers / max(readers, 1e-18) / sleepers)
    let wait = cycle / 2 * (1 + min(1, back / sleepers) + 1 - ahead)
    let spin = writers * writes.owned / writing * writes.owned
    let write = asleep.writers * wait + (1 - asleep.writers) * spin + writes.owned
    let woken = sleeping * (asleep.readers * readers + asleep.writers * writers)
    return rate * (think + reads.perTurn * read + writes.perTurn * write) + woken * waking
  }

  /// How long the lock is free from when a sleeping writer is woken until it owns it, at these arrivals of
  /// readers and writers per nanosecond.
  ///
  /// It asks a wake-up later; until then whoever comes takes the free lock, and gives it back. If it finds
  /// the lock taken, it is woken again by the next release. Free and taken alternate as two exponential
  /// stages from a release on (D. R. Cox, Renewal Theory, 1962, chapter 7).
  private func free(_ readers: Double, _ writers: Double) -> Double {
    let arrivals = max(readers + writers, 1e-18)
    // Writers that come while a writer owns it spin, and have it next.
    let chain = writes.owned / max(0.01, 1 - writers * writes.owned)
    let taken = max(1e-9, (readers * reads.owned + writers * chain) / arrivals)
    let settling = arrivals + 1 / taken
    let share = 1 / (1 + arrivals * taken)
    let rest = (1 - share) * exp(-settling * wakeUp)
    return (share * wakeUp + (1 - share - rest) / settling) / (share + rest)
  }
}
