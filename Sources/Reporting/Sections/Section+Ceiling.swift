import Analysis
import Measures
import Workloads

extension Section {
  /// 2. The most that any layout could win on the machine as recorded, before anything is predicted.
  ///
  /// Asked for by R. Phillips's objection on LKML ("Scaling noise", September 2003): where locking
  /// takes less than 1 % of the CPU there is nothing to win.
  static func ceiling(_ input: ReportInput) -> Section {
    var section = Section(id: "ceiling", title: "Ceiling on the recorded machine")
    if let findings = input.findings {
      let parts = findings.ceiling
      let waiting = parts.lockWaitShare + parts.untracedLockWaitShare
      let total = waiting + parts.lineTransferShare + parts.ipiShare + parts.untracedShare
      let first =
        parts.untracedLockWaitShare > 0
        ? """
        , of which \(NumberText.percent(parts.untracedLockWaitShare)) are first waiters that the \
        kernel does not trace
        """ : ""
      let slower =
        parts.untracedShare > 0
        ? """
         \(NumberText.percent(parts.untracedShare)) of it passed no tracepoint: by so much tasks are \
        slower beside others than in the moments in which they were alone, less what is traced. It \
        is taken for lines that no lock guards; writers that spin for an rwsem look the same.
        """ : ""
      section.blocks.append(
        .paragraph(
          """
          Of the CPU time \(parts.cpuTimeIsBusy ? "that was busy" : "recorded, idle time included,") \
          \(strong: NumberText.percent(total)) went into waiting for locks \
          (\(NumberText.percent(waiting))\(first)), moving cache lines \
          (\(NumberText.percent(parts.lineTransferShare)), an estimate) and inter-processor \
          interrupts (\(NumberText.percent(parts.ipiShare))).\(slower) No layout can win back more CPU time \
          than this: at most \(NumberText.factor(Self.bound(total))) the throughput while CPUs are \
          the limit.
          """))
      if parts.lockSleepRatio > 0 {
        section.blocks.append(
          .paragraph(
            """
            Sleeping for locks came to \(NumberText.percent(parts.lockSleepRatio)) of that CPU time \
            besides: no CPU was spent, but progress waited, and what a layout wins of that comes on \
            top.
            """))
      }
      if total < 0.01, parts.lockSleepRatio < 0.01 {
        section.blocks.append(
          .note(
            Note(
              .remark,
              """
              Below 1 % there is little to win at this size; whatever is claimed for larger machines \
              rests on the prediction alone.
              """)))
      }
    } else {
      section.blocks.append(
        .note(
          Note(
            .missing, "the analysis of a recording, which holds the ceiling.",
            command: "oslet record -d 10 && oslet report -i oslet.data")))
    }
    if let table = predictedCeiling(input) { section.blocks.append(.table(table)) }
    return section
  }

  /// Throughput over today's if a share `total` of the CPU time came back: 1 / (1 - total).
  private static func bound(_ total: Double) -> Double {
    total >= 1 ? .infinity : 1 / (1 - total)
  }

  /// How the ceiling grows with the machine while it stays one image.
  private static func predictedCeiling(_ input: ReportInput) -> Table? {
    guard let points = input.prediction?.points(of: Prediction.control), !points.isEmpty else {
      return nil
    }
    return Table(
      caption: "The same shares predicted for one image, % of CPU time.",
      columns: [
        .number("CPUs"), .number("lock wait"), .number("line transfer"), .number("IPI"),
        .number("sum"), .number("at most"),
      ],
      rows: points.map { point in
        let share = point.cpuShare
        return Table.Row([
          String(point.cpus), NumberText.percent(share.lockWait),
          NumberText.percent(share.lineTransfer), NumberText.percent(share.ipi),
          NumberText.percent(point.overhead), NumberText.factor(bound(point.overhead)),
        ])
      })
  }
}
