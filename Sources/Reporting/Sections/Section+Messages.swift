import Measures
import Workloads

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension Section {
  /// 7. Messages: rate, kind, growth with the machine, and what they take of the interconnect.
  static func messages(_ input: ReportInput) -> Section {
    var section = Section(id: "messages", title: "Messages between OSlets")
    guard let prediction = input.prediction else {
      section.blocks.append(
        .note(Note(.missing, "a prediction.", command: "oslet report --layout 4x")))
      return section
    }
    let rows = prediction.layoutNames.compactMap { name -> Table.Row? in
      let points = prediction.points(of: name)
      guard let last = points.last, last.messagesPerSecond > 0 else { return nil }
      let operations = last.throughput?.value ?? .nan
      return Table.Row([
        name, NumberText.rate(last.messagesPerSecond),
        NumberText.significant(last.messagesPerSecond / operations),
        NumberText.percent(last.crossingShare), NumberText.percent(last.cpuShare.message),
        growth(points), traffic(last, input),
      ])
    }
    if rows.isEmpty {
      section.blocks.append(
        .paragraph(
          """
          No layout predicted sends messages: every class is private or reached by the hardware. \
          Owned classes do: give a policy or a service OSlet, as in \(code: "4x+fs:2x16").
          """))
    } else {
      section.blocks.append(
        .table(
          Table(
            caption: """
              At \(prediction.sizes.last ?? 0) CPUs. Growth is the exponent b of rate ~ CPUs^b over the two largest \
              sizes.
              """,
            columns: [
              .words("layout"), .number("messages"), .number("per operation"),
              .number("crossing share"), .number("CPU share"), .number("growth b"),
              .number(input.interconnectBytesPerSecond == nil ? "traffic" : "interconnect"),
            ], rows: rows)))
    }
    if let pairs = pairTable(input) { section.blocks.append(.table(pairs)) }
    section.blocks += kinds(input)
    section.blocks += messageCosts(input, prediction)
    return section
  }

  private static func growth(_ points: [PredictionPoint]) -> String {
    let sending = points.filter { $0.messagesPerSecond > 0 }.suffix(2)
    guard let a = sending.first, let b = sending.last, a.cpus < b.cpus else {
      return NumberText.none
    }
    let exponent =
      log(b.messagesPerSecond / a.messagesPerSecond) / log(Double(b.cpus) / Double(a.cpus))
    return NumberText.fixed(exponent, decimals: 2)
  }

  /// Bytes a second, or their share of the interconnect.
  private static func traffic(_ point: PredictionPoint, _ input: ReportInput) -> String {
    let bytes = point.messagesPerSecond * bytesPerMessage
    if let capacity = input.interconnectBytesPerSecond, capacity > 0 {
      return NumberText.percent(bytes / capacity)
    }
    return "\(NumberText.bytes(bytes))/s"
  }

  /// One ring for each ordered pair, N(N-1), against two levels of about the square root of N.
  ///
  /// N(N-1) and 64 KiB a ring: minutes of the design session with McVoy by P. McKenney, November
  /// 2001; two levels are S. Harris's question, 3D15E629.1706DE98@storm.ca.
  private static func pairTable(_ input: ReportInput) -> Table? {
    let layouts = input.layouts.filter { $0.oslets > 1 && !$0.isConventional }
    guard !layouts.isEmpty else { return nil }
    return Table(
      caption: "Rings if every OSlet talks to every other, flat and in two levels; 64 KiB a ring.",
      columns: [
        .words("layout"), .number("OSlets"), .number("rings, flat"), .number("memory"),
        .number("two levels"), .number("rings"), .number("memory"),
      ],
      rows: layouts.map { layout in
        let flat = layout.oslets * (layout.oslets - 1)
        let groups = max(1, Int(Double(layout.oslets).squareRoot().rounded()))
        let members = (layout.oslets + groups - 1) / groups
        let tree = groups * members * (members - 1) + groups * (groups - 1)
        return Table.Row([
          layout.name, NumberText.whole(layout.oslets), NumberText.tally(flat),
          NumberText.bytes(Double(flat) * 65_536), "\(groups) x \(members)", NumberText.tally(tree),
          NumberText.bytes(Double(tree) * 65_536),
        ])
      })
  }

  private static func kinds(_ input: ReportInput) -> [Block] {
    let items = input.layouts.compactMap { layout -> Prose? in
      let crossing = layout.classes.filter {
        $0.sharing == .owned || $0.sharing == .striped || $0.sharing == .replicated
      }
      guard !crossing.isEmpty, layout.oslets > 1 else { return nil }
      let notified = crossing.count { $0.message == .notified }
      return """
        \(code: layout.name): polled rings for \(crossing.count - notified) of its crossing \
        classes, rings with a notification IPI for \(notified).
        """
    }
    return items.isEmpty ? [] : [.list(items)]
  }
}
