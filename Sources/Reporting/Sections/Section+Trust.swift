import Analysis
import Measures
import Workloads

extension Section {
  /// 12. What a reader needs to believe or repeat this: runs, loss, recorder cost, kernel, machine,
  /// commands.
  static func trust(_ input: ReportInput) -> Section {
    var section = Section(id: "trust", title: "Trust")
    if let recording = input.recording {
      section.blocks.append(.facts(facts(recording, input)))
      if recording.isCutShort {
        section.blocks.append(
          .note(
            Note(.warning, "The recording was cut short; it is read up to its last whole block.")))
      }
      for limit in recording.limits {
        section.blocks.append(
          .note(Note(.warning, Prose(limit.prefix(1).uppercased() + limit.dropFirst() + "."))))
      }
      if !recording.losses.isEmpty { section.blocks.append(.table(losses(recording))) }
      if !recording.regimes.isEmpty {
        section.blocks.append(.paragraph("How each kind of lock was seen:"))
        section.blocks.append(.facts(sortedFacts(recording.regimes)))
      }
      if !recording.missingEvents.isEmpty {
        section.blocks.append(.paragraph("Events that were not recorded:"))
        section.blocks.append(.facts(sortedFacts(recording.missingEvents)))
      }
    } else {
      section.blocks.append(
        .note(
          Note(.missing, "a recording and what it says of itself.", command: "oslet record -d 10"))
      )
    }
    if let spread = spread(input) { section.blocks.append(.paragraph(spread)) }
    if !input.commands.isEmpty {
      section.blocks.append(.paragraph("To repeat this:"))
      section.blocks.append(.commands(input.commands.map(ShellCommand.quoted)))
    }
    return section
  }

  private static func facts(_ recording: RecordingFacts, _ input: ReportInput) -> [Fact] {
    var facts = [
      Fact(
        "runs",
        "\(input.recordings) \(input.recordings == 1 ? "recording" : "recordings")\(input.replications.map { ", \($0) replications a point" } ?? "")"
      ),
      Fact(
        "lost",
        """
        \(NumberText.whole(recording.lost)) of \(NumberText.whole(recording.events)) events \
        (\(NumberText.percent(recording.lossShare)), threshold \
        \(NumberText.percent(input.thresholds.lossShare)))
        """),
      Fact(
        "suppressed",
        "\(NumberText.whole(recording.suppressed)) events that the recorder itself raised"),
      Fact(
        "recorder cost",
        """
        \(recording.recorderNsPerEvent.map { NumberText.duration(Nanoseconds($0)) } ?? "unknown") \
        an event, \(recording.recorderCPUShare.map(NumberText.percent) ?? "unknown share") of all \
        CPU time
        """),
    ]
    if let own = input.findings?.recorder, own.contentions + own.wakeUps + own.calls > 0 {
      facts.append(
        Fact(
          "recorder's own",
          """
          \(NumberText.whole(own.contentions)) contentions \
          (\(NumberText.duration(Nanoseconds(own.waitNs)))), \(NumberText.whole(own.wakeUps)) wake-ups \
          and \(NumberText.whole(own.calls)) calls to other CPUs of those in this report
          """))
    }
    facts += [
      Fact("kernel", "\(recording.kernel) \(recording.architecture)"),
      Fact("config", Prose(recording.configText())),
    ]
    if !recording.parameters.isEmpty {
      facts.append(Fact("boot", Prose(recording.parameters.joined(separator: " "))))
    }
    facts.append(Fact("machine", Prose(recording.machineText)))
    facts.append(Fact("recorded by", Prose(ShellCommand.quoted(recording.command))))
    facts.append(Fact("written by", Prose(recording.writer)))
    return facts
  }

  private static func losses(_ recording: RecordingFacts) -> Table {
    let shown = recording.losses.prefix(24)
    let more = recording.losses.count - shown.count
    return Table(
      caption: Prose(
        "Events lost and suppressed, by CPU and kind"
          + (more > 0 ? "; \(more) more rows left out, oslet info has them." : ".")),
      columns: [.number("CPU"), .number("lost"), .number("suppressed"), .words("kind")],
      rows: shown.map {
        Table.Row([
          String($0.cpu), NumberText.whole($0.lost), NumberText.whole($0.suppressed), $0.kind,
        ])
      })
  }

  /// How wide the predicted intervals are.
  private static func spread(_ input: ReportInput) -> Prose? {
    let halves = (input.prediction?.points ?? []).compactMap(\.throughput)
      .map { ($0.high - $0.low) / 2 / $0.value }.filter(\.isFinite).sorted()
    guard let widest = halves.last else { return nil }
    return """
      Half-width of the predicted intervals: \(NumberText.percent(quantile(0.5, ofSorted: halves))) \
      in the median, \(NumberText.percent(widest)) at most, over \(halves.count) points.
      """
  }

  private static func sortedFacts(_ values: [String: String]) -> [Fact] {
    values.sorted { $0.key < $1.key }.map { Fact($0.key, Prose($0.value)) }
  }
}
