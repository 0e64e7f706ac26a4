import Measures
import Workloads

extension Section {
  /// 5. What becomes private, what stays shared, what crosses; weighed by the waiting in one image.
  ///
  /// The weight answers D. Miller's objection of 2001 (path lookup stays shared, so a partition
  /// does not help it; 20011204.220511.71088411.davem@redhat.com).
  static func sharing(_ input: ReportInput, _ claim: Claim) -> Section {
    var section = Section(id: "sharing", title: "What becomes private, what crosses")
    let layouts = input.layouts.filter { !$0.isConventional && $0.oslets > 1 }
    guard !layouts.isEmpty else {
      section.blocks.append(
        .note(
          Note(
            .missing, "a layout of more than one OSlet.",
            command: "oslet report --layout one --layout 4x")))
      return section
    }
    let weights = waitByClass(input)
    section.blocks.append(
      .table(
        Table(
          caption: weights.isEmpty
            ? "Classes by what becomes of them."
            : "Share of one image's waiting by what becomes of its class; counts of classes behind.",
          columns: [
            .words("layout"), .number("OSlets"), .number("private"), .number("crosses"),
            .number("stays shared"),
          ],
          rows: layouts.map { layout in
            let groups = Fate.allCases.map { fate in
              layout.classes.filter { Fate($0.sharing) == fate }
            }
            let total = layout.classes.reduce(0) { $0 + (weights[$1.name] ?? 0) }
            return Table.Row(
              [layout.name, String(layout.oslets)]
                + groups.map { classes in
                  let weight = classes.reduce(0) { $0 + (weights[$1.name] ?? 0) }
                  return total > 0
                    ? "\(NumberText.percent(weight / total)) (\(classes.count))"
                    : String(classes.count)
                },
              isStrong: layout.name == claim.best?.layout)
          })))
    let detailed = layouts.first { $0.name == claim.best?.layout } ?? layouts[0]
    section.blocks.append(.table(classTable(detailed, weights)))
    return section
  }

  /// What becomes of a class, in three words.
  private enum Fate: CaseIterable {
    case isPrivate, crosses, shared

    init(_ sharing: ClassPolicy.Sharing) {
      switch sharing {
      case .private: self = .isPrivate
      case .owned, .door, .replicated, .striped: self = .crosses
      case .hardwareShared: self = .shared
      }
    }
  }

  /// Time waited a second for each class in one image at the largest size predicted.
  private static func waitByClass(_ input: ReportInput) -> [String: Double] {
    guard let point = input.prediction?.points(of: Prediction.control).last else { return [:] }
    return point.classes.reduce(into: [:]) { waits, entry in
      let wait = entry.acquisitionsPerSecond * entry.waitNsMean
      if wait.isFinite, wait > 0 { waits[entry.name] = wait }
    }
  }

  private static func classTable(_ layout: LayoutFacts, _ weights: [String: Double]) -> Table {
    let total = weights.values.sorted().reduce(0, +)
    let ranked = layout.classes.sorted {
      (weights[$1.name] ?? 0, $0.name) < (weights[$0.name] ?? 0, $1.name)
    }
    let shown = ranked.prefix(12)
    let hidden = ranked.count - shown.count
    return Table(
      caption: """
        Layout \(code: layout.name) at \(layout.cpus) CPUs, class by class\
        \(hidden > 0 ? ", the \(shown.count) with most waiting" : "").
        """,
      columns: [
        .number("wait share"), .number("instances"), .words("policy"), .words("message"),
        .words("scope"), .words("class"),
      ],
      rows: shown.map { entry in
        Table.Row([
          total > 0 ? NumberText.percent((weights[entry.name] ?? 0) / total) : NumberText.none,
          NumberText.whole(entry.instances), entry.sharing.rawValue,
          Fate(entry.sharing) == .crosses && entry.sharing != .door ? entry.message.rawValue : "-",
          entry.scope.rawValue, entry.name,
        ])
      })
  }
}
