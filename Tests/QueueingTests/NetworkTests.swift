import Measures
import Queueing
import Testing

@Suite("Networks in product form")
struct NetworkTests {
  @Test("one queue is the machine repairman", arguments: [1, 2, 16, 256])
  func repairman(customers: Int) {
    let network = MeanValueAnalysis(
      stations: [Station("lock", demand: Nanoseconds(700))], customers: customers,
      think: Nanoseconds(9_000))
    let expected = kleinrock(customers: customers, think: 9_000, service: 700)
    #expect(abs(network.throughput.perSecond / 1e9 / expected - 1) < 1e-9)
  }

  /// The product form itself, by summing over every state.
  ///
  /// Source: G. J. Gordon and G. F. Newell, Operations Research 15, 1967.
  @Test("two queues and a think time are the sum over all states", arguments: [1, 3, 10, 40])
  func gordonNewell(customers: Int) {
    let (think, first, second) = (5_000.0, 900.0, 400.0)
    func normalization(_ n: Int) -> Float80 {
      var sum: Float80 = 0
      for a in 0...n {
        for b in 0...(n - a) {
          var weight: Float80 = 1
          for _ in 0..<a { weight *= Float80(first) }
          for _ in 0..<b { weight *= Float80(second) }
          for k in 0..<(n - a - b) { weight *= Float80(think) / Float80(k + 1) }
          sum += weight
        }
      }
      return sum
    }
    let expected = Double(normalization(customers - 1) / normalization(customers))
    let network = MeanValueAnalysis(
      stations: [
        Station("a", demand: Nanoseconds(first)), Station("b", demand: Nanoseconds(second)),
      ], customers: customers, think: Nanoseconds(think))
    #expect(abs(network.throughput.perSecond / 1e9 / expected - 1) < 1e-12)
    #expect(network.utilization[0] <= 1)
    let inside = network.queueLength[0] + network.queueLength[1]
    #expect(
      abs(inside + network.throughput.perSecond / 1e9 * think - Double(customers)) < 1e-9)
  }

  @Test("a delay station is think time by another name")
  func delay() {
    let lock = Station("lock", demand: Nanoseconds(300))
    let apart = MeanValueAnalysis(
      stations: [lock, Station("disk", demand: Nanoseconds(2_000), discipline: .delay)],
      customers: 9, think: Nanoseconds(1_000))
    let together = MeanValueAnalysis(stations: [lock], customers: 9, think: Nanoseconds(3_000))
    #expect(abs(apart.throughput.perSecond / together.throughput.perSecond - 1) < 1e-12)
  }

  @Test("exact results lie within the asymptotic bounds", arguments: [1, 2, 8, 64, 512])
  func bounds(customers: Int) {
    let demands = [Nanoseconds(900), Nanoseconds(400)]
    let bounds = AsymptoticBounds(
      demands: demands, customers: customers, think: Nanoseconds(5_000))
    let exact = MeanValueAnalysis(
      stations: demands.map { Station("", demand: $0) }, customers: customers,
      think: Nanoseconds(5_000))
    #expect(exact.throughput.perSecond <= bounds.upper.perSecond * (1 + 1e-12))
    #expect(exact.throughput.perSecond >= bounds.lower.perSecond * (1 - 1e-12))
    #expect(bounds.knee == 7)
  }
}
