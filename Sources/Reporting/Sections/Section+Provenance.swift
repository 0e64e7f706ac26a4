import Analysis
import Measures
import Workloads

extension Section {
  /// 11. Which numbers were measured and which predicted, by which suppositions.
  static func provenance(_ input: ReportInput) -> Section {
    var section = Section(id: "provenance", title: "Measured or predicted")
    var rows: [Table.Row] = []
    if input.findings != nil {
      rows.append(Table.Row(["measured", "waits, call sites, IPI and TLB counts", "recording"]))
      rows.append(Table.Row(["inferred", "hold times", "gaps between releases under backlog"]))
      rows.append(Table.Row(["inferred", "think times", "closed queue solved for measured waits"]))
    }
    if let measured = input.measuredThroughput {
      rows.append(
        Table.Row(["measured", "throughput as recorded: \(NumberText.rate(measured))", "recording"])
      )
    }
    if let prediction = input.prediction {
      let recorded = prediction.backtest?.cpus ?? input.recording?.cpus
      let sizes = prediction.sizes
      if let recorded, sizes.contains(recorded) {
        rows.append(
          Table.Row([
            "predicted", "throughput at \(recorded) CPUs", "also measured: see the back-test",
          ]))
      }
      let others = sizes.filter { $0 != recorded }.map(String.init).joined(separator: ", ")
      if !others.isEmpty {
        rows.append(
          Table.Row(["predicted", "throughput at \(others) CPUs", "engine \(prediction.engine)"]))
      }
    }
    if let machine = input.machine {
      rows.append(
        Table.Row([
          "given", "line transfer, IPI and message costs",
          machine.sources.isEmpty ? "machine file, no source named" : "see the sources below",
        ]))
    }
    rows += input.baselines.map { Table.Row(["fitted", $0.name, $0.remark]) }
    if rows.isEmpty {
      section.blocks.append(
        .note(Note(.missing, "a recording or a prediction.", command: "oslet record -d 10")))
      return section
    }
    section.blocks.append(
      .table(
        Table(
          caption: "Where each number comes from.",
          columns: [.words("kind"), .words("number"), .words("from")], rows: rows)))
    if let bounds = bounds(input) { section.blocks.append(.paragraph(bounds)) }
    if let unknown = unknown(input) { section.blocks.append(.paragraph(unknown)) }
    section.blocks.append(.paragraph("The predictions suppose:"))
    section.blocks.append(.list(assumptions(input)))
    if let check = crossCheck(input) { section.blocks.append(check) }
    let refusals = input.layouts.flatMap { layout in
      layout.refusals.map { Prose("\(code: layout.name): \($0)") }
    }
    if !refusals.isEmpty {
      section.blocks.append(.paragraph("What the layouts refuse or bend:"))
      section.blocks.append(.list(refusals))
    }
    if let sources = input.machine?.sources, !sources.isEmpty {
      section.blocks.append(.paragraph("Sources of the machine's costs:"))
      section.blocks.append(.list(sources.map { Prose($0) }))
    }
    return section
  }

  /// The control at the largest size with what the recording leaves open at its best and worst.
  static func bounds(_ input: ReportInput) -> Prose? {
    guard let prediction = input.prediction,
      let point = prediction.points.last(where: { $0.layout == Prediction.control }),
      let bounds = point.throughputBounds
    else { return nil }
    return """
      What the recording leaves open (demands, scopes, locks unknown) puts \
      \(code: point.layout) at \(point.cpus) CPUs anywhere from \(NumberText.rate(bounds.low)) to \
      \(NumberText.rate(bounds.high)); the intervals of the other sections hold the noise of the \
      simulation alone.
      """
  }

  /// Waiting at locks that nothing named: no sampled stack, no static variable, no hint.
  private static func unknown(_ input: ReportInput) -> Prose? {
    guard let findings = input.findings else { return nil }
    let nameless = findings.classes.filter { $0.name.contains(", unsampled") }
    let share = nameless.reduce(0) { $0 + $1.share }
    return """
      Unknown: \(NumberText.percent(share)) of the wait time is at locks without a name \
      (\(nameless.count) of \(findings.classes.count) classes); the truth lies between all of them \
      private and all of them at one owner.
      """
  }

  private static func assumptions(_ input: ReportInput) -> [Prose] {
    var items: [Prose] = []
    switch input.prediction?.load {
    case .replicate:
      items.append(
        """
        The load grows with the machine: N/n copies of the recorded tasks on N CPUs; locks of a \
        process or narrower are copied with them, those of the whole kernel are shared.
        """)
    case .fixed: items.append("The load stays: the recorded tasks on more CPUs.")
    case nil: break
    }
    if let rule = input.extrapolation { items.append(Prose("Machine: \(rule)")) }
    items += input.assumptions.map { Prose($0) }
    items.append(
      "Memory bandwidth and last-level caches are as in the recording; no layout adds any.")
    return items
  }

  /// How far the other engine is off, over the points both gave; a warning where that is more than a
  /// back-test may be.
  private static func crossCheck(_ input: ReportInput) -> Block? {
    guard let prediction = input.prediction, let other = input.crossCheck else { return nil }
    let errors = prediction.points.compactMap { point -> (Double, PredictionPoint)? in
      guard let here = point.throughput,
        let there = other.point(point.layout, point.cpus)?.throughput
      else { return nil }
      return ((there.value / here.value - 1).magnitude, point)
    }
    guard let worst = errors.max(by: { $0.0 < $1.0 }) else { return nil }
    let median = quantile(0.5, ofSorted: errors.map(\.0).sorted())
    let text: Prose = """
      The engines \(prediction.engine) and \(other.engine) differ by \(NumberText.percent(median)) \
      in the median over \(errors.count) points, at most by \(NumberText.percent(worst.0)) \
      (\(code: worst.1.layout) at \(worst.1.cpus) CPUs).
      """
    return median <= input.thresholds.throughputError
      ? .paragraph(text) : .note(Note(.warning, text))
  }
}
