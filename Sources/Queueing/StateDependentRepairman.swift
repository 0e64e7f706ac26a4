public import Measures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A closed queue whose exponential service depends on how many customers are present: the exact
/// form of a ticket lock whose hand-over grows with its waiters, of a multiserver, or of any
/// flow-equivalent server.
///
/// A birth-death chain: p(k) / p(k-1) = (N - k + 1) / Z x S(k). The load-dependent recursion of mean
/// value analysis gives the same numbers but subtracts probabilities and loses them for large N (K. M.
/// Chandy and C. H. Sauer, "Computational algorithms for product form queueing networks", CACM
/// 23(10), 1980); sums of logarithms do not.
///
/// - Parameters:
///   - customers: How many customers, at least 1.
///   - think: Mean think time; zero keeps every customer at the server.
///   - service: Mean time to the next completion while `k` customers (1...customers) are present,
///     in nanoseconds, positive.
///
/// O(customers).
public func stateDependentRepairman(
  customers: Int, think: Nanoseconds, service: (_ present: Int) -> Double
) -> ClosedQueue {
  guard think.value > 0 else {
    let only = Nanoseconds(service(customers))
    return ClosedQueue(perNs: 1 / only.value, customers: customers, think: think, service: only)
  }
  // Weights relative to the largest so far, kept as running sums.
  var logWeight = 0.0
  var largest = 0.0
  var (weights, present, completions) = (1.0, 0.0, 0.0)
  for k in 1...customers {
    let span = service(k)
    logWeight += log(Double(customers - k + 1) / think.value * span)
    if logWeight > largest {
      let shrink = exp(largest - logWeight)
      weights *= shrink
      present *= shrink
      completions *= shrink
      largest = logWeight
    }
    let weight = exp(logWeight - largest)
    weights += weight
    present += weight * Double(k)
    completions += weight / span
  }
  let perNs = completions / weights
  let queue = present / weights
  return ClosedQueue(
    throughput: Rate(perSecond: perNs * 1e9), response: Nanoseconds(queue / perNs),
    queueLength: queue, utilization: 1 - exp(-largest) / weights)
}

/// M/M/c//N: `servers` exponential servers shared by `customers`.
///
/// Source: L. Kleinrock, Queueing Systems I, 1975, section 3.8.
public func multiserverRepairman(
  customers: Int, think: Nanoseconds, service: Nanoseconds, servers: Int
) -> ClosedQueue {
  var solution = stateDependentRepairman(customers: customers, think: think) { present in
    service.value / Double(min(present, servers))
  }
  solution.utilization = min(
    1, solution.throughput.perSecond / 1e9 * service.value / Double(servers))
  return solution
}
