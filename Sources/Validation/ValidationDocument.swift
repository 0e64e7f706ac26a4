/// docs/validation.md: every table of an index judged, errors by series, a plot a table, and where the
/// model fails.
public struct ValidationDocument: Sendable {
  /// The tables with what became of them, in the order of the index.
  public var chapters: [(entry: ValidationIndex.Entry, report: ValidationReport)]
  /// The same of tables that were looked up when the model stood.
  public var unseen: [(entry: ValidationIndex.Entry, report: ValidationReport)]
  /// Paragraphs on failures.
  public var limits: [String]

  /// A document; see the properties.
  public init(
    chapters: [(entry: ValidationIndex.Entry, report: ValidationReport)],
    unseen: [(entry: ValidationIndex.Entry, report: ValidationReport)], limits: [String]
  ) {
    self.chapters = chapters
    self.unseen = unseen
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
    for (entry, report) in chapters + unseen { lines += Self.chapter(entry, report) }
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

  private static func table(
    of chapters: [(entry: ValidationIndex.Entry, report: ValidationReport)]
  ) -> [String] {
    var lines = [
      "| table | K | points | median | p90 | in 90 % interval | USL | Amdahl | flat |",
      "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for (entry, report) in chapters {
      lines.append("| \(entry.title) | \(entry.calibrateTo) | \(cells(report.summary)) |")
    }
    let all = ValidationReport.Summary(chapters.flatMap { $0.report.series.flatMap(\.points) })
    return lines + ["| **all points** | | \(cells(all)) |"]
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
