import Queueing
import Testing
import Workloads

/// What a shootdown's lines cost: those of one target by the mean pair, those of all by the farthest.
@Suite("Lines of a shootdown")
struct ShootdownCurveTests {
  @Test(
    "half of the lines travel the mean of all pairs, half to the farthest sharer",
    arguments: [8, 9, 12, 16])
  func lines(threads: Int) throws {
    let machine = try Machine(
      name: "two sockets", sockets: 2, coresPerIsland: 8, islandNs: 50, crossNs: 130)
    let order = CPUOrder(machine.topology)
    var curve = LockCurve(discipline: .shootdown)
    curve.parameters.think = 0
    curve.parameters.hold = 0
    curve.parameters.lines = 4
    curve.parameters.mesh = 0
    curve.parameters.storm = 0
    curve.parameters.pendingSaving = 0
    curve.parameters.sharpness = 64
    let perNs = curve.turnsPerNs(
      Occupancy(threads: threads, order: order, machine: machine), capacity: 16,
      costs: TransferCosts(machine))
    // Threads beyond eight are on the other socket; ordered pairs of different threads.
    let n = Double(threads)
    let far = max(0, n - 8)
    let crossing = 2 * (n - far) * far / (n * (n - 1))
    let mean = 50 + 80 * crossing
    let farthest: Double = threads > 8 ? 130 : 50
    let cost = 4 * (mean + farthest) / 2 * (n - 1) / n
    #expect(abs(perNs * cost - 1) < 1e-6)
  }
}
