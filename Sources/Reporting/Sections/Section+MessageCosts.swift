import Measures
import Workloads

extension Section {
  /// What messages need beside their own time: bandwidth, owners that are not crowded, batches.
  static func messageCosts(_ input: ReportInput, _ prediction: Prediction) -> [Block] {
    [interconnect(input, prediction), crowding(input), batching(input, prediction)]
      .compactMap { $0 }
  }

  /// Bytes of one message: the four line moves of a polled round trip (docs/model.md), 64 bytes each.
  static let bytesPerMessage = 256.0

  /// What the partition takes from the application.
  ///
  /// The interconnect belongs to the application: E. Biederman, LKML, 24 June 2002
  /// (m13cvdrlgg.fsf@frodo.biederman.org).
  private static func interconnect(_ input: ReportInput, _ prediction: Prediction) -> Block? {
    let sending = prediction.layoutNames.compactMap { prediction.points(of: $0).last }
      .filter { $0.messagesPerSecond > 0 }
    guard let most = sending.max(by: { $0.messagesPerSecond < $1.messagesPerSecond }) else {
      return nil
    }
    let bytes = most.messagesPerSecond * bytesPerMessage
    let taken: Prose =
      if let capacity = input.interconnectBytesPerSecond, capacity > 0 {
        """
        \(strong: NumberText.percent(bytes / capacity)) of the \(NumberText.bytes(capacity))/s that \
        all sockets together can send, if every line leaves its socket
        """
      } else {
        """
        the machine file gives no bandwidth (\(code: "interconnect_bytes_per_s")), so no share of it
        """
      }
    return .paragraph(
      """
      A message moves four lines of 64 bytes. The most that any layout takes from the application is \
      \(NumberText.bytes(bytes))/s under \(code: most.layout) at \(most.cpus) CPUs: \(taken). Memory \
      bandwidth and last-level caches are shared by every layout alike and are in no trace: no layout \
      here changes them.
      """)
  }

  /// How the requests fall on their owners, and the tasks on their OSlets.
  ///
  /// The hot owner and the imbalance are the two dangers in P. McKenney's minutes (LKML, June 2002).
  private static func crowding(_ input: ReportInput) -> Block? {
    let layouts = input.layouts.filter { !$0.isConventional && $0.oslets > 1 }
    guard !layouts.isEmpty else { return nil }
    return .table(
      Table(
        caption: """
          Load when nobody waits: the busiest owner, its share of all requests, and the CPU time that \
          serving them asks of it (over 100 % it saturates); the fullest OSlet's tasks over the mean's.
          """,
        columns: [
          .words("layout"), .words("busiest owner"), .number("of requests"),
          .number("serving"), .number("fullest/mean"),
        ],
        rows: layouts.map { layout in
          Table.Row(
            [
              layout.name, layout.busiestOwner ?? "none",
              layout.busiestOwner == nil ? "-" : NumberText.percent(layout.crowding),
              layout.busiestOwner == nil ? "-" : NumberText.percent(layout.servingShare),
              NumberText.factor(layout.imbalance),
            ], isStrong: layout.servingShare >= 1)
        }))
  }

  /// Requests that share a notification, after the latest of them has come.
  private static let batch = 8.0

  /// What sharing one notification among several requests would save and cost.
  ///
  /// A batch of k saves (k - 1)/k of what a notified round trip costs more than a polled one, and its
  /// requests wait (k - 1)/2 gaps between arrivals on average (arrivals at random).
  private static func batching(_ input: ReportInput, _ prediction: Prediction) -> Block? {
    guard let message = input.machine?.message else { return nil }
    let saved = (batch - 1) / batch * max(0, message.notified.value - message.polled.value)
    let rows = input.layouts.compactMap { layout -> Table.Row? in
      guard let point = prediction.points(of: layout.name).last, point.messagesPerSecond > 0,
        layout.oslets > 1, layout.classes.contains(where: { $0.message == .notified })
      else { return nil }
      func fill(_ rings: Int) -> Double {
        (batch - 1) / 2 * Double(max(1, rings)) / point.messagesPerSecond * 1e9
      }
      let (pair, owner) = (fill(layout.oslets * (layout.oslets - 1)), fill(layout.oslets))
      return Table.Row([
        layout.name, NumberText.duration(Nanoseconds(saved)),
        NumberText.duration(Nanoseconds(pair)), NumberText.duration(Nanoseconds(owner)),
        pair < saved ? "per pair" : owner < saved ? "shared ring only" : "never",
      ])
    }
    guard !rows.isEmpty else { return nil }
    return .table(
      Table(
        caption: """
          Batches of \(NumberText.fixed(batch, decimals: 0)) requests a notification: saved a message, \
          and the mean wait for a batch to fill with a ring a pair and with one ring an owner.
          """,
        columns: [
          .words("layout"), .number("saved"), .number("fills, pair"), .number("fills, owner"),
          .words("pays"),
        ], rows: rows))
  }
}
