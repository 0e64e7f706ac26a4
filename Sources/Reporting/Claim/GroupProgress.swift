import Measures
import Workloads

/// Which tasks make the progress that a claim counts: one image beside the best layout, group by group.
///
/// A layout that stops some tasks leaves their CPUs to others, whose operations may be more: a sum of both
/// can grow while some of the work stands still.
struct GroupProgress {
  /// One group of tasks.
  struct Row: Hashable {
    var name: String
    /// Operations a second in one image and under the layout.
    var before: Double
    var after: Double

    var ratio: Double { before > 0 ? after / before : .infinity }
  }

  /// The layout, and how many CPUs.
  let layout: String
  let cpus: Int
  /// The groups that make a hundredth of the progress on either side, in the workload's order.
  let rows: [Row]
  /// All progress under the layout over that in one image.
  let ratio: Double

  /// The least share of the progress of one side.
  private static let smallest = 0.01
  /// A group that gains less than this part of what all do is told in the claim.
  private static let uneven = 0.5

  /// Nil where the engine says nothing of groups, or there is one alone.
  init?(_ prediction: Prediction, _ claim: Claim) {
    guard let best = claim.best,
      let control = prediction.point(Prediction.control, best.cpus)?.groups,
      let groups = prediction.point(best.layout, best.cpus)?.groups, control.count == groups.count
    else { return nil }
    layout = best.layout
    cpus = best.cpus
    ratio = best.ratio.value
    let before = Self.smallest * control.reduce(0) { $0 + $1.operationsPerSecond }
    let after = Self.smallest * groups.reduce(0) { $0 + $1.operationsPerSecond }
    rows = zip(control, groups).map {
      Row(name: $0.name, before: $0.operationsPerSecond, after: $1.operationsPerSecond)
    }.filter { $0.before.isFinite && $0.after.isFinite && ($0.before > before || $0.after > after) }
    guard rows.count > 1 else { return nil }
  }

  /// That some groups gain far less than all together; nil where none does.
  var uneven: Prose? {
    let behind = rows.filter { $0.ratio < Self.uneven * ratio }.sorted { $0.ratio < $1.ratio }
    guard !behind.isEmpty else { return nil }
    let words = behind.prefix(3).map { "\($0.name) \(NumberText.factor($0.ratio))" }
    let others = rows.filter { $0.ratio >= Self.uneven * ratio }.sorted { $0.ratio > $1.ratio }
      .prefix(3).map { "\($0.name) \(NumberText.factor($0.ratio))" }
    return """
      \(strong: "The gain is uneven"): of the groups of tasks \(words.joined(separator: ", "))\
      \(others.isEmpty ? "" : "; " + others.joined(separator: ", ")). CPUs that the first leave idle \
      serve the others.
      """
  }

  /// All groups.
  var table: Table {
    Table(
      caption: """
        Who makes that progress at \(cpus) CPUs: operations a second by group of tasks (those with a \
        hundredth of all), in one image and under \(layout).
        """,
      columns: [.words("group"), .number("one"), .number(layout), .number("over one image")],
      rows: rows.map { row in
        Table.Row([
          row.name, NumberText.count(row.before), NumberText.count(row.after),
          row.before > 0 ? NumberText.factor(row.ratio) : NumberText.none,
        ])
      })
  }
}
