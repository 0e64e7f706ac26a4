import Measures
import Workloads

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension ScenarioNetwork {
  /// How long a turn of `chain` takes when its customers meet its distinct stations as `met` says
  /// and the OSlets are as `oslets` says.
  func span(
    of chain: Chain, met: [StationState], oslets: [OSletState]
  ) -> TurnSpan {
    let turn = turns[chain.group]
    let own = oslets[chain.oslet]
    let slow = slowdown(chain.oslet, own) / max(0.02, 1 - own.handlers - own.serving)
    var inside = Array(repeating: 0.0, count: turn.visits.count)
    var span = TurnSpan()
    span.run = turn.run * slow
    var outside = 0.0
    let mean =
      chain.crossings.contains { $0.share > 0 && $0.owner < 0 } ? average(oslets) : OSletState()
    for (place, call) in turn.calls.enumerated() {
      let (sender, handlers) = cost(of: call.interrupt, targets: chain.targets[place], own)
      span.interrupts += sender
      span.handlers += handlers
      if call.outer >= 0 { inside[call.outer] += sender } else { outside += sender }
    }
    for (place, visit) in turn.visits.enumerated() {
      let station = chain.stations[place]
      var here = station >= 0 ? met[chain.slots[place]] : StationState()
      // Who holds the outer lock meets nobody that would come through it.
      if visit.outer >= 0 { here.work -= here.nestedWork }
      let crossing = chain.crossings[place]
      let away = crossing.message > 0 ? crossing.share : 0
      let replica =
        crossing.replicas >= 0
        ? chain.distinct.firstIndex(of: crossing.replicas).map { met[$0] } : nil
      let cpus = Double(scenario.oslets[chain.oslet].cpus.count)
      let pending = (replica?.work ?? 0) / cpus
      // Who waited finds its CPU with the writes that came to it meanwhile.
      inside[place] += min(1, here.busy) * pending
      var one = visitSpan(
        visit, at: station, met: here, slow: slow, inside: inside[place], away: away)
      addCrossing(&one, visit, crossing, oslets, mean: mean)
      if let replica {
        one.replicaWait = replica.work
        one.message += one.replicaWait + pending
        one.message += slowest(of: crossing.messages, one, visit, replica)
      }
      let kind = scenario.workload.classes[visit.lockClass].kind
      if Self.waiterKeepsCPU(kind, visit, own) { span.spinning += one.wait }
      if !crossing.sleeps { span.spinning += one.message + away * one.owned }
      span.computing += (1 - away) * (visit.hold * slow + one.transfer)
      if visit.outer >= 0 { inside[visit.outer] += one.total } else { outside += one.total }
      span.visits.append(one)
    }
    span.computing += span.run + span.interrupts
    // Slices are long against holds (3 ms, EEVDF's base slice on eight CPUs), so a task waits for its
    // CPU between turns and not while it holds a lock.
    let ready = (own.crowding - 1) * (span.computing + span.spinning)
    span.total = span.run + turn.sleep + outside + ready
    return span
  }

  /// How many times longer a span takes by what siblings do, who are as busy as the CPU itself.
  private func slowdown(_ oslet: Int, _ own: OSletState) -> Double {
    let spinning = max(0, min(1, own.demand) - min(1, own.computing))
    let working = min(1, own.computing) + own.serving
    return 1 + siblings[oslet]
      * (working * siblingSlowdown.working + spinning * siblingSlowdown.waiting)
  }

  /// Whether a waiter's CPU spins meanwhile: the spinlocks always, writers of mutex and rwsem unless
  /// others want the CPU (mutex_spin_on_owner, kernel/locking/mutex.c, Linux 6.12).
  static func waiterKeepsCPU(_ kind: LockKind, _ visit: Turn.Visit, _ own: OSletState) -> Bool {
    kind.spins || (kind == .mutex || kind == .rwsem) && visit.write && own.crowding < 1.001
  }

  /// One visit that meets `met`; the share `away` of its like runs on a CPU of the lock's owner.
  private func visitSpan(
    _ visit: Turn.Visit, at station: Int, met: StationState, slow: Double, inside: Double,
    away: Double
  ) -> VisitSpan {
    let lock = scenario.workload.classes[visit.lockClass]
    var one = VisitSpan()
    let hold = visit.hold * slow
    one.owned = hold + visit.slept + inside
    one.serial = one.owned
    one.variance = visit.holdVariance * slow * slow + visit.sleptVariance + inside * inside
    guard station >= 0, lock.kind != .rcu else {
      one.serial = 0
      return one
    }
    let reads = lock.kind.hasReaders && !visit.write
    if lock.kind == .percpuRwsem, reads {
      one.serial = 0
      one.wait = met.work
      return one
    }
    let travel = stations[station].travel
    let (transfer, extra) = handover(lock, travel, met)
    one.transfer = transfer + extra
    one.owned += one.transfer
    one.variance += lock.lines * lock.lines * travel.variance
    if lock.kind == .counter {
      // The line is taken for its transfer alone; what a task computes after it is its own.
      one.serial = one.transfer
      one.variance = lock.lines * lock.lines * travel.variance
    } else if reads {
      // Readers share the hold; their atomic operations on the lock's lines queue.
      one.serial = one.transfer
      one.variance = 0
    } else {
      one.serial = one.owned
      if lock.kind.hasReaders, met.readers > 0 {
        let drain = drain(met)
        one.wait += drain
        one.drain = drain
        one.serial += drain
      }
      if lock.kind == .percpuRwsem {
        one.owned += kernel.gracePeriod
        one.serial += kernel.gracePeriod
      }
      // A request that waits on a CPU of the owner sleeps for nothing and is not woken.
      addWakeUp(&one, lock.kind, busy: (1 - away) * min(1, met.busy))
    }
    one.wait += met.work
    return one
  }

  /// How long a writer at the head of the queue waits for the readers inside.
  ///
  /// Behind a queue these are the readers between it and the writer before, who entered together: with r
  /// readers to a writer in random order, k of them with probability (r / (1 + r))^k / (1 + r), and the
  /// last of k exponential holds takes a harmonic number of them, in the mean log(1 + r). Without a queue
  /// they are as many as come in a hold, a Poisson number m, of whose exponential holds the longest rest is
  /// the sum of (1 - exp(-m t)) / t over t in 0...1. Holds that do not vary end together.
  private func drain(_ met: StationState) -> Double {
    guard met.readers > 0 else { return 0 }
    let hold = met.readHold / met.readers
    let variation = met.readVariation / met.readers
    let busy = min(1, met.busy)
    let ratio = met.reads / max(met.writes, 1e-18)
    let queued = variation * log(1 + ratio) + (1 - variation) * ratio / (1 + ratio)
    let steps = 16
    let longest =
      (0..<steps).reduce(0) { sum, step in
        let t = (Double(step) + 0.5) / Double(steps)
        return sum + (1 - exp(-met.readers * t)) / t
      } / Double(steps)
    let met = 1 - (1 - exp(-met.readers)) / met.readers
    let alone = variation * longest + (1 - variation) * met
    return hold * (busy * queued + (1 - busy) * alone)
  }

  /// What it costs that the next owner sleeps: an rtmutex is handed to it, so the lock stands still
  /// until it runs; a futex mutex is free meanwhile, and the next arrival may take it.
  private func addWakeUp(_ one: inout VisitSpan, _ kind: LockKind, busy: Double) {
    switch kind {
    case .rtmutex:
      one.serial += busy * kernel.idleExit
      one.owned += busy * (kernel.idleExit + kernel.wake)
    case .futex:
      let wakeUp = kernel.idleExit
      // Arrivals come at the rate of departures, about one per hold of a busy lock.
      let gap = busy / (1 / wakeUp + 1 / max(one.serial, 1))
      one.serial += gap
      one.owned += gap + busy * (kernel.systemCall + kernel.wake)
    default: break
    }
  }

  /// The queue at a lock whose hand-over depends on how many wait, its customers and their think time left
  /// open; nil for any other lock, a nested visit or one that others are nested in.
  ///
  /// - Parameter pending: what whoever waited finds its CPU with before it goes on, nanoseconds.
  func handOver(
    of chain: Chain, at place: Int, _ oslets: [OSletState], pending: Double
  ) -> HandedOverQueue? {
    let turn = turns[chain.group]
    let visit = turn.visits[place]
    let station = stations[chain.stations[place]]
    let lock = scenario.workload.classes[visit.lockClass]
    guard visit.outer < 0,
      turn.visits.allSatisfy({ $0.outer != place }), turn.calls.allSatisfy({ $0.outer != place }),
      chain.stations.filter({ $0 == chain.stations[place] }).count == 1
    else { return nil }
    let own = oslets[chain.oslet]
    let stolen = max(0.02, 1 - own.handlers - own.serving)
    let slow = slowdown(chain.oslet, own) / stolen
    let hold = visit.hold * slow + visit.slept
    // Of a CPU that wakes as of one that computes.
    let wakeUp = kernel.idleExit / stolen
    let line = lock.lines > 0 ? station.travel.all : 0
    let fresh = hold + lock.lines * line * (1 - 1 / Double(max(1, station.travel.users)))
    let moved = max(hold + lock.lines * line + pending, 1e-6)
    let request = lock.lines > 0 ? kernel.lineService ?? line : 0
    let crossing = chain.crossings[place]
    let home = crossing.message > 0 ? 1 - crossing.share : 1
    var queue = HandedOverQueue(customers: 1, think: 0, fresh: max(fresh, 1e-6)) { _ in moved }
    switch lock.kind {
    case .ticket: queue.handed = { moved + request * $0 / 2 }
    case .tas: queue.handed = { moved + request * $0 }
    case .rtmutex: queue.handed = { [idle = home * wakeUp] _ in moved + idle }
    case .futex:
      // The system call of the wait ends before a sleeper asks again, and with the lock already owned
      // where a request waited.
      queue.sleepers = HandedOverQueue.Sleepers(
        wakeUp: wakeUp + kernel.systemCall, share: home, cost: kernel.systemCall,
        waking: kernel.wake + kernel.systemCall)
    default: return nil
    }
    return queue
  }

  /// Lines that move with the lock, and what waiters on one line add to that.
  private func handover(
    _ lock: LockClass, _ travel: TravelMean, _ met: StationState
  ) -> (transfer: Double, extra: Double) {
    guard lock.lines > 0 else { return (0, 0) }
    // An idle lock is taken by its last user again with probability 1 / users; a busy one never.
    let again = (1 - min(1, met.busy)) / Double(max(1, travel.users))
    var mean = travel.all
    if lock.kind == .cna {
      let found = 1 - pow(1 - travel.sameSocket, met.waiting)
      mean = found * travel.local + (1 - found) * travel.all
    }
    let transfer = lock.lines * mean * (1 - again)
    let request = kernel.lineService ?? mean
    // S. Boyd-Wickizer et al., OLS 2012, section 4.1: half of the waiters' re-reads are served before
    // the next owner's; for test-and-set the losers' atomics come on top (T. E. Anderson, TPDS 1990).
    switch lock.kind {
    // Behind the next owner are those that came while it waited: as many as it met.
    case .ticket: return (transfer, request * met.waiting / 2)
    case .tas: return (transfer, request * met.waiting)
    default: return (transfer, 0)
    }
  }

  private func addCrossing(
    _ one: inout VisitSpan, _ visit: Turn.Visit, _ crossing: Crossing, _ oslets: [OSletState],
    mean: OSletState
  ) {
    one.message = crossing.door + crossing.replication
    guard crossing.share > 0, crossing.message > 0 || crossing.replication > 0 else { return }
    one.served = crossing.share * (crossing.served + (crossing.replication > 0 ? visit.hold : 0))
    if crossing.replication == 0 { one.served += crossing.share * one.owned }
    let owner = crossing.owner >= 0 ? oslets[crossing.owner] : mean
    let servers = Double(
      crossing.owner >= 0
        ? scenario.oslets[crossing.owner].cpus.count
        : max(1, scenario.cpus.count / scenario.oslets.count))
    one.message += crossing.share * crossing.message
    if !crossing.sleeps, crossing.replication == 0 {
      // Nobody looks into a polled ring until the first of the owner's computing CPUs ends a step.
      one.message +=
        crossing.share * pow(min(1, owner.computing), servers) * owner.step / servers
    }
    if crossing.replication == 0 { one.message += one.served / servers * owner.requests }
  }

  /// How much longer the slowest of `replicas` takes to apply a write than the mean of them does.
  ///
  /// Source: R. Nelson and A. N. Tantawi, "Approximate analysis of fork/join synchronization in parallel
  /// queues", IEEE Trans. Computers 37(6), 1988, for exponential services. All replicas get the same
  /// writes, so that only the variation of the services sets them apart.
  private func slowest(
    of replicas: Double, _ one: VisitSpan, _ visit: Turn.Visit, _ met: StationState
  ) -> Double {
    guard replicas > 1 else { return 0 }
    // Harmonic numbers of 2 and of the replicas, by Euler's expansion.
    let ratio = (log(replicas) + 0.57722 + 0.5 / replicas - 1 / (12 * replicas * replicas)) / 1.5
    let busy = min(1, met.busy)
    let factor = (ratio + 4 / 11 * (1 - ratio) * busy) * (12 - busy) / 8
    let variation = min(1, visit.holdVariance.squareRoot() / max(one.served, 1e-9))
    return (factor - 1) * variation * (one.replicaWait + one.served)
  }

  /// How busy the OSlets are on average, for a crossing that may go to any.
  private func average(_ oslets: [OSletState]) -> OSletState {
    var mean = OSletState()
    for oslet in oslets {
      mean.computing += oslet.computing / Double(oslets.count)
      mean.step += oslet.step / Double(oslets.count)
      mean.requests += oslet.requests / Double(oslets.count)
    }
    return mean
  }

  /// The sender's time for an interrupt, and the handler time it causes.
  private func cost(
    of interrupt: Interrupt, targets: Double, _ own: OSletState
  ) -> (sender: Double, handlers: Double) {
    guard targets > 0 else { return (0, 0) }
    let costs = scenario.machine.interrupt
    let handler = interrupt.handler.mean.value
    // A target with an interrupt on its way gets no second one (llist_add in
    // __smp_call_single_queue, kernel/smp.c, Linux 6.12).
    let pending =
      handler > 0 ? 1 - exp(-own.handlers / handler * costs.deliver.value) : 0
    let sending = targets * costs.send.value * (1 - pending)
    guard interrupt.waits else { return (sending, targets * handler) }
    // The slowest of the targets: exponential handlers add a harmonic number, constant ones nothing.
    var harmonic = 0.0
    for target in stride(from: 2.0, through: targets, by: 1) { harmonic += 1 / target }
    let slowest = handler * (1 + min(1, interrupt.handler.squaredVariation) * harmonic)
    let queued = handler * min(20, own.handlers / max(0.05, 1 - own.handlers))
    return (
      sending + costs.deliver.value + slowest + queued + costs.acknowledge.value,
      targets * handler
    )
  }
}
