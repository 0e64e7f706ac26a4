import Measures
import Workloads

/// One layout against the control at one size.
struct Comparison: Hashable, Sendable {
  /// What the intervals allow to say.
  enum Outcome: String, Hashable, Sendable, Codable {
    /// More throughput, the intervals apart.
    case gain
    /// Less, the intervals apart.
    case loss
    /// The intervals overlap.
    case undecided
  }

  /// The layout.
  let layout: String
  /// CPUs.
  let cpus: Int
  /// Operations a second under the layout.
  let throughput: Interval
  /// Operations a second under the control.
  let control: Interval
  /// Throughput over the control's.
  ///
  /// Its ends are the worst of one over the best of the other: wider than the interval of a ratio
  /// need be, and free of any supposition on how the two errors go together.
  let ratio: Interval

  /// Nil where either point is missing or not a usable number.
  init?(_ layout: String, _ cpus: Int, in prediction: Prediction) {
    guard let throughput = prediction.point(layout, cpus)?.throughput,
      let control = prediction.point(Prediction.control, cpus)?.throughput
    else { return nil }
    self.layout = layout
    self.cpus = cpus
    self.throughput = throughput
    self.control = control
    ratio = Interval(
      value: throughput.value / control.value,
      low: control.high > 0 ? max(0, throughput.low) / control.high : 0,
      high: control.low > 0 ? throughput.high / control.low : .infinity)
  }

  /// What may be said: a difference only where the two intervals are apart.
  var outcome: Outcome {
    if throughput.low > control.high { return .gain }
    if throughput.high < control.low { return .loss }
    return .undecided
  }
}
