import Measures
import Workloads

extension Section {
  /// 9. The crossing share or message cost at which the gain is zero.
  static func breakEven(_ input: ReportInput, _ claim: Claim) -> Section {
    var section = Section(id: "break-even", title: "Break-even")
    if !input.breakEvens.isEmpty {
      section.blocks.append(
        .table(
          Table(
            caption: """
              The crossing share of private classes of the whole image or a file system, and the \
              message round trip\(stated(input.breakEvens)), at which the layout does what one image \
              does. The gain to lose is the one predicted above; how fast crossings eat it is the \
              closed-form model's, solved again and again. The range is where the gain's interval \
              and the model's stated approximation, for and against the layout, put that point.
              """,
            columns: [
              .words("layout"), .number("CPUs"), .number("crossing share"),
              .number("message round trip"),
            ],
            rows: input.breakEvens.map { point in
              Table.Row([
                point.layout, String(point.cpus), point.crossingShare.map(share) ?? "gains at any",
                point.messageNs.map(span) ?? "gains at any",
              ])
            })))
    }
    let estimates = arithmetic(input, claim)
    section.blocks += estimates
    if input.breakEvens.isEmpty {
      section.blocks.append(
        .note(
          Note(
            .missing,
            estimates.isEmpty
              ? "a layout with a gain that crossings could eat."
              : "break-even by repeated prediction, which counts the queue at the owner too.",
            command: "oslet recommend -i oslet.data")))
    }
    return section
  }

  private static func stated(_ points: [BreakEven]) -> String {
    points.lazy.compactMap(\.messageCrossingShare).first.map {
      " (where \(NumberText.percent($0)) cross)"
    } ?? ""
  }

  private static func share(_ interval: Interval) -> String {
    """
    \(NumberText.percent(interval.value)) (\(NumberText.percent(interval.low))..\
    \(NumberText.percent(interval.high)))
    """
  }

  private static func span(_ interval: Interval) -> String {
    func text(_ ns: Double) -> String { NumberText.duration(Nanoseconds(ns)) }
    return "\(text(interval.value)) (\(text(interval.low))..\(text(interval.high)))"
  }

  /// What a layout saves an operation in CPU time, and how many messages that pays for.
  ///
  /// CPU time an operation is N / X; the saving is the difference between one image and the layout,
  /// the messages it already sends paid. Extra messages cost their round trip and nothing else: an
  /// upper bound, since a queue at the owner is left out.
  private static func arithmetic(_ input: ReportInput, _ claim: Claim) -> [Block] {
    guard let prediction = input.prediction, let cost = input.machine?.message else { return [] }
    let rows = prediction.layoutNames.compactMap { name -> Table.Row? in
      guard name != Prediction.control, !prediction.isConventional(name, input.layouts),
        let cpus = claim.best?.cpus, let comparison = Comparison(name, cpus, in: prediction),
        comparison.outcome == .gain
      else { return nil }
      let nanoseconds = Double(cpus) * 1e9
      let saved = Nanoseconds(
        nanoseconds / comparison.control.value - nanoseconds / comparison.throughput.value)
      let sent =
        (prediction.point(name, cpus)?.messagesPerSecond ?? 0) / comparison.throughput.value
      return Table.Row([
        name, NumberText.duration(saved), NumberText.significant(sent),
        cost.polled.value > 0 ? NumberText.significant(saved / cost.polled) : NumberText.none,
        cost.notified.value > 0 ? NumberText.significant(saved / cost.notified) : NumberText.none,
        sent > 0 ? "+" + NumberText.duration(Nanoseconds(saved.value / sent)) : "-",
      ])
    }
    guard !rows.isEmpty else { return [] }
    return [
      .table(
        Table(
          caption: """
            By arithmetic at \(claim.best?.cpus ?? 0) CPUs, an upper bound: CPU time saved per operation, and how many more message \
            round trips per operation (polled \(NumberText.duration(cost.polled)), notified \
            \(NumberText.duration(cost.notified))) would eat it; and by how much the messages sent \
            now may become dearer.
            """,
          columns: [
            .words("layout"), .number("saved"), .number("sent now"), .number("polled"),
            .number("notified"), .number("dearer by"),
          ], rows: rows))
    ]
  }
}
