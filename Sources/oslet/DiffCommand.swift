import Analysis
import ArgumentParser
import Measures
import Reporting

/// `oslet diff`: two recordings side by side, class by class.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compares two recordings: contentions and waits a second, by class.",
    discussion: """
      Each recording is cut into 20 slices of equal length; the spread over slices gives the \
      deviation, and a change is marked ! when Welch's t holds the two for different at 95 %. Exits \
      with 6 when a marked change of wait is larger than --threshold.
      """)

  @Argument(help: "The base recording.")
  var base = "oslet.data.old"

  @Argument(help: "The recording to compare with it.")
  var head = "oslet.data"

  @Option(name: [.customShort("n"), .long], help: "Classes to show.")
  var rows = 20

  @Option(help: "Exit with 6 when a class's wait grew by more than this share (0.1: a tenth).")
  var threshold: Double?

  func validate() throws {
    if rows < 1 { throw ValidationError("-n wants at least one row") }
  }

  func run() throws {
    let (before, after) = (try TraceStudy(path: base), try TraceStudy(path: head))
    before.warn()
    after.warn()
    let changes = WaitComparison(base: before.findings, head: after.findings).changes
    let document = Document(
      title: "OSlet diff: \(base) -> \(head)",
      sections: [
        Section(
          id: "waits", title: "Wait by class",
          blocks: [.table(Self.table(Array(changes.prefix(rows))))])
      ])
    writeOutput(TextRenderer().text(of: document))
    if let threshold, changes.contains(where: { $0.isSignificant && $0.relative > threshold }) {
      throw ExitStatus.thresholdExceeded
    }
  }

  private static func table(_ changes: [WaitChange]) -> Table {
    Table(
      caption:
        "Waited per second of recording, +- standard deviation over slices; ! is significant",
      columns: [
        .number("base"), .number("+-"), .number("change"), .words(""), .number("head"),
        .number("+-"), .words("class"),
      ],
      rows: changes.map { change in
        Table.Row([
          NumberText.duration(Nanoseconds(change.base.mean)),
          deviation(change.base),
          change.base.mean > 0 ? NumberText.change(change.relative) : "new",
          change.isSignificant ? "!" : "",
          NumberText.duration(Nanoseconds(change.head.mean)),
          deviation(change.head), change.name,
        ])
      })
  }

  private static func deviation(_ statistics: Statistics) -> String {
    statistics.mean > 0
      ? NumberText.percent(statistics.standardDeviation / statistics.mean) : "-"
  }
}
