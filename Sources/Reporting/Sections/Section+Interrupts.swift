import Analysis
import Measures

extension Section {
  /// Who interrupts whom: the part of section 4 that is not about locks.
  static func interrupts(_ findings: Findings) -> [Block] {
    let ipi = findings.ipi
    guard ipi.sent > 0 || ipi.received > 0 else {
      return [.paragraph("No inter-processor interrupts were recorded.")]
    }
    let perSecond = Rate(count: Double(ipi.sent), over: Nanoseconds(findings.durationNs))
    var blocks: [Block] = [
      .paragraph(
        """
        \(NumberText.tally(ipi.sent)) inter-processor interrupts were asked for \
        (\(NumberText.rate(perSecond.perSecond))), \(NumberText.tally(ipi.reschedules)) of \
        them reschedules. From request to handler: \
        \(NumberText.duration(Nanoseconds(ipi.latency.p50))) median, \
        \(NumberText.duration(Nanoseconds(ipi.latency.p99))) at the 99th percentile; the targets \
        spent \(NumberText.duration(Nanoseconds(ipi.handlerNs))) in handlers.
        """),
      .heatMap(matrix(ipi)),
    ]
    if !ipi.byFunction.isEmpty { blocks.append(.table(functions(ipi))) }
    if findings.tlb.flushes > 0 { blocks.append(.table(flushes(findings.tlb))) }
    return blocks
  }

  private static func matrix(_ ipi: InterruptFindings) -> HeatMap {
    var most: (sender: Int, target: Int, count: UInt64) = (0, 0, 0)
    for (sender, row) in ipi.matrix.enumerated() {
      for (target, count) in row.enumerated() where count > most.count {
        most = (sender, target, count)
      }
    }
    return HeatMap(
      title: "Interrupts by sender and target",
      summary: """
        Most interrupts go from CPU \(most.sender) to CPU \(most.target): \
        \(NumberText.whole(most.count)) of \(NumberText.whole(ipi.sent)).
        """,
      rowName: "sender CPU", columnName: "target CPU", counts: ipi.matrix)
  }

  private static func functions(_ ipi: InterruptFindings) -> Table {
    Table(
      caption: "Functions that targets were asked to run; latency is the median from request on.",
      columns: [
        .number("calls"), .number("latency"), .number("handler"), .words("waited for"),
        .words("function"),
      ],
      rows: ipi.byFunction.prefix(8).map { entry in
        Table.Row([
          NumberText.tally(entry.count),
          entry.latencyNsP50 > 0 ? NumberText.duration(Nanoseconds(entry.latencyNsP50)) : "-",
          entry.count > 0
            ? NumberText.duration(Nanoseconds(entry.handlerNsTotal / Double(entry.count))) : "-",
          entry.waitedFor ? "yes" : "no", entry.function,
        ])
      })
  }

  private static func flushes(_ tlb: FlushFindings) -> Table {
    let reasons = tlb.byReason.sorted {
      $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key
    }
    return Table(
      caption: "TLB flushes other than those of task switches, by the kernel's reason.",
      columns: [.number("flushes"), .number("full"), .number("pages each"), .words("reason")],
      rows: reasons.map { reason, count in
        let full = tlb.fullByReason[reason] ?? 0
        let named = count > full ? count - full : 0
        return Table.Row([
          NumberText.tally(count), NumberText.tally(full),
          named > 0
            ? NumberText.significant(Double(tlb.pagesByReason[reason] ?? 0) / Double(named)) : "-",
          reason,
        ])
      })
  }
}
