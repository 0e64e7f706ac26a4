import Measures
import Workloads

/// What a report says in one sentence, computed from the points; and whether it may say it.
struct Claim: Sendable {
  /// What there is to say.
  enum State: String, Hashable, Sendable, Codable {
    /// No prediction was given.
    case noPrediction = "no-prediction"
    /// The prediction lacks the control, or any layout beside it at a common size.
    case nothingToCompare = "nothing-to-compare"
    /// The best layout gains.
    case gain
    /// The best layout loses.
    case loss
    /// The best layout's interval overlaps the control's.
    case undecided
  }

  let state: State
  /// The best layout of several images against one, at the largest size both were predicted for.
  let best: Comparison?
  /// The best conventional fix at the same size.
  let fix: Comparison?
  /// OSlets of the best layout, where known.
  let oslets: Int?
  /// Why no conclusion should be drawn; empty when one may be.
  let objections: [String]
  /// Whether the conclusion is held back.
  let isWithheld: Bool
  private let operationName: String

  init(_ input: ReportInput) {
    let objections = Self.objections(input)
    self.objections = objections
    isWithheld = !objections.isEmpty && !input.isForced
    operationName = input.operationName
    guard let prediction = input.prediction, !prediction.points.isEmpty else {
      (state, best, fix, oslets) = (.noPrediction, nil, nil, nil)
      return
    }
    let names = prediction.layoutNames.filter { $0 != Prediction.control }
    let fixes = names.filter { prediction.isConventional($0, input.layouts) }
    let partitions = names.filter { !fixes.contains($0) }
    // The largest size at which a partition can be compared, or a fix where there is none.
    let cpus = prediction.sizes.last { size in
      (partitions.isEmpty ? fixes : partitions).contains {
        Comparison($0, size, in: prediction) != nil
      }
    }
    guard let cpus else {
      (state, best, fix, oslets) = (.nothingToCompare, nil, nil, nil)
      return
    }
    func winner(of names: [String]) -> Comparison? {
      names.compactMap { Comparison($0, cpus, in: prediction) }
        .max { $0.throughput.value < $1.throughput.value }
    }
    let bestFix = winner(of: fixes)
    let bestLayout = winner(of: partitions) ?? bestFix
    (best, fix) = (bestLayout, bestFix)
    oslets = input.layouts.first { $0.name == bestLayout?.layout && $0.cpus == cpus }?.oslets
    switch bestLayout?.outcome {
    case .gain: state = .gain
    case .loss: state = .loss
    case .undecided: state = .undecided
    case nil: state = .nothingToCompare
    }
  }

  /// The conclusion, whether or not it may be drawn.
  var sentence: Prose {
    guard let best else {
      return state == .noPrediction
        ? "No prediction was given, so nothing is claimed."
        : "The prediction holds no layout beside \(code: Prediction.control), so nothing is claimed."
    }
    let images = oslets.map { $0 > 1 ? " (\($0) OSlets)" : "" } ?? ""
    let rates = """
      \(NumberText.rate(best.throughput)) against \(NumberText.rate(best.control))
      """
    switch state {
    case .gain:
      return """
        At \(best.cpus) CPUs, layout \(code: best.layout)\(images) is predicted to do \
        \(strong: NumberText.factor(best.ratio)) the \(operationName) of one image: \(rates).
        """
    case .loss:
      return """
        At \(best.cpus) CPUs every layout is predicted to \(strong: "lose") against one image; the \
        best, \(code: best.layout)\(images), does \(strong: NumberText.factor(best.ratio)) its \
        \(operationName): \(rates).
        """
    default:
      return """
        At \(best.cpus) CPUs \(strong: "no difference is shown") between one image and the best \
        layout, \(code: best.layout)\(images): their intervals overlap, \(rates).
        """
    }
  }

  /// What a conventional fix does to the conclusion; nil where none was predicted beside a layout.
  var rival: Prose? {
    guard let best, let fix, fix.layout != best.layout else { return nil }
    if fix.outcome != .gain {
      return "No conventional fix that was tried is shown to help at this size."
    }
    if fix.throughput.high >= best.throughput.low {
      return """
        The conventional fix \(code: fix.layout) does as well or better in one image: \
        \(NumberText.factor(fix.ratio)).
        """
    }
    let share = (fix.ratio.value - 1) / (best.ratio.value - 1)
    return """
      The conventional fix \(code: fix.layout) alone takes \(NumberText.percent(share)) of that \
      gain: \(NumberText.factor(fix.ratio)).
      """
  }

  private static func objections(_ input: ReportInput) -> [String] {
    var reasons: [String] = []
    let limits = input.thresholds
    // A comparison with NaN is false, so an error that is no number objects too.
    if let test = input.prediction?.backtest {
      if !(test.throughputRelativeError.magnitude <= limits.throughputError) {
        reasons.append(
          "the back-test misses throughput by \(NumberText.change(test.throughputRelativeError)) "
            + "(threshold \(NumberText.percent(limits.throughputError)))")
      }
      if !(test.waitRelativeError.magnitude <= limits.waitError) {
        reasons.append(
          "the back-test misses waiting by \(NumberText.change(test.waitRelativeError)) "
            + "(threshold \(NumberText.percent(limits.waitError)))")
      }
    }
    if let recording = input.recording, !(recording.lossShare <= limits.lossShare) {
      reasons.append(
        "\(NumberText.percent(recording.lossShare)) of all events were lost "
          + "(threshold \(NumberText.percent(limits.lossShare)))")
    }
    return reasons
  }
}
