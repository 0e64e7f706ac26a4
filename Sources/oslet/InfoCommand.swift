import ArgumentParser
import Measures
import Reporting
import TraceFormat
import Workloads

/// `oslet info`: what is in a trace and what is missing from it.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Says what is in a trace: events, losses, regimes, and what recording cost.")

  @OptionGroup var trace: TraceOptions

  @Flag(help: "Print the document oslet.info/1.")
  var json = false

  func run() throws {
    var reader = try trace.open()
    let summary: TraceSummary
    do throws(TraceError) {
      summary = try TraceSummary(reading: &reader)
    } catch {
      throw ToolFailure(error, in: trace.input)
    }
    if json {
      writeOutput(try encodeDocument(summary))
    } else {
      writeOutput(TextRenderer().text(of: Document(of: summary, named: trace.input)))
    }
  }
}

extension Document {
  /// A trace's summary as a document.
  init(of summary: TraceSummary, named name: String) {
    self.init(
      title: "OSlet trace: \(name)",
      sections: [
        Section(id: "recording", title: "Recording", blocks: [.facts(Self.recording(summary))]),
        Section(id: "events", title: "Events", blocks: [.table(Self.events(summary))]),
        Section(id: "missing", title: "Missing", blocks: Self.missing(summary)),
      ])
  }

  private static func recording(_ summary: TraceSummary) -> [Fact] {
    var facts = [
      Fact("kernel", "\(summary.kernel) \(summary.machine.architecture)"),
      Fact("processor", "\(summary.machine.processor)"),
      Fact("hypervisor", "\(summary.machine.hypervisor ?? "none")"),
      Fact("CPUs", "\(summary.cpus)"),
      Fact(
        "duration", "\(NumberText.duration(Nanoseconds(Double(summary.durationNanoseconds))))"),
      Fact(
        "size",
        """
        \(NumberText.bytes(Double(summary.sizeBytes))), \
        \(NumberText.fixed(summary.bytesPerEvent, decimals: 1)) bytes an event
        """),
      Fact("writer", "\(summary.writer)"),
      Fact("command", "\(ShellCommand.quoted(summary.command))"),
    ]
    if let changes = summary.cpuChanges {
      facts.append(Fact("CPUs that changed", "\(TraceFacts.text(changes))"))
    }
    for (choice, chosen) in (summary.filters ?? [:]).sorted(by: { $0.key < $1.key }) {
      facts.append(Fact("only \(choice.replacing("_", with: " "))", "\(chosen)"))
    }
    if summary.isProfile {
      facts.append(Fact("mode", "profile: waits added up in the kernel, no events"))
    }
    if let triggers = summary.triggers {
      facts.append(Fact("triggers", "\(triggers.joined(separator: ", "))"))
      for firing in (summary.fired ?? []).prefix(8) { facts.append(Self.fired(firing)) }
      if summary.fired?.isEmpty ?? true { facts.append(Fact("fired", "nothing")) }
    }
    if let cost = summary.recorderCost, cost.nanosecondsPerEvent == 0 {
      facts.append(
        Fact("recorder cost", "not known: BPF statistics want CAP_SYS_ADMIN or a longer recording"))
    } else if let cost = summary.recorderCost {
      facts.append(
        Fact(
          "recorder cost",
          """
          \(NumberText.fixed(cost.nanosecondsPerEvent, decimals: 0)) ns an event, \
          \(NumberText.percent(cost.cpuShare)) of all CPU time
          """))
    }
    for (kind, regime) in summary.regimes.sorted(by: { $0.key < $1.key }) {
      facts.append(Fact("regime of \(kind)", "\(regime)"))
    }
    return facts
  }

  private static func fired(_ firing: TraceSummary.Firing) -> Fact {
    let object = (firing.cause == "ipi" ? "csd" : "lock") + " 0x"
    return Fact(
      "fired",
      """
      \(firing.cause) of \(NumberText.duration(Nanoseconds(Double(firing.latencyNanoseconds)))), \
      \(object)\(String(firing.object, radix: 16)), task \(Int(firing.task)), CPU \(Int(firing.cpu)), \
      at \(NumberText.fixed(Double(firing.timeNanoseconds) / 1e9, decimals: 6)) s
      """)
  }

  private static func events(_ summary: TraceSummary) -> Table {
    Table(
      caption: "\(Int(clamping: summary.events.total)) events",
      columns: [.words("event"), .number("count"), .number("per second")],
      rows: summary.events.byType.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
        Table.Row([
          $0.key, "\($0.value)",
          NumberText.rate(Double($0.value) / max(1e-9, Double(summary.durationNanoseconds) / 1e9)),
        ])
      })
  }

  private static func missing(_ summary: TraceSummary) -> [Block] {
    var blocks: [Block] = [
      .paragraph(
        """
        Lost \(Int(clamping: summary.lost.events)), suppressed by the recorder's guard \
        \(Int(clamping: summary.lost.suppressed)), damaged on disk \
        \(Int(clamping: summary.lost.damaged)). The file's end: \(summary.ending).
        """)
    ]
    if !summary.aggregated.isEmpty {
      let counts = summary.aggregated.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      blocks.append(
        .table(
          Table(
            caption: "Counted in the kernel in place of being recorded",
            columns: [.words("event"), .number("count")],
            rows: counts.map { Table.Row([$0.key, "\($0.value)"]) })))
    }
    if let cut = summary.cut {
      blocks.append(
        .note(
          Note(
            .warning,
            """
            The recording was cut at byte \(Int(clamping: cut.atByte)); \
            \(Int(clamping: cut.ignoredBytes)) bytes after it are no whole block.
            """)))
    }
    if !summary.lost.byCPU.isEmpty {
      blocks.append(
        .table(
          Table(
            caption: "By CPU and event, with the time range since boot",
            columns: [
              .number("CPU"), .words("event"), .number("lost"), .number("suppressed"),
              .number("from s"), .number("to s"),
            ],
            rows: summary.lost.byCPU.map {
              Table.Row([
                "\($0.cpu)", $0.type, "\($0.lost)", "\($0.suppressed)",
                NumberText.fixed(Double($0.firstNanoseconds) / 1e9, decimals: 3),
                NumberText.fixed(Double($0.lastNanoseconds) / 1e9, decimals: 3),
              ])
            })))
    }
    let absent = summary.requested.filter { $0.value != "recorded" }.sorted { $0.key < $1.key }
    if !absent.isEmpty {
      blocks.append(.list(absent.map { "\($0.key): \($0.value)" }))
    }
    return blocks
  }
}
