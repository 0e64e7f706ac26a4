import Measures
import Workloads

extension Section {
  /// 8. The same gain by which conventional fix.
  ///
  /// M. Bligh's objection on LKML in December 2001: per-node structures in one kernel reach the same
  /// place (2527982215.1007550329@mbligh.des.sequent.com).
  static func fixes(_ input: ReportInput, _ claim: Claim) -> Section {
    var section = Section(id: "fixes", title: "The same gain by conventional means")
    guard let prediction = input.prediction, let best = claim.best else {
      section.blocks.append(.note(missing(nil)))
      return section
    }
    let hottest = prediction.point(Prediction.control, best.cpus)?.binding.first { $0.busy != nil }?
      .name
    let comparisons = prediction.layoutNames
      .filter { prediction.isConventional($0, input.layouts) }
      .compactMap { Comparison($0, best.cpus, in: prediction) }
    guard !comparisons.isEmpty else {
      section.blocks.append(.note(missing(hottest)))
      return section
    }
    let gain = best.ratio.value - 1
    section.blocks.append(
      .table(
        Table(
          caption: """
            One image with one fix, at \(best.cpus) CPUs, beside the best layout. Share is how much \
            of the layout's gain the fix takes.
            """,
          columns: [
            .words("layout"), .number("throughput"), .number("over one image"), .number("share"),
            .words("next held by"),
          ],
          rows: (comparisons + [best]).map { comparison in
            let next = prediction.point(comparison.layout, best.cpus)?.binding.first
            return Table.Row(
              [
                comparison.layout, NumberText.rate(comparison.throughput.value),
                NumberText.factor(comparison.ratio),
                gain > 0
                  ? NumberText.percent((comparison.ratio.value - 1) / gain) : NumberText.none,
                next?.text ?? "-",
              ], isStrong: comparison.layout == best.layout)
          })))
    return section
  }

  private static func missing(_ hottest: String?) -> Note {
    let name = hottest ?? "CLASS"
    let layouts = ["one+numa-handover", "one+shard:\(name)=16", "one+percpu:\(name)"]
    let arguments =
      ["oslet", "report", "--layout", "one", "--layout", "4x"]
      + layouts.flatMap { ["--layout", $0] }
    return Note(
      .missing, "conventional fixes to compare with; a reviewer will ask for them.",
      command: ShellCommand.quoted(arguments))
  }
}
