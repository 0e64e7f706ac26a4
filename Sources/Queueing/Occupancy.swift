import Measures
public import Workloads

/// Which CPUs of a machine a number of threads uses, reduced to what a hand-over between two of them
/// drawn at random costs.
public struct Occupancy: Hashable, Sendable {
  /// Threads.
  public var threads: Int
  /// CPUs in use: the threads, or all CPUs when there are more threads than those.
  public var cpus: Int
  /// Sockets in use.
  public var sockets: Int
  /// Mean number of other used threads on the core of a used CPU.
  public var siblings: Double
  /// Probability that two CPUs drawn at random, with replacement, are of one socket.
  public var sameSocket: Double
  /// Share of the cores of the used sockets over which the threads are spread.
  public var coreFill: Double
  /// Ordered pairs of different used CPUs by distance, as shares that sum to 1; zeros for one CPU.
  public var pairShare: [Distance: Double]
  /// The same over pairs of one socket alone.
  public var localPairShare: [Distance: Double]
  /// Mean transfer over the pairs if the machine has a full matrix; nil for level costs.
  public var matrixMean: (all: Double, local: Double)? {
    hasMatrix ? (meanAll, meanLocal) : nil
  }

  private var hasMatrix = false
  private var meanAll = 0.0
  private var meanLocal = 0.0

  /// `threads` (at least 1) on the first CPUs of `order`, which is that of `machine`.
  ///
  /// O(cpus), with a matrix O(cpus^2).
  public init(threads: Int, order: CPUOrder, machine: Machine) {
    self.threads = threads
    let used = order.places.prefix(max(1, min(threads, order.places.count)))
    cpus = used.count
    var perCore: [Int: Int] = [:]
    var perIsland: [Int: Int] = [:]
    var perSocket: [Int: Int] = [:]
    for place in used {
      perCore[place.core, default: 0] += 1
      perIsland[place.island, default: 0] += 1
      perSocket[place.socket, default: 0] += 1
    }
    let count = Double(used.count)
    func pairs(_ groups: [Int: Int]) -> Double {
      groups.values.reduce(0) { $0 + Double($1 * ($1 - 1)) }
    }
    let (core, island, socket) = (pairs(perCore), pairs(perIsland), pairs(perSocket))
    let all = count * (count - 1)
    sockets = perSocket.count
    siblings = core / count
    sameSocket = perSocket.values.reduce(0) { $0 + Double($1 * $1) } / (count * count)
    coreFill =
      order.scattered
      ? 1 : Double(perCore.count) / Double(perSocket.count * machine.topology.coresPerSocket)
    func shares(of total: Double, cross: Double) -> [Distance: Double] {
      guard total > 0 else { return [:] }
      return [
        .smt: core / total, .island: (island - core) / total, .socket: (socket - island) / total,
        .cross: cross / total,
      ]
    }
    pairShare = shares(of: all, cross: all - socket)
    localPairShare = shares(of: socket, cross: 0)
    if case .matrix(let rows) = machine.lineTransfer { measure(used, order.numbers, rows) }
  }

  /// The mean transfer between two of the threads, in nanoseconds; for one thread that to a neighbour.
  public func meanTransfer(_ costs: TransferCosts) -> Double {
    if threads < 2 || cpus < 2 { return costs.island }
    return hasMatrix ? meanAll : costs.mean(over: pairShare, mesh: 1)
  }

  /// This occupancy for a share of all pairs of threads and `packed`, of as many threads, for the rest.
  public func mixed(with packed: Occupancy, share: Double) -> Occupancy {
    let rest = 1 - share
    var mixed = self
    mixed.siblings = share * siblings + rest * packed.siblings
    mixed.sameSocket = share * sameSocket + rest * packed.sameSocket
    mixed.coreFill = share * coreFill + rest * packed.coreFill
    for distance in Distance.allCases {
      mixed.pairShare[distance] =
        share * (pairShare[distance] ?? 0) + rest * (packed.pairShare[distance] ?? 0)
      mixed.localPairShare[distance] =
        share * (localPairShare[distance] ?? 0) + rest * (packed.localPairShare[distance] ?? 0)
    }
    mixed.meanAll = share * meanAll + rest * packed.meanAll
    mixed.meanLocal = share * meanLocal + rest * packed.meanLocal
    return mixed
  }

  private mutating func measure(_ used: ArraySlice<CPUPlace>, _ numbers: [Int], _ rows: [[Double]])
  {
    var everywhere = Statistics()
    var local = Statistics()
    for (i, from) in used.enumerated() {
      for (j, to) in used.enumerated() where i != j {
        everywhere.add(rows[numbers[i]][numbers[j]])
        if from.socket == to.socket { local.add(rows[numbers[i]][numbers[j]]) }
      }
    }
    hasMatrix = true
    meanAll = everywhere.mean
    meanLocal = local.mean
  }

  /// Same threads, same CPUs, same costs.
  public static func == (a: Occupancy, b: Occupancy) -> Bool {
    a.threads == b.threads && a.cpus == b.cpus && a.pairShare == b.pairShare
      && a.localPairShare == b.localPairShare && a.meanAll == b.meanAll
  }

  /// Hashes what `==` compares first.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(threads)
    hasher.combine(cpus)
  }
}
