#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Throughput of threads that do nothing but think, take one lock and release it, on one machine: the
/// closed form behind a scaling table.
///
/// A closed queue between two asymptotes. Alone, a turn takes think + hold + the lines that moved; at
/// saturation the lock gives one turn per hold + hand-over, and the hand-over is the lines that move
/// times the mean distance between two of the threads' CPUs. The two are joined by a power mean whose
/// exponent says how regular the spans are (bounds: Denning and Buzen 1978; the sharper the spans, the
/// closer a closed queue comes to its bounds). What a hand-over adds for each discipline is in
/// `LockCurve+Handover.swift`.
public struct LockCurve: Hashable, Sendable {
  /// What decides who is next and how far the lock travels.
  public var discipline: HandoverDiscipline
  /// Whether hold times overlap (readers): then only the lock's own lines queue.
  public var sharedHold: Bool
  /// Whether `hold` and `think` were measured with every thread at work (so that an idle sibling
  /// makes them shorter) instead of on an idle machine (so that a busy one makes them longer).
  public var spansUnderLoad: Bool
  /// The parameters.
  public var parameters: Parameters

  /// What a curve is made of; spans in nanoseconds.
  public struct Parameters: Hashable, Sendable {
    /// Think time per turn.
    public var think = 1_000.0
    /// Work under the lock per turn, without cache misses on lines that moved.
    public var hold = 100.0
    /// Fixed cost of an uncontended acquire and release.
    public var overhead = 0.0
    /// Work under the lock that a benchmark shares out among its threads: each turn has 1/threads of it.
    public var sharedOutHold = 0.0
    /// Lines that move per contended hand-over.
    public var lines = 3.0
    /// How much slower both spans are with more than one thread on the machine.
    public var busyFactor = 1.0
    /// How much slower a thread is for every SMT sibling that works too: 0.25 is a quarter.
    public var siblingSlowdown = 0.25
    /// Factor on what crossing sockets costs beyond a transfer inside one.
    public var crossFactor = 1.0
    /// Cost per waiter of the same socket per hand-over, in transfers inside a socket.
    public var storm = 0.0
    /// Share of a transfer inside a socket that grows with the square root of the cores in use.
    public var mesh = 0.0
    /// Share of the hand-over saved while nobody queues (the pending bit).
    public var pendingSaving = 0.3
    /// Exponent of the power mean between the asymptotes.
    public var sharpness = 3.0
    /// How far hand-overs are spread: 1 is by arrival, 0 stays in the island.
    public var fairness = 1.0
    /// For blocking locks: path length of a hand-over to a sleeper, wherever it sleeps.
    public var wake = 0.0
    /// For tickets: cross-socket round trips per further socket with waiters.
    public var invalidations = 1.0
    /// For serial parts: what each thread adds to them (its start, its end, its step at a barrier).
    public var threadCost = 0.0
    /// For shootdowns: what the first target costs the sender beyond the others.
    public var firstTarget = 0.0
    /// Of threads that a scheduler places: the share of pairs that it has spread over the sockets.
    public var balanced = 1.0

    /// The parameters as above.
    public init() {}
  }

  /// A curve; see the properties.
  public init(
    discipline: HandoverDiscipline, sharedHold: Bool = false, spansUnderLoad: Bool = false,
    parameters: Parameters = Parameters()
  ) {
    self.discipline = discipline
    self.sharedHold = sharedHold
    self.spansUnderLoad = spansUnderLoad
    self.parameters = parameters
  }

  /// Turns per nanosecond with the threads of `occupancy` on the `capacity` CPUs of a machine with
  /// these transfer costs.
  ///
  /// The share of threads at work and the number of waiters follow from the throughput, and the
  /// throughput from them: a fixed point, found by geometric damping.
  public func turnsPerNs(
    _ occupancy: Occupancy, capacity: Int, costs: TransferCosts
  ) -> Double {
    let p = parameters
    let threads = Double(occupancy.threads)
    guard occupancy.threads > 1 else {
      return 1 / max(p.think + p.hold + p.sharedOutHold + p.overhead, 1e-9)
    }
    let distances = Distances(occupancy, costs, p)
    let crowding = max(1, threads / Double(capacity))
    func asymptotes(working: Double, waiters: Double) -> (turn: Double, service: Double) {
      let slow = slowdown(siblings: occupancy.siblings, working: working)
      let hold = p.hold * p.busyFactor * slow + p.sharedOutHold / threads
      let think = p.think * p.busyFactor * slow
      let moved =
        discipline == .none || discipline == .serial
        ? 0 : p.lines * distances.all * (1 - p.pendingSaving)
      var turn = (think + hold) * crowding + p.overhead + moved
      // A waiter without a CPU spins for nobody.
      var service = handover(waiters: waiters / crowding, distances, occupancy)
      if !sharedHold, discipline != .none { service += hold }
      if discipline == .shootdown {
        // One initiator at a time sees the others as targets: n - 1 of n.
        service *= (threads - 1) / threads
        // The sender waits for the slowest acknowledgement, which comes from the farthest socket; half
        // of it is line transfers, as in `InterruptCost(derivedFrom:)`.
        turn += p.firstTarget * (0.5 + 0.5 * distances.farthest)
      }
      return (turn, service)
    }
    func joined(_ turn: Double, _ service: Double) -> Double {
      guard service > 0 else { return threads / turn }
      // (light^-s + heavy^-s)^(-1/s), scaled by the smaller so that no power overflows.
      let (light, heavy) = (threads / turn, 1 / service)
      let least = min(light, heavy)
      return least
        * pow(pow(least / light, p.sharpness) + pow(least / heavy, p.sharpness), -1 / p.sharpness)
    }
    var (turn, service) = asymptotes(working: 0.5, waiters: 0)
    var perNs = service > 0 ? min(threads / turn, 1 / service) : threads / turn
    for _ in 0..<60 {
      (turn, service) = asymptotes(
        working: min(1, perNs * turn / threads), waiters: max(0, threads - perNs * turn))
      let next = joined(turn, service)
      if abs(next / perNs - 1) < 1e-7 { return next }
      perNs = (perNs * next).squareRoot()
    }
    return perNs
  }

  /// The factor on spans from what SMT siblings do: a waiting sibling pauses and leaves the core.
  private func slowdown(siblings: Double, working: Double) -> Double {
    let s = parameters.siblingSlowdown * siblings
    return spansUnderLoad
      ? 1 - (1 - working) * s / (1 + s) : 1 + s * (working + 0.2 * (1 - working))
  }
}
