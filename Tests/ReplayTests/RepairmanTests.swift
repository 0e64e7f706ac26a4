import Measures
import Testing
import Workloads

@testable import Replay

/// One lock, exponential think and hold times: the machine repairman, whose throughput the textbook
/// gives.
@Suite struct RepairmanTests {
  /// Completions per second of M/M/1//N, (1 - p0) / hold, with p0 from the birth-death chain.
  ///
  /// Source: L. Kleinrock, Queueing Systems I, 1975, section 3.8.
  static func textbook(customers: Int, think: Double, hold: Double) -> Double {
    var weight = 1.0
    var sum = 1.0
    for k in 0..<customers {
      weight *= Double(customers - k) * hold / think
      sum += weight
      if sum > 1e250 { return 1e9 / hold }
    }
    return (1 - 1 / sum) * 1e9 / hold
  }

  @Test(
    "throughput is the textbook's within 1 %",
    arguments: [1, 2, 4, 16, 64, 256, 1024], [10.0, 100])
  func throughput(customers: Int, ratio: Double) async throws {
    let workload = TestWorkload.repairman(think: 1_000 * ratio, hold: 1_000)
    let scenario = try TestWorkload.scenario(workload, cpus: customers)
    let replayer = Replayer(
      precision: Precision(events: 60_000, eventsPerCPU: 60, maximumEvents: 240_000))
    let point = await replayer.point(scenario)
    let expected = Self.textbook(customers: customers, think: 1_000 * ratio, hold: 1_000)
    let error = point.throughputPerSecond.value / expected - 1
    #expect(abs(error) < 0.01, "\(customers) customers: \(error)")
  }
}
