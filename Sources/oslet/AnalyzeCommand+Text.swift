import Analysis
import Measures
import Reporting

extension Document {
  /// What a recording shows, listed by one view.
  init(of findings: Findings, by view: FindingsView, rows limit: Int, named name: String) {
    let share = NumberText.percent
    let ceiling = findings.ceiling
    let untraced =
      ceiling.untracedShare > 0
      ? ", and \(share(ceiling.untracedShare)) to what tasks lose beside others untraced" : ""
    let lead: Prose = """
      \(share(ceiling.lockWaitShare)) of the CPU time went to spinning for locks, \
      \(share(ceiling.lineTransferShare)) to moving their lines and \(share(ceiling.ipiShare)) to \
      IPIs\(untraced): no layout can win back more CPU time than that.
      """
    let table: Table =
      switch view {
      case .lockClass: Self.classes(findings, limit)
      case .ipi: Self.interrupts(findings, limit)
      default: Self.waits(findings.rows(view) ?? [], limit, by: view)
      }
    var sections = [
      Section(id: "ceiling", title: "Ceiling", blocks: [.lead(lead)]),
      Section(id: view.rawValue, title: "By \(view.rawValue)", blocks: [.table(table)]),
    ]
    if let aggregated = findings.aggregated {
      sections.append(
        Section(
          id: "aggregated", title: "Aggregated",
          blocks: [.table(Self.aggregated(aggregated, limit, byCaller: view == .caller))]))
    }
    self.init(
      title: "OSlet analysis: \(name)",
      subtitle: """
        \(findings.cpus) CPUs, \(NumberText.duration(Nanoseconds(findings.durationNs))), \
        \(findings.events) events, \(findings.lost.events) lost
        """,
      sections: sections)
  }

  private static func classes(_ findings: Findings, _ limit: Int) -> Table {
    Table(
      caption: "\(findings.classes.count) lock classes by total wait",
      columns: [
        .words("class"), .words("kind"), .number("contentions"), .number("wait total"),
        .number("mean"), .number("p99"), .number("hold mean"), .words("hold from"),
      ],
      rows: findings.classes.prefix(limit).map { row in
        Table.Row(
          [row.name, row.kind, "\(row.contentions)"]
            + [row.wait.total, row.wait.mean, row.wait.p99].map(duration)
            + [row.hold.source == "none" ? "-" : duration(row.hold.mean), row.hold.source])
      })
  }

  /// Waits that were added up in the kernel, which no other table holds.
  static func aggregated(
    _ findings: AggregateFindings, _ limit: Int, byCaller: Bool
  ) -> Table {
    let rows =
      byCaller
      ? findings.classes.flatMap { row in
        row.callers.map {
          [row.name, row.kind, $0.symbol, "\($0.contentions)", duration($0.waitNsTotal)]
        }
      }
      : findings.classes.map { row in
        [row.name, row.kind, "\(row.contentions)"]
          + [row.wait.total, row.wait.mean, row.wait.p99, row.wait.max].map(duration)
      }
    return Table(
      caption: """
        \(Int(clamping: findings.waits)) waits added up in the kernel, quantiles within a factor of 1.5
        """,
      columns: byCaller
        ? [
          .words("class"), .words("kind"), .words("caller"), .number("contentions"),
          .number("wait total"),
        ]
        : [
          .words("class"), .words("kind"), .number("contentions"), .number("wait total"),
          .number("mean"), .number("p99"), .number("max"),
        ],
      rows: rows.prefix(limit).map { Table.Row($0) })
  }

  private static func waits(_ rows: [WaitRow], _ limit: Int, by view: FindingsView) -> Table {
    Table(
      caption: "\(rows.count) rows by total wait",
      columns: [
        .words(view.rawValue), .number("contentions"), .number("wait total"), .number("mean"),
        .number("p50"), .number("p99"), .number("max"), .number("share"),
      ],
      rows: rows.prefix(limit).map { row in
        Table.Row(
          [row.name, "\(row.contentions)"]
            + [row.wait.total, row.wait.mean, row.wait.p50, row.wait.p99, row.wait.max]
            .map(duration)
            + [NumberText.percent(row.share)])
      })
  }

  private static func interrupts(_ findings: Findings, _ limit: Int) -> Table {
    Table(
      caption: """
        \(Int(clamping: findings.ipi.sent)) IPIs sent; latency from send to handler p50 \
        \(duration(findings.ipi.latency.p50)), p99 \(duration(findings.ipi.latency.p99))
        """,
      columns: [
        .words("function"), .number("count"), .number("by recorder"), .number("handler total"),
        .number("latency p50"),
      ],
      rows: findings.ipi.byFunction.prefix(limit).map { row in
        Table.Row([
          row.function, "\(row.count)", "\(row.byRecorder)", duration(row.handlerNsTotal),
          duration(row.latencyNsP50),
        ])
      })
  }

  private static func duration(_ nanoseconds: Double) -> String {
    NumberText.duration(Nanoseconds(nanoseconds))
  }
}
