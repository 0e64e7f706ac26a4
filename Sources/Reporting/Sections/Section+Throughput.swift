import Measures
import Workloads

extension Section {
  /// 6. Throughput against CPUs per layout, the cliff, the first resource to saturate and the next.
  static func throughput(_ input: ReportInput, _ claim: Claim) -> Section {
    var section = Section(id: "throughput", title: "Throughput against CPUs")
    guard let prediction = input.prediction, !prediction.points.isEmpty else {
      section.blocks.append(
        .note(
          Note(
            .missing, "a prediction.",
            command: "oslet report --cpus 1..1024 --layout one --layout 4x --layout by=l3")))
      return section
    }
    if claim.isWithheld {
      section.blocks.append(
        .note(
          Note(
            .warning, "Not to be concluded from: \(claim.objections.joined(separator: "; ")).")))
    }
    section.blocks.append(.curves(chart(prediction, input)))
    section.blocks.append(.table(throughputTable(prediction, input)))
    if let progress = GroupProgress(prediction, claim) {
      section.blocks.append(.table(progress.table))
    }
    section.blocks.append(.table(limits(prediction)))
    if let moved = movedBottleneck(prediction, claim) { section.blocks.append(.paragraph(moved)) }
    if let next = next(prediction) { section.blocks.append(.table(next)) }
    if let bars = shares(prediction) { section.blocks.append(.bars(bars)) }
    section.blocks += input.baselines.map { .paragraph("\($0.name): \($0.remark)") }
    return section
  }

  private static func chart(_ prediction: Prediction, _ input: ReportInput) -> CurveChart {
    var curves = prediction.layoutNames.map { name in
      CurveChart.Curve(
        name: name, role: name == Prediction.control ? .control : .alternative,
        points: prediction.points(of: name).compactMap { point in
          point.throughput.map { CurveChart.Point(cpus: point.cpus, value: $0) }
        },
        cliffCPUs: prediction.cliffCPUs(of: name))
    }
    curves += input.baselines.map { baseline in
      CurveChart.Curve(
        name: baseline.name, role: .baseline,
        points: baseline.points.map {
          CurveChart.Point(cpus: $0.cpus, value: Interval(exactly: $0.throughputPerSecond))
        })
    }
    curves.sort { $0.role == .control && $1.role != .control }
    let ends = curves.compactMap { curve in
      curve.points.last.map { "\(curve.name) \(NumberText.rate($0.value)) at \($0.cpus)" }
    }
    return CurveChart(
      title: "Throughput against CPUs",
      summary: "Ends of the curves: " + ends.joined(separator: "; ") + ".",
      unit: "\(input.operationName)/s", curves: curves,
      recordedCPUs: input.prediction?.backtest?.cpus ?? input.recording?.cpus,
      measured: input.measuredThroughput)
  }

  private static func throughputTable(_ prediction: Prediction, _ input: ReportInput) -> Table {
    let names = prediction.layoutNames
    let baselines = input.baselines
    return Table(
      caption: """
        \(input.operationName)/s, higher is better; +- is the half-width of the \
        \(NumberText.fixed(input.confidence * 100, decimals: 0)) % interval where it is over 1 %.
        """,
      columns: [.number("CPUs")] + (names + baselines.map(\.name)).map { .number($0) },
      rows: prediction.sizes.map { cpus in
        let predicted = names.map { name in
          prediction.point(name, cpus)?.throughput.map(spread) ?? "-"
        }
        let fitted = baselines.map { baseline in
          baseline.points.first { $0.cpus == cpus }
            .map { NumberText.count($0.throughputPerSecond) } ?? "-"
        }
        return Table.Row([String(cpus)] + predicted + fitted)
      })
  }

  /// `5.10 M +-4%`, the form of the kernel test robot's tables.
  private static func spread(_ rate: Interval) -> String {
    let half = max(rate.high - rate.value, rate.value - rate.low) / rate.value
    let text = NumberText.count(rate.value)
    guard half >= 0.01 else { return text }
    return half.isFinite ? "\(text) +-\(NumberText.fixed(half * 100, decimals: 0))%" : "\(text) +-?"
  }

  private static func limits(_ prediction: Prediction) -> Table {
    Table(
      caption: """
        Where throughput peaks (the cliff); the smallest size at which a resource is busy \
        \(NumberText.percent(saturated)) of the time; the busiest resource there, or at the largest \
        size, and the next after it.
        """,
      columns: [
        .words("layout"), .number("cliff"), .number("saturates at"), .words("busiest"),
        .words("next"),
      ],
      rows: prediction.layoutNames.map { name in
        let points = prediction.points(of: name)
        let full = points.first { ($0.binding.first?.busy ?? 0) >= saturated }
        let binding = (full ?? points.last)?.binding ?? []
        return Table.Row([
          name, prediction.cliffCPUs(of: name).map(String.init) ?? "none",
          full.map { String($0.cpus) } ?? "-", binding.first?.text ?? "nothing shared",
          binding.dropFirst().first?.text ?? "-",
        ])
      })
  }

  /// What binds after the best layout or fix took the first bottleneck away.
  private static func movedBottleneck(_ prediction: Prediction, _ claim: Claim) -> Prose? {
    guard let best = claim.best,
      let before = prediction.point(Prediction.control, best.cpus)?.binding.first,
      let after = prediction.point(best.layout, best.cpus)?.binding.first
    else { return nil }
    if before.name == after.name {
      return """
        The same resource is the busiest in one image and under \(code: best.layout) at \
        \(best.cpus) CPUs: \(before.text) before, \(after.text) after.
        """
    }
    return """
      The bottleneck moves: at \(best.cpus) CPUs one image is held by \(strong: before.text), \
      \(code: best.layout) next by \(strong: after.text).
      """
  }

  /// Where the CPU time goes at the largest size.
  private static func shares(_ prediction: Prediction) -> BarChart? {
    guard let cpus = prediction.sizes.last else { return nil }
    let bars = prediction.layoutNames.compactMap { name -> BarChart.Bar? in
      guard let point = prediction.point(name, cpus) else { return nil }
      let share = point.cpuShare
      return BarChart.Bar(
        name: name,
        parts: [
          share.useful, share.lockWait, share.lineTransfer, share.ipi, share.message, share.idle,
        ],
        label: "\(NumberText.percent(share.useful)) useful")
    }
    guard !bars.isEmpty else { return nil }
    let names = ["useful", "lock wait", "line transfer", "IPI", "message", "idle"]
    return BarChart(
      title: "Where CPU time goes at \(cpus) CPUs",
      summary: bars.map { "\($0.name): \($0.label)" }.joined(separator: "; ") + ".",
      series: zip(names, BarChart.Tone.allCases).map { BarChart.Series(name: $0, tone: $1) },
      bars: bars)
  }
}
