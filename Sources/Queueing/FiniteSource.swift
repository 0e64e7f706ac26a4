public import Measures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// M/G/1//N: N customers with exponential think times at one FIFO server whose service has a general
/// distribution, given by its Laplace transform.
public enum FiniteSource {
  /// The shape of the service time around its mean.
  public enum Service: Hashable, Sendable {
    /// Always the same: M/D/1//N.
    case constant
    /// Memoryless: M/M/1//N.
    case exponential
    /// The sum of this many equal exponential stages: squared variation 1 / stages.
    case erlang(stages: Int)
    /// The logarithm of 1 / phi(s) - 1, where phi is the transform of a service of mean 1.
    func logExcess(_ s: Double) -> Double {
      let logInverse: Double =
        switch self {
        case .constant: s
        case .exponential: log1p(s)
        case .erlang(let stages): Double(stages) * log1p(s / Double(stages))
        }
      // log(exp(x) - 1), without overflow for large x.
      return logInverse > 30 ? logInverse : log(expm1(logInverse))
    }
  }

  /// Throughput, response and utilisation.
  ///
  /// Source: L. Takacs, Introduction to the Theory of Queues, 1962, chapter 5: with arrival rate
  /// lambda of one thinking customer and transform phi, the server is idle with probability
  /// 1 / (1 + N lambda S sum_j C(N-1, j) prod_{i=1..j} (1 / phi(i lambda) - 1)). All terms are
  /// positive; they are summed as logarithms, so N = 4096 neither overflows nor cancels.
  ///
  /// - Precondition: `customers` at least 1, `think` and `service` positive.
  ///
  /// O(customers).
  public static func solve(
    customers: Int, think: Nanoseconds, service: Nanoseconds, shape: Service
  ) -> ClosedQueue {
    let load = service.value / think.value
    var logTerm = 0.0
    var largest = 0.0
    var scaled = 1.0
    for j in stride(from: 1, to: customers, by: 1) {
      logTerm += log(Double(customers - j) / Double(j)) + shape.logExcess(Double(j) * load)
      if logTerm > largest {
        scaled = scaled * exp(largest - logTerm) + 1
        largest = logTerm
      } else {
        scaled += exp(logTerm - largest)
      }
    }
    let logBusyOverIdle = log(Double(customers) * load) + largest + log(scaled)
    let busy = 1 / (1 + exp(-logBusyOverIdle))
    return ClosedQueue(
      perNs: busy / service.value, customers: customers, think: think, service: service)
  }
}
