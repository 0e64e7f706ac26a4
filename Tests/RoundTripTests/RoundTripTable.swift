import Foundation
import Measures
import Workloads

/// The errors of many round trips, as docs/inference.md prints them.
struct RoundTripTable {
  /// What the whole set must at least reach today; the goals are in docs/inference.md.
  static let leastCoverage = 0.7
  static let mostMedianError = 0.15

  private var rows: [String] = []
  private var points: [RoundTrip.Point] = []
  private var classes: [RoundTrip.ClassRow] = []

  /// Adds one.
  mutating func add(_ trip: RoundTrip) {
    points += trip.points
    classes += trip.classes
    let predicted = trip.points.map { point in
      "\(percent(point.error))\(point.holds ? "" : " out")"
    }.joined(separator: " | ")
    rows.append(
      "| \(trip.number) | \(trip.recordedCPUs) | \(trip.spinlocks) "
        + "| \(trip.truth.classes.count) | \(trip.inferred.classes.count) | \(predicted) |")
  }

  /// The share of truths that lie inside the bounds.
  var coverage: Double { Double(points.count { $0.holds }) / Double(max(1, points.count)) }

  /// A quantile of the throughput's error.
  func throughput(_ share: Double) -> Double { quantile(share, of: points.map { abs($0.error) }) }

  /// The table as Markdown.
  var text: String {
    let sizes = Set(points.map(\.cpus)).sorted()
    let kinds = Set(classes.map(\.kind)).sorted()
    let byKind = kinds.map { kind in
      let own = classes.filter { $0.kind == kind }
      let parts = [own.compactMap(\.hold), own.compactMap(\.readerHold), own.compactMap(\.think)]
      return "| \(kind) | " + parts.map(count).joined(separator: " | ") + " |"
    }
    let bySize = sizes.map { size in
      let own = points.filter { $0.cpus == size }
      return "| throughput at \(size) CPUs | \(spread(own.map { $0.error + 1 })) |"
    }
    let widths = points.filter { $0.predicted.low > 0 }.map { $0.predicted.high / $0.predicted.low }
    return """
      | | median error | 90 % below |
      | --- | --- | --- |
      | hold of an owner alone | \(spread(classes.compactMap(\.hold))) |
      | hold of readers | \(spread(classes.compactMap(\.readerHold))) |
      | think time | \(spread(classes.compactMap(\.think))) |
      \(bySize.joined(separator: "\n"))
      | truth inside the bounds | \(percent(coverage)) | |
      | upper over lower bound, median and 90 % below | \(times(quantile(0.5, of: widths))) \
      | \(times(quantile(0.9, of: widths))) |

      Median error by kind, and of how many classes:

      | kind | hold alone | hold of readers | think time |
      | --- | --- | --- | --- |
      \(byKind.joined(separator: "\n"))

      | workload | CPUs | spinlocks | classes | played | \
      \(sizes.map { "at \($0)" }.joined(separator: " | ")) |
      |\(String(repeating: " --- |", count: 5 + sizes.count))
      \(rows.joined(separator: "\n"))

      """
  }

  /// Median and 90 % quantile of the errors of `ratios`, inferred over true.
  private func spread(_ ratios: [Double]) -> String {
    let errors = ratios.map { abs($0 - 1) }
    return "\(percent(quantile(0.5, of: errors))) | \(percent(quantile(0.9, of: errors)))"
  }

  private func count(_ ratios: [Double]) -> String {
    let median = quantile(0.5, of: ratios.map { abs($0 - 1) })
    return ratios.isEmpty ? "" : "\(percent(median)) of \(ratios.count)"
  }

  private func quantile(_ share: Double, of values: [Double]) -> Double {
    values.isEmpty ? 0 : Measures.quantile(share, ofSorted: values.sorted())
  }

  private func percent(_ value: Double) -> String { "\(Int((value * 100).rounded())) %" }
  private func times(_ value: Double) -> String { "\((value * 10).rounded() / 10) times" }
}
