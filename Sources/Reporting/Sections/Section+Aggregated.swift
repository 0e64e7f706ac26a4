import Analysis
import Measures

extension Section {
  /// What was added up in the kernel while logs were nearly full: in full, since no other table of the
  /// report holds any of it.
  static func aggregated(_ findings: Findings) -> [Block] {
    guard let aggregated = findings.aggregated else { return [] }
    let total = aggregated.waitNs + findings.classes.reduce(0) { $0 + $1.wait.total }
    let kinds = aggregated.eventsByKind.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return [
      .paragraph(
        """
        \(strong: NumberText.percent(aggregated.contentionShare)) of the contentions were not traced: \
        while logs were nearly full they were added up in the kernel. Their waits are \
        \(NumberText.percent(total > 0 ? aggregated.waitNs / total : 0)) of all wait time; the tables \
        above, the ceiling and every hold and think time are without them.
        """),
      .table(
        Table(
          caption: "Waits added up in the kernel, by class; p99 within a factor of 1.5.",
          columns: [
            .number("waits"), .number("total"), .number("mean"), .number("p99"), .words("class"),
          ],
          rows: aggregated.classes.map { row in
            Table.Row([
              NumberText.whole(row.contentions), NumberText.duration(Nanoseconds(row.wait.total)),
              NumberText.duration(Nanoseconds(row.wait.mean)),
              NumberText.duration(Nanoseconds(row.wait.p99)),
              row.kind.isEmpty ? row.name : "\(row.name) [\(row.kind)]",
            ])
          })),
      .table(
        Table(
          caption: "Events counted in place of being recorded, by kind.",
          columns: [.number("recorded"), .number("counted"), .words("kind")],
          rows: kinds.map { kind, count in
            Table.Row([
              NumberText.whole(findings.eventsByKind[kind] ?? 0), NumberText.whole(count), kind,
            ])
          })),
    ]
  }
}
