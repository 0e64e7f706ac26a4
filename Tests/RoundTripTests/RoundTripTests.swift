import Foundation
import Measures
import Testing
import Workloads

@testable import Replay

@Suite("Round trip of known workloads")
struct RoundTripTests {
  /// A file to write the table of all workloads to (`make roundtrip`); without it a few are tried.
  static let tablePath = ProcessInfo.processInfo.environment["ROUND_TRIP_TABLE"]
  /// The first of its thirty workloads: a rule found on some is judged on others.
  static let firstNumber =
    ProcessInfo.processInfo.environment["ROUND_TRIP_FIRST"].flatMap { Int($0) } ?? 0

  @Test(
    "a lock whose holds are seen comes back, and so does what it costs at 64 CPUs",
    arguments: [29])
  func exclusive(_ number: Int) async throws {
    // One ticket lock for four tasks on four CPUs, one event in a hundred lost.
    let trip = try await RoundTrip(number, length: 60_000, sizes: [64], precision: Self.short)
    let row = try #require(trip.classes.first)
    #expect(trip.classes.count == 1)
    #expect(abs((row.hold ?? 0) - 1) < 0.3, "hold \(row.hold ?? 0)")
    #expect(abs((row.think ?? 0) - 1) < 0.3, "think \(row.think ?? 0)")
    #expect(row.inferredScope == row.scope || row.scope == .device)
    let point = try #require(trip.points.first)
    #expect(abs(point.error) < 0.15, "\(point.predicted.value) for \(point.truth)")
    #expect(point.holds, "\(point.truth) outside \(point.predicted)")
  }

  @Test("a random workload is valid, and its labels name its classes", arguments: 0..<6)
  func drawn(_ number: Int) throws {
    let known = RandomWorkload(number)
    let truth = try known.workload.validated()
    #expect((1...20).contains(truth.classes.count))
    #expect(known.labels.map(\.className) == truth.classes.map(\.name))
  }

  @Test("all of them", .enabled(if: tablePath != nil))
  func all() async throws {
    var table = RoundTripTable()
    for number in Self.firstNumber..<Self.firstNumber + 30 {
      table.add(
        try await RoundTrip(
          number, seconds: 10, length: 12_000_000, sizes: [64, 1024], precision: Self.short))
    }
    try table.text.write(toFile: try #require(Self.tablePath), atomically: true, encoding: .utf8)
    #expect(table.coverage >= RoundTripTable.leastCoverage)
    #expect(table.throughput(0.5) <= RoundTripTable.mostMedianError)
  }

  /// Short replays: the errors looked for are far above their noise.
  static let short = Precision(
    relativeHalfWidth: 0.05, replications: 2, events: 40_000, eventsPerCPU: 100,
    maximumEvents: 400_000)
}
