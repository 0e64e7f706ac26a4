import Analysis
import Measures
import Workloads

extension Section {
  /// 4. Classes and call sites, ranked; waiting and line transfers apart.
  static func ranking(_ input: ReportInput) -> Section {
    var section = Section(id: "ranking", title: "Where the kernel waits")
    guard let findings = input.findings else {
      section.blocks.append(
        .note(Note(.missing, "the analysis of a recording.", command: "oslet report -i oslet.data"))
      )
      return section
    }
    if findings.classes.isEmpty && findings.aggregated == nil {
      section.blocks.append(.paragraph("No contention was recorded."))
    } else {
      section.blocks += waits(findings)
      section.blocks += callSites(findings)
      section.blocks += transfers(findings)
      section.blocks += aggregated(findings)
    }
    section.blocks += interrupts(findings)
    return section
  }

  private static let shownClasses = 12
  private static let shownCallers = 10

  private static func waits(_ findings: Findings) -> [Block] {
    let ranked = findings.classes
    let shown = ranked.prefix(shownClasses)
    let total = ranked.reduce(0) { $0 + $1.wait.total }
    let seconds = Nanoseconds(findings.durationNs).seconds
    let hidden = ranked.count - shown.count
    let chart = BarChart(
      title: "Waiting by class", summary: summary(Array(shown.prefix(3))),
      series: [
        BarChart.Series(name: "spinning", tone: .wait),
        BarChart.Series(name: "sleeping", tone: .message),
      ],
      bars: shown.map { entry in
        BarChart.Bar(
          name: entry.name,
          parts: total > 0
            ? [entry.spinNs / total, max(0, entry.wait.total - entry.spinNs) / total] : [0, 0],
          label: NumberText.percent(entry.share))
      })
    let table = Table(
      caption: """
        Waits by class; share is of all wait time, \
        \(NumberText.duration(Nanoseconds(seconds > 0 ? total / seconds : 0))) a second over \
        all CPUs. Hold is what its owners kept it, hand-over included, where that could be inferred\
        \(hidden > 0 ? "; \(hidden) more \(hidden == 1 ? "class" : "classes") left out" : "").
        """,
      columns: [
        .number("share"), .number("waits"), .number("mean"), .number("p99"), .number("hold"),
        .words("class"),
      ],
      rows: shown.map { entry in
        Table.Row([
          NumberText.percent(entry.share), NumberText.tally(entry.contentions),
          NumberText.duration(Nanoseconds(entry.wait.mean)),
          NumberText.duration(Nanoseconds(entry.wait.p99)),
          entry.hold.mean > 0 ? NumberText.duration(Nanoseconds(entry.hold.mean)) : "-",
          "\(entry.name) [\(entry.kind)]",
        ])
      })
    return [.bars(chart), .table(table)]
  }

  private static func summary(_ top: [ClassFinding]) -> String {
    "Most waiting: "
      + top.map { "\($0.name) \(NumberText.percent($0.share))" }
      .joined(separator: "; ") + "."
  }

  /// The call sites of most wait over all classes.
  private static func callSites(_ findings: Findings) -> [Block] {
    let total = findings.classes.reduce(0) { $0 + $1.wait.total }
    let sites = findings.classes.enumerated().flatMap { rank, entry in
      entry.callers.map { (rank: rank, lock: entry.name, caller: $0) }
    }.sorted {
      $0.caller.waitNsTotal != $1.caller.waitNsTotal
        ? $0.caller.waitNsTotal > $1.caller.waitNsTotal
        : ($0.rank, $0.caller.symbol) < ($1.rank, $1.caller.symbol)
    }
    guard total > 0, !sites.isEmpty else { return [] }
    return [
      .table(
        Table(
          caption: "Call sites of most waiting, by sampled stacks.",
          columns: [.number("share"), .number("waits"), .words("call site"), .words("class")],
          rows: sites.prefix(shownCallers).map { site in
            Table.Row([
              NumberText.percent(site.caller.waitNsTotal / total),
              NumberText.tally(site.caller.contentions), site.caller.symbol, site.lock,
            ])
          }))
    ]
  }

  /// What no wait shows: acquisitions, each of which may move the lock's line.
  ///
  /// R. Russell's objection on LKML, December 2001: no waiting at all, the whole cost is line
  /// transfer (20011206135224.12c4b123.rusty@rustcorp.com.au).
  private static func transfers(_ findings: Findings) -> [Block] {
    let ranked = findings.classes.filter { $0.acquisitionsPerSecond > 0 }.sorted {
      $0.acquisitionsPerSecond != $1.acquisitionsPerSecond
        ? $0.acquisitionsPerSecond > $1.acquisitionsPerSecond : $0.name < $1.name
    }
    guard !ranked.isEmpty else { return [] }
    return [
      .paragraph(
        """
        Line transfers show in no wait. They took \
        \(NumberText.percent(findings.ceiling.lineTransferShare)) of the CPU time by estimate; the \
        classes acquired most often, waited for or not, may move a line each time.
        """),
      .table(
        Table(
          caption: "Acquisitions a second and time between a customer's two, as inferred.",
          columns: [
            .number("acquired"), .number("waited for"), .number("think time"), .words("class"),
          ],
          rows: ranked.prefix(6).map { entry in
            Table.Row([
              NumberText.rate(entry.acquisitionsPerSecond),
              NumberText.percent(entry.contentionsPerSecond / entry.acquisitionsPerSecond),
              entry.thinkNs > 0 ? NumberText.duration(Nanoseconds(entry.thinkNs)) : "-", entry.name,
            ])
          })),
    ]
  }
}
