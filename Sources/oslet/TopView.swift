import Analysis
import Measures
import Recording
import Reporting
import TraceFormat

/// One table of `oslet top`: the waits of the last interval by class, in analysis's names.
struct TopView {
  /// What rows are sorted by.
  var key: TopKey
  private var findings: AggregateFindings?
  private var span = 0.0
  private var cpus = 1
  private var costShare = 0.0
  private var missed: UInt64 = 0

  /// A view without a sample yet.
  init(key: TopKey) { self.key = key }

  /// Shows this sample from here on.
  mutating func take(_ sample: LiveSample) {
    var analyzer = Analyzer(facts: sample.facts)
    for sight in sample.sights { analyzer.add(sight) }
    findings =
      analyzer.finish(
        stacks: sample.stacks, symbols: sample.symbols, tasks: [], losses: [],
        aggregates: sample.aggregates
      ).aggregated
    span = Double(sample.span)
    cpus = max(1, sample.facts.topology.online.count)
    costShare = sample.costShare
    missed = sample.missed
  }

  /// The table, lines ended, none wider than `columns`.
  func text(rows limit: Int, columns width: Int) -> String {
    let rows = findings?.classes.sorted(by: before) ?? []
    let total = findings?.waitNs ?? 0
    let duration = { NumberText.duration(Nanoseconds($0)) }
    var lines = [
      "oslet top: \(findings?.waits ?? 0) waits in \(duration(span)), \(duration(total)) in all, "
        + "\(NumberText.fixed(span > 0 ? total / span : 0, decimals: 2)) tasks waiting",
      "cost \(NumberText.percent(costShare)) of \(cpus) CPUs; \(missed) events missed; "
        + "sorted by \(key.rawValue)",
      "",
      Self.row("count", "wait", "mean", "p99", "max", "kind", "class via caller"),
    ]
    for row in rows.prefix(limit) {
      let caller = row.callers.first.map { row.name.contains($0.symbol) ? "" : ", " + $0.symbol }
      lines.append(
        Self.row(
          "\(row.contentions)", duration(row.wait.total), duration(row.wait.mean),
          duration(row.wait.p99), duration(row.wait.max), row.kind, row.name + (caller ?? "")))
    }
    return lines.map { String($0.prefix(width)) + "\n" }.joined()
  }

  private static func row(
    _ count: String, _ wait: String, _ mean: String, _ p99: String, _ max: String, _ kind: String,
    _ name: String
  ) -> String {
    func right(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: Swift.max(0, width - text.count)) + text
    }
    let padding = String(repeating: " ", count: Swift.max(0, 12 - kind.count))
    return right(count, 9) + [wait, mean, p99, max].map { " " + right($0, 9) }.joined() + "  "
      + kind + padding + name
  }

  private func before(_ a: AggregateFindings.Row, _ b: AggregateFindings.Row) -> Bool {
    switch key {
    case .wait: (b.wait.total, a.name, a.kind) < (a.wait.total, b.name, b.kind)
    case .count: (b.contentions, a.name, a.kind) < (a.contentions, b.name, b.kind)
    case .max: (b.wait.max, a.name, a.kind) < (a.wait.max, b.name, b.kind)
    case .name: (a.name, a.kind) < (b.name, b.kind)
    }
  }
}
