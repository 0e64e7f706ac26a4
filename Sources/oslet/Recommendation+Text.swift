import Measures
import Reporting
import Workloads

extension Recommendation {
  /// What a person reads: the front, the smallest change, what was tried besides.
  var document: Document {
    Document(
      title: "OSlet recommendation: \(workload)", subtitle: "\(cpus) CPUs of \(machine)",
      sections: [
        Section(
          id: "change", title: "The smallest change",
          blocks: [
            .lead(sentence(smallestChange, of: candidates, or: "Nothing that was tried")),
            .paragraph(sentence(smallestLayout, of: layouts, or: "No layout of several images")),
          ] + ending + [supposed]),
        Section(id: "front", title: "What nothing else beats", blocks: [table(of: front)]),
        Section(
          id: "layout-front", title: "What no layout of several images beats",
          blocks: [table(of: [control] + layouts.filter(\.isOnLayoutFront))]),
        Section(id: "others", title: "Beaten", blocks: [table(of: beaten)]),
      ])
  }

  private var front: [Entry] { [control] + candidates.filter(\.isOnFront) }
  private var layouts: [Entry] { candidates.filter { $0.oslets > 1 } }
  private var beaten: [Entry] { candidates.filter { !$0.isOnFront && !$0.isOnLayoutFront } }

  /// Where the gain of the smallest layout ends.
  private var ending: [Block] {
    guard let breakEven else { return [] }
    func text(_ interval: Interval?, _ unit: (Double) -> String) -> String {
      guard let interval else { return "any" }
      return "\(unit(interval.value)) (\(unit(interval.low))..\(unit(interval.high)))"
    }
    let share = text(breakEven.crossingShare) { NumberText.percent($0) }
    let price = text(breakEven.messageNs) { NumberText.duration(Nanoseconds($0)) }
    return [
      .paragraph(
        """
        Break-even of \(code: breakEven.layout): its gain is gone where \(strong: share) of those \
        acquisitions cross, or, where \(NumberText.percent(crossing)) do, at a message round trip of \
        \(strong: price). "any": it gains whatever the value.
        """)
    ]
  }

  private func sentence(_ name: String?, of entries: [Entry], or nothing: String) -> Prose {
    guard let name, let best = entries.first,
      let entry = entries.first(where: { $0.layout == name })
    else {
      return "\(nothing) does more than one image."
    }
    let taken = (entry.ratio - 1) / (best.ratio - 1)
    let images = entry.oslets > 1 ? "\(entry.oslets) OSlets" : "one image"
    return """
      \(code: name) (\(images)) takes \(NumberText.percent(taken)) of the gain of the best, \
      \(code: best.layout): \(NumberText.factor(entry.ratio)) against \
      \(NumberText.factor(best.ratio)) the throughput of one image.
      """
  }

  private var supposed: Block {
    .paragraph(
      """
      By the closed-form model, with \(NumberText.percent(crossing)) of the acquisitions of private \
      classes of the image or a file system crossing: a supposition, as a recording of one image \
      does not show it. Fixes are taken at their best: whether the kernel can be changed so is not \
      asked. The replay played the best three and the smallest changes where its \
      column has a number.
      """)
  }

  private func table(of entries: [Entry]) -> Block {
    guard !entries.isEmpty else { return .paragraph("None.") }
    return .table(
      Table(
        caption: """
          Operations a second, more is better, and the factor over one image; the front trades them \
          against the share of acquisitions that cross and the number of images.
          """,
        columns: [
          .words("layout"), .number("images"), .number("crossing"), .number("model"),
          .number("factor"), .number("replay"), .number("factor"),
        ],
        rows: entries.map { entry in
          Table.Row(
            [
              entry.layout, String(entry.oslets), NumberText.percent(entry.crossingShare),
              NumberText.rate(entry.throughput.value), NumberText.factor(entry.ratio),
              entry.replayed.map { NumberText.rate($0.value) } ?? "-",
              replayedRatio(entry).map { NumberText.factor($0) } ?? "-",
            ], isStrong: [smallestChange, smallestLayout].contains(entry.layout))
        }))
  }

  private func replayedRatio(_ entry: Entry) -> Double? {
    guard let own = entry.replayed?.value, let base = control.replayed?.value, base > 0 else {
      return nil
    }
    return own / base
  }
}
