import Measures
import Workloads

extension Prediction {
  /// The name of the control among the layouts.
  static let control = Layout.one.name

  /// The layouts, in the order asked for.
  var layoutNames: [String] {
    var names: [String] = []
    for point in points where !names.contains(point.layout) { names.append(point.layout) }
    return names
  }

  /// The CPU counts, ascending.
  var sizes: [Int] { Set(points.map(\.cpus)).sorted() }

  /// The points of one layout, CPUs ascending.
  func points(of layout: String) -> [PredictionPoint] {
    points.filter { $0.layout == layout }.sorted { $0.cpus < $1.cpus }
  }

  /// One point; nil when it was not predicted.
  func point(_ layout: String, _ cpus: Int) -> PredictionPoint? {
    points.first { $0.layout == layout && $0.cpus == cpus }
  }

  /// The cliff of one layout; nil when it has none in the range predicted.
  func cliffCPUs(of layout: String) -> Int? { cliff.first { $0.layout == layout }?.cpus }

  /// Whether a layout keeps one image and fixes it by conventional means.
  ///
  /// By `layouts` where they name it, else by its short form, which then starts with `one+`.
  func isConventional(_ layout: String, _ layouts: [LayoutFacts]) -> Bool {
    layouts.first { $0.name == layout }?.isConventional ?? layout.hasPrefix("one+")
  }
}

extension PredictionPoint {
  /// Operations a second, nil where an engine gave no usable number.
  var throughput: Interval? {
    let rate = throughputPerSecond
    return rate.value.isFinite && rate.value > 0 && !rate.low.isNaN && !rate.high.isNaN ? rate : nil
  }

  /// Waiting, line transfers and interrupts: what a layout could win back, a share of CPU time.
  var overhead: Double { cpuShare.lockWait + cpuShare.lineTransfer + cpuShare.ipi }

  /// What binds: a resource and how busy it is.
  struct Binding: Hashable, Sendable {
    /// The class, or what else the engine says saturates first (an owner's CPUs, a ring).
    let name: String
    /// Busy share, 0...1; nil for what is no class.
    let busy: Double?

    /// Name and busy share.
    var text: String { busy.map { "\(name) \(NumberText.percent($0))" } ?? name }
  }

  /// Resources from the busiest down: first what the engine names where that is no class, then the
  /// classes; equally busy ones by name.
  var binding: [Binding] {
    let ranked = classes.filter { $0.utilization.isFinite }
      .sorted { ($1.utilization, $0.name) < ($0.utilization, $1.name) }
      .map { Binding(name: $0.name, busy: $0.utilization) }
    guard let named = firstSaturated, !classes.contains(where: { $0.name == named }) else {
      return ranked
    }
    return [Binding(name: named, busy: nil)] + ranked
  }
}
