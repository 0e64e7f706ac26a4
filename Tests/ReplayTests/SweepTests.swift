import Measures
import Testing
import Workloads

@testable import Replay

@Suite struct SweepTests {
  let replayer = Replayer(
    precision: Precision(
      replications: 3, events: 12_000, eventsPerCPU: 60, maximumEvents: 36_000))

  @Test("a sweep has a point per layout and size, efficiency 1 on one CPU, and finds the cliff")
  func sweep() async throws {
    let workload = TestWorkload.repairman(think: 4_000, hold: 500, lines: 4)
    let layouts = [Layout.one, Layout(name: "4x", partition: .uniform(count: nil, size: 4))]
    let prediction = try await replayer.sweep(
      workload, on: TestWorkload.machine(), layouts: layouts, cpus: [128, 1, 64, 8, 8],
      load: .replicate)
    #expect(
      prediction.points.map(\.layout) == ["one", "one", "one", "one", "4x", "4x", "4x", "4x"])
    #expect(prediction.points.map(\.cpus) == [1, 8, 64, 128, 1, 8, 64, 128])
    #expect(abs(prediction.points[0].efficiency - 1) < 0.02)
    // Saturated on one socket at 1 / 700 ns, beyond it slower: half of the hand-overs cross.
    #expect(prediction.cliff.first == Prediction.Cliff(layout: "one", cpus: 64))
    #expect(prediction.points[3].firstSaturated == "a")
    #expect(prediction.backtest == nil)
  }

  @Test("layouts that ask for more CPUs than the machine has are refused")
  func tooMany() async throws {
    let workload = TestWorkload.repairman(think: 4_000, hold: 500)
    await #expect(throws: WorkloadError.self) {
      try await replayer.sweep(
        workload, on: TestWorkload.machine(sockets: 1), layouts: [.one], cpus: [65],
        load: .replicate)
    }
  }

  @Test("a back-test of the replay's own numbers has no error, and leaves out the pending waiter")
  func backtest() async throws {
    var workload = TestWorkload.repairman(think: 3_000, hold: 1_000)
    workload.recordedCPUs = 4
    workload.tasks[0].count = 4
    let scenario = try TestWorkload.scenario(workload, cpus: 4, load: .fixed)
    let outcomes = await Replayer(seed: 99, precision: replayer.precision)
      .replications(of: scenario)
    let queued = Statistics(outcomes.map(\.classes[0].tracedWait)).mean
    let rate = Statistics(outcomes.map(\.classes[0].tracedPerSecond)).mean
    let all = Statistics(outcomes.map(\.classes[0].acquisitionsPerSecond)).mean
    #expect(rate < all / 2)
    workload.measured = MeasuredRun(
      durationNs: 1e9, throughputPerSecond: Statistics(outcomes.map(\.throughput)).mean,
      waits: [.init(name: "a", waitNsMean: queued, contentionsPerSecond: rate)])
    let found = try await replayer.backtest(workload, on: TestWorkload.machine())
    let backtest = try #require(found)
    #expect(abs(backtest.throughputRelativeError) < 0.01)
    #expect(abs(backtest.waitRelativeError) < 0.05)
    #expect(backtest.cpus == 4)
    // The first waiter waits less than those behind it.
    workload.measured?.firstSpinnerTraced = true
    let again = try await replayer.backtest(workload, on: TestWorkload.machine())
    let paravirtual = try #require(again)
    #expect(paravirtual.classes[0].predictedNs < backtest.classes[0].predictedNs)
  }
}
