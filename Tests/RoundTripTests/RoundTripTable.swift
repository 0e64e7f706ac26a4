import Foundation
import Measures
import Workloads

/// The errors of many round trips, as docs/inference.md prints them.
struct RoundTripTable {
  /// What the whole set must at least reach today; the goals are in docs/inference.md.
  static let leastCoverage = 0.5
  static let mostMedianError = 0.3

  private var rows: [String] = []
  private var points: [RoundTrip.Point] = []
  private var holds: [Double] = []
  private var thinks: [Double] = []

  /// Adds one.
  mutating func add(_ trip: RoundTrip) {
    points += trip.points
    holds += trip.classes.compactMap(\.hold).map { abs($0 - 1) }
    thinks += trip.classes.compactMap(\.think).map { abs($0 - 1) }
    let kinds = Set(trip.truth.classes.map(\.kindName)).sorted().joined(separator: ", ")
    let predicted = trip.points.map { point in
      "\(percent(point.error))\(point.holds ? "" : " out")"
    }.joined(separator: " | ")
    rows.append(
      "| \(trip.number) | \(trip.recordedCPUs) | \(trip.truth.classes.count): \(kinds) "
        + "| \(trip.inferred.classes.count) | \(predicted) |")
  }

  /// The share of truths that lie inside the bounds.
  var coverage: Double { Double(points.count { $0.holds }) / Double(max(1, points.count)) }

  /// A quantile of the throughput's error.
  func throughput(_ share: Double) -> Double { quantile(share, of: points.map { abs($0.error) }) }

  /// The table as Markdown.
  var text: String {
    """
    | | median | p90 |
    | --- | --- | --- |
    | hold of an owner alone, \(holds.count) classes | \(spread(holds)) |
    | think time | \(spread(thinks)) |
    | throughput, \(points.count) points | \(spread(points.map { abs($0.error) })) |

    Truth inside the bounds: \(percent(coverage)).

    | workload | CPUs | classes | played | at 64 | at 1,024 |
    | --- | --- | --- | --- | --- | --- |
    \(rows.joined(separator: "\n"))

    """
  }

  private func spread(_ values: [Double]) -> String {
    "\(percent(quantile(0.5, of: values))) | \(percent(quantile(0.9, of: values)))"
  }

  private func quantile(_ share: Double, of values: [Double]) -> Double {
    values.isEmpty ? 0 : Measures.quantile(share, ofSorted: values.sorted())
  }

  private func percent(_ value: Double) -> String { "\(Int((value * 100).rounded())) %" }
}
