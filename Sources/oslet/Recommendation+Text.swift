import Measures
import Reporting
import Workloads

extension Recommendation {
  /// What a person reads: the front, the smallest change, what was tried besides.
  var document: Document {
    Document(
      title: "OSlet recommendation: \(workload)", subtitle: "\(cpus) CPUs of \(machine)",
      sections: [
        Section(id: "change", title: "The smallest change", blocks: [.lead(sentence), supposed]),
        Section(id: "front", title: "What nothing else beats", blocks: [table(of: front)]),
        Section(id: "others", title: "Beaten", blocks: [table(of: beaten)]),
      ])
  }

  private var front: [Entry] { [control] + candidates.filter(\.isOnFront) }
  private var beaten: [Entry] { candidates.filter { !$0.isOnFront } }

  private var sentence: Prose {
    guard let name = smallestChange, let best = candidates.first,
      let entry = candidates.first(where: { $0.layout == name })
    else {
      return "Nothing that was tried does more than one image."
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
      asked. The replay played the best three and the smallest change where its column \
      has a number.
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
            ], isStrong: entry.layout == smallestChange)
        }))
  }

  private func replayedRatio(_ entry: Entry) -> Double? {
    guard let own = entry.replayed?.value, let base = control.replayed?.value, base > 0 else {
      return nil
    }
    return own / base
  }
}
