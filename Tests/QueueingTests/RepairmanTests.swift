import Measures
import Queueing
import Testing

/// The textbook sum for M/M/1//N in extended precision: the reference for every other form.
///
/// L. Kleinrock, Queueing Systems I, 1975, eq. 3.59: p(k) proportional to N! / (N - k)! (S / Z)^k.
func kleinrock(customers: Int, think: Double, service: Double) -> Double {
  var weight: Float80 = 1
  var sum: Float80 = 1
  // Summed from the fullest state down, in units of that state, so that nothing overflows.
  for absent in 0..<customers {
    weight *= Float80(think) / (Float80(service) * Float80(absent + 1))
    sum += weight
    if weight > 0x1p8000 {
      weight *= 0x1p-8000
      sum *= 0x1p-8000
    }
  }
  return Double((1 - weight / sum) / Float80(service))
}

@Suite("One station, one class")
struct RepairmanTests {
  static let sizes = [1, 2, 4, 16, 64, 256, 1024, 4096]

  @Test("M/M/1//N is the textbook sum", arguments: sizes, [0.001, 1, 10, 100, 1e6])
  func textbook(customers: Int, ratio: Double) {
    let expected = kleinrock(customers: customers, think: 1_000 * ratio, service: 1_000)
    let think = Nanoseconds(1_000 * ratio)
    let service = Nanoseconds(1_000)
    let recursion = machineRepairman(customers: customers, think: think, service: service)
    let transform = FiniteSource.solve(
      customers: customers, think: think, service: service, shape: .exponential)
    let chain = stateDependentRepairman(customers: customers, think: think) { _ in 1_000 }
    for solution in [recursion, transform, chain] {
      #expect(abs(solution.throughput.perSecond / 1e9 / expected - 1) < 1e-9)
      let cycle = Double(customers) / solution.throughput.perSecond * 1e9
      #expect(abs((solution.response.value + think.value) / cycle - 1) < 1e-9)
    }
  }

  @Test("M/D/1//2 has a closed form: the second customer waits for what is left of a service")
  func constantService() {
    // Takacs' sum has two terms for N = 2: busy over idle is 2 S / Z (1 + (exp(S / Z) - 1)).
    let (think, service) = (3_000.0, 1_000.0)
    let ratio = 2 * service / think * exponential(service / think)
    let busy = ratio / (1 + ratio)
    let solved = FiniteSource.solve(
      customers: 2, think: Nanoseconds(think), service: Nanoseconds(service), shape: .constant)
    #expect(abs(solved.utilization - busy) < 1e-12)
    // And by simulation of the two-customer chain.
    let simulated = simulateConstantService(customers: 2, think: think, service: service)
    #expect(abs(solved.utilization / simulated - 1) < 0.01)
  }

  @Test("M/D/1//N agrees with a simulation of it", arguments: [4, 12, 40])
  func constantServiceSimulated(customers: Int) {
    let solved = FiniteSource.solve(
      customers: customers, think: Nanoseconds(10_000), service: Nanoseconds(1_000),
      shape: .constant)
    let simulated = simulateConstantService(customers: customers, think: 10_000, service: 1_000)
    #expect(abs(solved.utilization / simulated - 1) < 0.01)
  }

  @Test("less variable service serves more, and Erlang lies between")
  func variability() {
    let shapes: [FiniteSource.Service] = [
      .exponential, .erlang(stages: 2), .erlang(stages: 8), .constant,
    ]
    let rates = shapes.map {
      FiniteSource.solve(
        customers: 10, think: Nanoseconds(9_000), service: Nanoseconds(1_000), shape: $0
      ).throughput.perSecond
    }
    #expect(rates == rates.sorted())
    #expect(rates[3] / rates[0] > 1.03)
    let one = FiniteSource.solve(
      customers: 10, think: Nanoseconds(9_000), service: Nanoseconds(1_000),
      shape: .erlang(stages: 1))
    #expect(abs(one.throughput.perSecond / rates[0] - 1) < 1e-12)
  }

  @Test("as many servers as customers make a delay; one makes the repairman")
  func multiserver() {
    let (think, service) = (Nanoseconds(5_000), Nanoseconds(2_000))
    let free = multiserverRepairman(customers: 7, think: think, service: service, servers: 7)
    #expect(abs(free.throughput.perSecond / (7e9 / 7_000) - 1) < 1e-12)
    let one = multiserverRepairman(customers: 7, think: think, service: service, servers: 1)
    let repairman = machineRepairman(customers: 7, think: think, service: service)
    #expect(abs(one.throughput.perSecond / repairman.throughput.perSecond - 1) < 1e-12)
    let two = multiserverRepairman(customers: 7, think: think, service: service, servers: 2)
    #expect(two.throughput > one.throughput && two.throughput < free.throughput)
  }

  @Test("a ticket-like service that grows with its waiters collapses where a queued one does not")
  func growingService() {
    let queued = stateDependentRepairman(customers: 48, think: Nanoseconds(4_000)) { _ in 500 }
    let ticket = stateDependentRepairman(customers: 48, think: Nanoseconds(4_000)) { present in
      500 + 20 * Double(present - 1)
    }
    let ticketEarly = stateDependentRepairman(customers: 8, think: Nanoseconds(4_000)) { present in
      500 + 20 * Double(present - 1)
    }
    #expect(abs(queued.throughput.perSecond / 2e6 - 1) < 1e-6)
    #expect(ticket.throughput < ticketEarly.throughput)
    #expect(ticket.throughput.perSecond < 0.5 * queued.throughput.perSecond)
  }

  @Test("no think time keeps the server busy")
  func saturated() {
    let solved = stateDependentRepairman(customers: 3, think: .zero) { 100 * Double($0) }
    #expect(abs(solved.throughput.perSecond - 1e9 / 300) < 1e-3)
    let repairman = machineRepairman(customers: 3, think: .zero, service: Nanoseconds(100))
    #expect(abs(repairman.throughput.perSecond - 1e7) < 1e-3)
  }
}
