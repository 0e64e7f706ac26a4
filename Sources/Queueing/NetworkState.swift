/// What a customer meets at one instance of a station, in expectation.
struct StationState {
  /// Work of those that wait and what is left of the one in service, nanoseconds.
  var work = 0.0
  /// The part of `work` that visits nested in another lock bring.
  var nestedWork = 0.0
  /// Customers that wait.
  var waiting = 0.0
  /// Busy share of what is served one after the other.
  var busy = 0.0
  /// Readers that own the lock together.
  var readers = 0.0
  /// Time of readers per unit of time, weighted by their hold: `readHold / readers` is the mean hold.
  var readHold = 0.0
  /// Readers and writers that come, per nanosecond.
  var reads = 0.0
  var writes = 0.0
  /// The squared variation of the readers' holds, weighted as they are counted in `readers`.
  var readVariation = 0.0

  /// Adds `share` of another state.
  mutating func add(_ other: StationState, times share: Double = 1) {
    work += share * other.work
    nestedWork += share * other.nestedWork
    waiting += share * other.waiting
    busy += share * other.busy
    readers += share * other.readers
    readHold += share * other.readHold
    reads += share * other.reads
    writes += share * other.writes
    readVariation += share * other.readVariation
  }
}

/// What a network does to the OSlets' CPUs.
struct OSletState {
  /// Share of each CPU's time that interrupt handlers take.
  var handlers = 0.0
  /// Share of each CPU's time that requests of other OSlets take.
  var serving = 0.0
  /// Requests at the servers, in units of one server's scaled service (Seidmann's queue).
  var requests = 0.0
  /// How many times longer a span takes because more tasks than CPUs want to run; at least 1.
  var crowding = 1.0
  /// Share of the CPUs' time that the OSlet's own tasks need.
  var demand = 0.0
  /// Of that, what is not spinning or polling: a CPU that does looks into its ring.
  var computing = 0.0
  /// Mean step after which a computing CPU looks into its ring.
  var step = 0.0
}

/// One visit of a chain at the current state, nanoseconds.
struct VisitSpan {
  /// From asking to owning.
  var wait = 0.0
  /// Of that, as the first of the queue for the readers inside: part of `serial`.
  var drain = 0.0
  /// From owning to releasing, nested visits included.
  var owned = 0.0
  /// The part that others wait for.
  var serial = 0.0
  /// Variance of the serial part.
  var variance = 0.0
  /// Lines that move.
  var transfer = 0.0
  /// Messages, doors and replicas around it.
  var message = 0.0
  /// Time on a CPU of the owner, for those that cross.
  var served = 0.0
  /// Wait in the queue of writes at the replicas, part of `message`.
  var replicaWait = 0.0

  /// From asking to going on.
  var total: Double { wait + owned + message }
}

/// One turn of a chain at the current state.
struct TurnSpan {
  /// Its visits.
  var visits: [VisitSpan] = []
  /// Computing outside of locks, slowed by what is stolen.
  var run = 0.0
  /// Sending and waiting for interrupts.
  var interrupts = 0.0
  /// Handler time it causes elsewhere.
  var handlers = 0.0
  /// The whole turn of one customer.
  var total = 0.0
  /// Of that, what its own CPU computes, crowding left out.
  var computing = 0.0
  /// Of that, waiting with its CPU kept busy.
  var spinning = 0.0
}
