import Measures
import Workloads

extension Section {
  /// 10. What loses, and at which sizes; 1 to 4 CPUs are always shown.
  static func losses(_ input: ReportInput) -> Section {
    var section = Section(id: "losses", title: "What loses, and at which sizes")
    guard let prediction = input.prediction else {
      section.blocks.append(
        .note(Note(.missing, "a prediction.", command: "oslet report --cpus 1,2,4,8,64")))
      return section
    }
    let comparisons = prediction.layoutNames.filter { $0 != Prediction.control }.flatMap { name in
      prediction.sizes.compactMap { Comparison(name, $0, in: prediction) }
    }
    guard !comparisons.isEmpty else {
      section.blocks.append(
        .note(
          Note(
            .missing, "one image and another layout at a common size.",
            command: "oslet report --cpus 1,2,4,8,64 --layout one --layout 4x")))
      return section
    }
    let losing = comparisons.filter { $0.outcome == .loss }
    if losing.isEmpty {
      section.blocks.append(
        .paragraph("At no size predicted does a layout lose to one image beyond the intervals."))
    } else {
      section.blocks.append(
        .paragraph(
          """
          \(strong: "\(losing.count) of \(comparisons.count)") comparisons lose to one image beyond \
          the intervals.
          """))
    }
    section.blocks.append(.table(table(comparisons, prediction)))
    let small = [1, 2, 4].filter { !prediction.sizes.contains($0) }
    if !small.isEmpty {
      section.blocks.append(
        .note(
          Note(
            .missing, "\(small.map(String.init).joined(separator: ", ")) CPUs.",
            command: "oslet report --cpus 1,2,4,\(prediction.sizes.last ?? 64)")))
    }
    return section
  }

  /// One row a layout: 1, 2 and 4 CPUs as far as they were predicted, then every size that loses.
  private static func table(_ comparisons: [Comparison], _ prediction: Prediction) -> Table {
    let small = prediction.sizes.filter { $0 <= 4 }
    let names = prediction.layoutNames.filter { name in comparisons.contains { $0.layout == name } }
    return Table(
      caption: """
        Throughput over one image; = where the intervals overlap, * where the layout loses.
        """,
      columns: [.words("layout")] + small.map { .number("\($0) CPU\($0 == 1 ? "" : "s")") }
        + [.number("worst"), .words("loses at CPUs")],
      rows: names.map { name in
        let own = comparisons.filter { $0.layout == name }
        let cells = small.map { cpus in own.first { $0.cpus == cpus }.map(marked) ?? "-" }
        let worst = own.min { $0.ratio.value < $1.ratio.value }
        let losing = own.filter { $0.outcome == .loss }.map { String($0.cpus) }
        return Table.Row(
          [name] + cells + [
            worst.map { "\(marked($0)) at \($0.cpus)" } ?? "-",
            losing.isEmpty ? "none" : losing.joined(separator: ", "),
          ], isStrong: !losing.isEmpty)
      })
  }

  private static func marked(_ comparison: Comparison) -> String {
    let ratio = NumberText.factor(comparison.ratio.value)
    switch comparison.outcome {
    case .gain: return ratio
    case .loss: return ratio + "*"
    case .undecided: return ratio + "="
    }
  }
}
