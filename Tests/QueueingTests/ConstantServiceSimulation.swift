import Measures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// e to the power x.
func exponential(_ x: Double) -> Double { exp(x) }

/// The busy share of M/D/1//N by playing it: nothing but arrival times and a running clock.
func simulateConstantService(customers: Int, think: Double, service: Double) -> Double {
  var generator = SeededGenerator(seed: 7)
  var arrivals = (0..<customers).map { _ in -log(1 - generator.unit()) * think }
  var clock = 0.0
  let services = 200_000
  for _ in 0..<services {
    // First come, first served: the earliest arrival is next.
    var next = 0
    for i in arrivals.indices where arrivals[i] < arrivals[next] { next = i }
    clock = max(clock, arrivals[next]) + service
    arrivals[next] = clock - log(1 - generator.unit()) * think
  }
  return Double(services) * service / clock
}
