import Measures

extension ValidationReport {
  /// The report as plain text, at most 80 columns wide except for names of series.
  public var text: String {
    var lines = [
      "machine \(machine), calibrated on rows up to \(calibrateTo) threads"
    ]
    if dealtOverSockets {
      lines.append(
        "the CPU list is read as dealt out over the sockets in turn (even numbers, odd numbers)")
    }
    if threadsSpread {
      lines.append(
        "threads are taken as placed by the scheduler: the benchmark's source, or the rows up to "
          + "\(calibrateTo) threads, say so")
    }
    for one in series {
      lines += ["", "\(one.name)  [\(one.lockKind)]"]
      if !one.kindKnown {
        lines.append("  lock kind not known: modelled as a blocking lock without order")
      }
      if one.namedLockLimits < 0.5 {
        lines.append(
          "  the rows rather say that something else than this lock limits it "
            + "(\(percent(1 - one.namedLockLimits)))")
      }
      lines.append(TextPlot(one, calibrateTo: calibrateTo).text)
      lines.append("  threads  measured  predicted      low     high   error     usl    flat")
      for point in one.points {
        let cells: [(String, Int)] = [
          (String(point.threads), 9), (significant(point.measured), 10),
          (significant(point.predicted.value), 11), (significant(point.predicted.low), 9),
          (significant(point.predicted.high), 9), (percent(point.relativeError), 9),
          (significant(point.usl), 8), (significant(point.flat), 8),
        ]
        lines.append(
          cells.reduce("") { line, cell in
            line + String(repeating: " ", count: max(1, cell.1 - cell.0.count)) + cell.0
          })
      }
    }
    let all = summary
    lines += [
      "", "\(all.points) points beyond \(calibrateTo) threads; |error| median, 90th percentile",
      "  this model  \(percent(all.model.median)), \(percent(all.model.p90)); "
        + "its 90 % interval holds \(percent(all.intervalCoverage))",
      "  USL         \(percent(all.usl.median)), \(percent(all.usl.p90))",
      "  Amdahl      \(percent(all.amdahl.median)), \(percent(all.amdahl.p90))",
      "  flat        \(percent(all.flat.median)), \(percent(all.flat.p90))",
    ]
    for one in skipped { lines.append("not judged: \(one)") }
    return lines.joined(separator: "\n") + "\n"
  }
}
