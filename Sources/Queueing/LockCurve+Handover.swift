import Workloads

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What decides who owns a contended line next, and so how far it travels.
public enum HandoverDiscipline: Hashable, Sendable {
  /// First come, first served, each waiter on its own line: MCS, qspinlock, OSQ, qrwlock.
  case queued
  /// First come, first served, all waiters on one line.
  case ticket
  /// Queued, same socket first.
  case numaAware
  /// No order: whoever is near wins more often (test-and-set, a bare counter).
  case unordered
  /// No order, and waiters may sleep: whoever runs takes it from those that must be woken.
  case blocking
  /// No lock: every operation interrupts the others.
  case shootdown
  /// Nothing shared.
  case none
  /// No lock: a part of the program that one thread at a time runs for all.
  case serial
}

/// The mean distances a hand-over travels, in nanoseconds.
struct Distances {
  /// Between any two CPUs in use.
  var all: Double
  /// Between two of one socket.
  var local: Double
  /// Between two of one island.
  var nearest: Double
  /// Across sockets.
  var cross: Double
  /// Inside an island, full mesh.
  var island: Double
  /// The farthest in use, in transfers inside a socket, at least 1.
  var farthest: Double
  /// From the farthest of all sharers: across sockets as soon as there are two, else the mean.
  var fromAll: Double

  init(_ occupancy: Occupancy, _ costs: TransferCosts, _ p: LockCurve.Parameters) {
    let scaled = costs.crossing(times: p.crossFactor)
    // On a mesh or ring the mean hop count grows with the square root of the cores in use.
    let mesh = 1 - min(p.mesh, 0.9) * (1 - occupancy.coreFill.squareRoot())
    cross = scaled.cross
    island = costs.island
    farthest = occupancy.sockets > 1 ? max(1, scaled.cross / max(costs.socket, 1e-9)) : 1
    if let measured = occupancy.matrixMean {
      local = measured.local
      all = measured.local + (measured.all - measured.local) * p.crossFactor
    } else {
      all = scaled.mean(over: occupancy.pairShare, mesh: mesh)
      local = scaled.mean(over: occupancy.localPairShare, mesh: mesh)
    }
    fromAll = occupancy.sockets > 1 ? max(all, cross) : all
    nearest = (occupancy.localPairShare[.socket] ?? 0) > 0 ? min(island * mesh, local) : local
  }
}

extension LockCurve {
  /// What passes between the end of one turn's hold and the start of the next while `waiters` wait.
  func handover(waiters: Double, _ d: Distances, _ occupancy: Occupancy) -> Double {
    let p = parameters
    // Waiters that share a last-level cache with the next owner.
    let near = waiters * occupancy.sameSocket
    // The pending bit of qspinlock spares the queue node while there is one waiter (Linux 4.2,
    // kernel/locking/qspinlock.c, "pending").
    let queued = 1 - p.pendingSaving * exp(-waiters / 2)
    switch discipline {
    case .none:
      return 0
    case .serial:
      return p.threadCost * Double(occupancy.threads)
    case .queued:
      return p.lines * (d.all * queued + p.storm * d.local * near)
    case .shootdown:
      // Two lines are one target's alone, its call_single_data and the head of its queue; two are read
      // by every target and written again for the next flush, flush_tlb_info and the mm's tlb_gen: that
      // write waits for the farthest copy (kernel/smp.c, arch/x86/mm/tlb.c, Linux 5.2 to 5.19).
      return p.lines * (0.5 * (d.all + d.fromAll) * queued + p.storm * d.local * near)
    case .unordered, .blocking:
      let travelled = d.nearest + p.fairness * (d.all - d.nearest)
      return p.lines * (travelled * queued + p.storm * d.local * near)
        + p.wake * (1 - exp(-waiters))
    case .numaAware:
      // A waiter of the owner's socket goes first; with w of them waiting at random, one is there
      // with probability 1 - (1 - s)^w (Dice and Kogan, EuroSys 2019; the threshold that lets other
      // sockets in is rare enough to leave out).
      let found = 1 - pow(1 - occupancy.sameSocket, waiters)
      let travelled = found * d.local + (1 - found) * d.all
      return p.lines * (travelled * queued + p.storm * d.local * near)
    case .ticket:
      return p.lines * d.all * queued + stormOnOneLine(near, d)
        + p.invalidations * furtherSockets(occupancy) * d.cross * (1 + exp(-p.hold / 500))
    }
  }

  /// What all waiters on one line cost a hand-over.
  ///
  /// A release invalidates the line under every waiter and all of them read it again, the next owner
  /// somewhere among them (S. Boyd-Wickizer et al., "Non-scalable locks are dangerous", OLS 2012); an
  /// arrival during the hold does the same once more, and delays the release if the hold ends before
  /// the storm does.
  private func stormOnOneLine(_ near: Double, _ d: Distances) -> Double {
    let storm = parameters.storm * d.island * near
    let hold = parameters.hold
    let late = storm < hold ? storm * storm / (2 * hold) : storm - hold / 2
    return 0.4 * storm + late
  }

  /// The store that passes a ticket waits for the slowest socket to give up its copy: the expected
  /// maximum over s - 1 others grows as the harmonic number.
  private func furtherSockets(_ occupancy: Occupancy) -> Double {
    var sum = 0.0
    for i in stride(from: 1, to: occupancy.sockets, by: 1) { sum += 1 / Double(i) }
    return sum
  }
}
