/// docs/validation.md: every table of an index judged, errors by series, a plot a table, and where the
/// model fails.
public struct ValidationDocument: Sendable {
  /// The tables with what became of them, in the order of the index.
  public var chapters: [(entry: ValidationIndex.Entry, report: ValidationReport)]
  /// The same of tables that were looked up when the model stood.
  public var unseen: [(entry: ValidationIndex.Entry, report: ValidationReport)]
  /// The same of tables that were added when the model stood, of families it had seen.
  public var later: [(entry: ValidationIndex.Entry, report: ValidationReport)]
  /// Paragraphs on failures.
  public var limits: [String]

  /// A document; see the properties.
  public init(
    chapters: [(entry: ValidationIndex.Entry, report: ValidationReport)],
    unseen: [(entry: ValidationIndex.Entry, report: ValidationReport)],
    later: [(entry: ValidationIndex.Entry, report: ValidationReport)], limits: [String]
  ) {
    self.chapters = chapters
    self.unseen = unseen
    self.later = later
    self.limits = limits
  }

  /// The document in Markdown.
  public var markdown: String {
    var lines = Self.introduction
    lines += Self.table(of: chapters)
    lines += [
      "", "Errors of the general curves are medians.", "", "## Where it fails, and why", "",
    ]
    for limit in limits { lines += ["* " + limit] }
    if !unseen.isEmpty {
      lines += ["", "## Tables looked up when the model stood", ""]
      lines += Self.table(of: unseen)
    }
    if !later.isEmpty {
      lines += ["", "## Tables added later"] + Self.aboutLater
      lines += Self.table(of: later)
      let everything = (chapters + unseen + later).flatMap { $0.report.series.flatMap(\.points) }
      lines += [
        "",
        "Over all \(everything.count) points of the three: "
          + Self.sentence(ValidationReport.Summary(everything)),
      ]
    }
    for (entry, report) in chapters + unseen + later { lines += Self.chapter(entry, report) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let introduction = [
    "<!-- Written by `oslet validate --document docs/validation/index.json`. -->", "",
    "# Validation on published tables", "",
    "Each table is calibrated on its rows up to K threads and predicted beyond; the model sees no",
    "row beyond K. Constants belong to a machine and are the same for all its series. Errors are",
    "|predicted - measured| / measured of throughput. The model is described in",
    "[model.md](model.md); tables and machine files stand in `docs/validation/`.", "",
  ]

  private static let aboutLater = [
    "",
    "Other kinds, settings and machines of the same data sets, and two sets that name no lock. Each was",
    "judged before anything was changed: the median error and the share of points in the interval at",
    "that moment stand in the last column.", "",
  ]

  private static func sentence(_ summary: ValidationReport.Summary) -> String {
    "median \(percent(summary.model.median)), p90 \(percent(summary.model.p90)), "
      + "\(percent(summary.intervalCoverage)) in the interval; medians of the general curves: USL "
      + "\(percent(summary.usl.median)), Amdahl \(percent(summary.amdahl.median)), flat "
      + "\(percent(summary.flat.median))."
  }

  private static func table(
    of chapters: [(entry: ValidationIndex.Entry, report: ValidationReport)]
  ) -> [String] {
    let dated = chapters.contains { $0.entry.firstSight != nil }
    func row(_ cells: String, last: String) -> String {
      "| \(cells) |" + (dated ? " \(last) |" : "")
    }
    var lines = [
      row(
        "table | K | points | median | p90 | in 90 % interval | USL | Amdahl | flat",
        last: "first sight"),
      row("--- | --- | --- | --- | --- | --- | --- | --- | ---", last: "---"),
    ]
    for (entry, report) in chapters {
      lines.append(
        row(
          "\(entry.title) | \(entry.calibrateTo) | \(cells(report.summary))",
          last: entry.firstSight ?? ""))
    }
    let all = ValidationReport.Summary(chapters.flatMap { $0.report.series.flatMap(\.points) })
    return lines + [row("**all points** | | \(cells(all))", last: "")]
  }

  private static func cells(_ summary: ValidationReport.Summary) -> String {
    [
      String(summary.points), percent(summary.model.median), percent(summary.model.p90),
      percent(summary.intervalCoverage), percent(summary.usl.median),
      percent(summary.amdahl.median), percent(summary.flat.median),
    ].joined(separator: " | ")
  }

  private static func chapter(
    _ entry: ValidationIndex.Entry, _ report: ValidationReport
  ) -> [String] {
    var lines = ["", "## \(entry.title)", "", "Source: \(entry.source)"]
    if !entry.note.isEmpty { lines += ["", entry.note] }
    lines += [
      "", "    oslet validate docs/validation/\(entry.table) \\",
      "      --machine docs/validation/\(entry.machine) --calibrate-to \(entry.calibrateTo)", "",
      "| series | points | median | p90 | in 90 % interval | USL | Amdahl | flat |",
      "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for one in report.series {
      lines.append("| \(one.name) | \(cells(ValidationReport.Summary(one.points))) |")
    }
    if let first = report.series.first {
      lines += ["", "\(first.name):", "", TextPlot(first, calibrateTo: report.calibrateTo).text]
    }
    return lines
  }
}
