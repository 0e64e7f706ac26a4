import Measures
import Workloads

extension Section {
  /// 3. The recorded image replayed at the recorded size, against what was measured.
  static func backtest(_ input: ReportInput) -> Section {
    var section = Section(id: "back-test", title: "Back-test")
    guard let test = input.prediction?.backtest else {
      section.blocks.append(
        .note(
          Note(
            .missing,
            input.prediction == nil
              ? "a prediction."
              : "a measurement to test against; the workload was not inferred from a recording.",
            command: "oslet report -i oslet.data")))
      return section
    }
    let limits = input.thresholds
    let holds =
      test.throughputRelativeError.magnitude <= limits.throughputError
      && test.waitRelativeError.magnitude <= limits.waitError
    section.blocks.append(
      .paragraph(
        """
        One image replayed at the \(test.cpus) CPUs that were recorded \
        \(strong: holds ? "agrees" : "does not agree") with the measurement: throughput \
        \(NumberText.change(test.throughputRelativeError)) (threshold \
        \(NumberText.percent(limits.throughputError))), waiting \
        \(NumberText.change(test.waitRelativeError)) (threshold \
        \(NumberText.percent(limits.waitError))).
        """))
    if !test.classes.isEmpty {
      section.blocks.append(
        .table(
          Table(
            caption: "Mean wait per contention, measured and predicted.",
            columns: [
              .number("measured"), .number("predicted"), .number("change"), .words("class"),
            ],
            rows: test.classes.map { error in
              Table.Row([
                NumberText.duration(Nanoseconds(error.measuredNs)),
                NumberText.duration(Nanoseconds(error.predictedNs)),
                error.measuredNs > 0
                  ? NumberText.change(error.predictedNs / error.measuredNs - 1) : NumberText.none,
                error.name,
              ])
            })))
    }
    return section
  }
}
