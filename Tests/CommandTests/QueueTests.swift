import Foundation
import Testing

/// The machine repairman through the command line: N exponential customers at one spinlock whose
/// hand-over is free have the throughput of M/M/1//N (Kleinrock, Queueing Systems I, section 3.6).
@Suite("Machine repairman, end to end")
struct QueueTests {
  struct Case: Sendable {
    let customers: Int
    let think: Double
  }

  static let cases = [1, 2, 4, 16, 64, 256, 1_024].flatMap { customers in
    [10.0, 100.0].map { Case(customers: customers, think: $0 * 1_000) }
  }

  static let hold = 1_000.0

  /// Operations per second: the service rate times the probability that the lock is busy.
  static func textbook(_ given: Case) -> Double {
    // p(n) is proportional to N! / (N - n)! * (hold / think)^n; summed by ratios from the far end.
    var terms = [1.0]
    for waiting in 0..<given.customers {
      terms.append(terms[waiting] * Double(given.customers - waiting) * hold / given.think)
      if let last = terms.last, last > 1e200 { terms = terms.map { $0 / 1e200 } }
    }
    return (1 - terms[0] / terms.reduce(0, +)) / hold * 1e9
  }

  @Test("the replay is within 1 %, the model within 1e-6 of the textbook", arguments: cases)
  func throughput(given: Case) throws {
    try withTemporaryFolder { folder in
      let workload = """
        { "schema": "oslet.workload/1", "name": "repairman", "recorded_cpus": \(given.customers),
          "classes": [ { "name": "a", "kind": "spinlock", "scope": "image", "lines": 0 } ],
          "tasks": [ { "name": "w", "count": \(given.customers), "loop": [
            { "run_ns": { "dist": "exponential", "mean": \(given.think) } },
            { "acquire": "a", "hold_ns": { "dist": "exponential", "mean": \(Self.hold) } } ] } ] }
        """
      try Data(workload.utf8).write(to: folder.appending(path: "w.json"))
      let expected = Self.textbook(given)
      for (engine, tolerance) in [("replay", 0.01), ("model", 1e-6)] {
        let run = try OsletRun(
          [
            "predict", "--workload", "w.json", "--cpus", "\(given.customers)", "--engine", engine,
            "--json",
          ], in: folder)
        #expect(run.status == 0, "\(run.error)")
        let points = try #require(try run.json()["points"] as? [[String: Any]])
        let throughput = try #require(points.first?["throughput_per_s"] as? [String: Double])
        let value = try #require(throughput["value"])
        #expect(abs(value / expected - 1) < tolerance, "\(engine): \(value) against \(expected)")
      }
    }
  }
}
