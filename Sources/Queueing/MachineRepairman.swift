public import Measures

/// M/M/1//N: N customers with exponential think times at one server with exponential service.
///
/// The recursion of mean value analysis, which is exact here and has no cancellation: every term is
/// positive, so its error stays at a few units in the last place for any N and any ratio of think to
/// service time. Source: M. Reiser and S. S. Lavenberg, "Mean-value analysis of closed multichain
/// queuing networks", JACM 27(2), 1980, eq. 3.1-3.3.
///
/// - Precondition: `customers` at least 1, neither span negative, not both zero.
///
/// O(customers).
public func machineRepairman(
  customers: Int, think: Nanoseconds, service: Nanoseconds
) -> ClosedQueue {
  var queue = 0.0
  var perNs = 0.0
  for n in 1...customers {
    let response = service.value * (1 + queue)
    perNs = Double(n) / (think.value + response)
    queue = perNs * response
  }
  return ClosedQueue(perNs: perNs, customers: customers, think: think, service: service)
}
