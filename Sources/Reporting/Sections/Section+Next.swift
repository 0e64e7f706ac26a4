import Measures
import Workloads

extension Section {
  /// Where each layout's gain comes from, class by class, and what holds it next.
  ///
  /// The template is the broadcast-TLB series, whose first fix alone changed nothing since the wait
  /// moved to another lock (R. van Riel, linux-mm 2025).
  static func next(_ prediction: Prediction) -> Table? {
    guard let cpus = prediction.sizes.last,
      let control = prediction.point(Prediction.control, cpus)
    else { return nil }
    let rows = prediction.layoutNames.compactMap { name -> Table.Row? in
      guard let point = prediction.point(name, cpus) else { return nil }
      guard let comparison = Comparison(name, cpus, in: prediction), name != Prediction.control
      else { return Table.Row([name, "1.00x", "-", limit(of: point)]) }
      return Table.Row([
        name, NumberText.factor(comparison.ratio.value), savings(control, point), limit(of: point),
      ])
    }
    guard rows.count > 1 else { return nil }
    return Table(
      caption: """
        What next, at \(cpus) CPUs: where the time saved an operation against one image comes from \
        (shares of all that is saved; -: nothing is), and what holds each layout then: a lock busy \
        \(NumberText.percent(saturated)) of the time, else what takes most CPU time.
        """,
      columns: [
        .words("layout"), .number("over one image"), .words("saved at"), .words("held next by"),
      ], rows: rows)
  }

  /// Above this busy share of its busiest instance a class counts as saturated.
  static let saturated = 0.9

  /// Nanoseconds an operation spends on what a layout can change, by its name.
  private static func costs(_ point: PredictionPoint) -> [(name: String, ns: Double)] {
    guard let rate = point.throughput?.value else { return [] }
    let perOperation = Double(point.cpus) * 1e9 / rate
    return point.classes.map { ($0.name, $0.waitNsMean * $0.acquisitionsPerSecond / rate) } + [
      ("line transfers", point.cpuShare.lineTransfer * perOperation),
      ("IPIs", point.cpuShare.ipi * perOperation),
      ("messages", point.cpuShare.message * perOperation),
    ]
  }

  /// The three largest savings, as shares of all savings.
  private static func savings(_ control: PredictionPoint, _ point: PredictionPoint) -> String {
    let after = Dictionary(
      costs(point).map { ($0.name, $0.ns) }, uniquingKeysWith: { first, _ in first })
    let saved = costs(control).map { (name: $0.name, ns: $0.ns - (after[$0.name] ?? 0)) }
      .filter { $0.ns > 0 }
      .sorted { ($1.ns, $0.name) < ($0.ns, $1.name) }
    let all = saved.reduce(0) { $0 + $1.ns }
    let operation = control.throughput.map { Double(control.cpus) * 1e9 / $0.value } ?? 0
    guard all > 0.001 * operation else { return "-" }
    return saved.prefix(3).filter { $0.ns >= 0.05 * all }
      .map { "\($0.name) \(NumberText.percent($0.ns / all))" }.joined(separator: ", ")
  }

  /// What holds a layout: what is saturated, else what takes most CPU time.
  private static func limit(of point: PredictionPoint) -> String {
    if let first = point.binding.first, (first.busy ?? 1) >= saturated { return first.text }
    let share = point.cpuShare
    let waited = point.classes.max {
      $0.waitNsMean * $0.acquisitionsPerSecond < $1.waitNsMean * $1.acquisitionsPerSecond
    }?.name
    let parts = [
      ("computing", share.useful), (waited.map { "waiting for \($0)" } ?? "locks", share.lockWait),
      ("line transfers", share.lineTransfer), ("IPIs", share.ipi), ("messages", share.message),
      ("nothing to run", share.idle),
    ]
    guard let most = parts.max(by: { $0.1 < $1.1 }) else { return "-" }
    return "\(most.0) \(NumberText.percent(most.1)) of CPU time"
  }
}
