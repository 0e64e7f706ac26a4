public import Analysis
public import Workloads

/// Everything a report is made of.
///
/// Whatever is nil or empty is named as missing in the section that needs it, with the command that
/// gives it; nothing is left out in silence.
public struct ReportInput: Sendable {
  /// What was recorded, one line: `rename storm`.
  public var title: String
  /// What the recording says of itself.
  public var recording: RecordingFacts?
  /// What the recording shows.
  public var findings: Findings?
  /// What an engine predicts.
  public var prediction: Prediction?
  /// Operations a second the recording measured of itself; nil where it counted none.
  public var measuredThroughput: Double?
  /// The layouts of the prediction, expanded; in any order.
  public var layouts: [LayoutFacts]
  /// The machine the prediction is for.
  public var machine: Machine?
  /// The rule by which `machine` was extrapolated from a known one; nil where it was not.
  public var extrapolation: String?
  /// The same points by the other engine.
  public var crossCheck: Prediction?
  /// Curves fitted by other means, for comparison.
  public var baselines: [BaselineCurve]
  /// Break-even points that were searched for.
  public var breakEvens: [BreakEven]
  /// What a prediction supposes beyond the load rule, one sentence each.
  public var assumptions: [String]
  /// Independent replications behind each predicted interval; nil where unknown or exact.
  public var replications: Int?
  /// Confidence of the predicted intervals, 0...1.
  public var confidence: Double
  /// How many recordings went in.
  public var recordings: Int
  /// Bytes a second that all sockets together can send to one another; nil where unknown.
  public var interconnectBytesPerSecond: Double?
  /// What one operation of the throughput is: `system calls`.
  public var operationName: String
  /// Beyond what errors no conclusion is drawn.
  public var thresholds: Thresholds
  /// Draw the conclusion in spite of them.
  public var isForced: Bool
  /// The commands that repeat this report, argument by argument.
  public var commands: [[String]]
  /// Print kernel addresses in text and HTML.
  public var showsAddresses: Bool

  /// A report of nothing yet, to be filled.
  public init(title: String) {
    self.title = title
    layouts = []
    baselines = []
    breakEvens = []
    assumptions = []
    confidence = 0.9
    recordings = 1
    operationName = "operations"
    thresholds = Thresholds()
    isForced = false
    commands = []
    showsAddresses = false
  }
}

/// Beyond what errors a report draws no conclusion.
///
/// The defaults are twice the errors that prediction aims at on real recordings (10 % of progress,
/// 15 % of class waits; docs/validation.md), and one event lost in a hundred.
public struct Thresholds: Hashable, Sendable, Codable {
  /// Largest relative error of back-tested throughput, 0...1.
  public var throughputError: Double
  /// Largest relative error of back-tested wait, 0...1.
  public var waitError: Double
  /// Largest share of events lost, 0...1.
  public var lossShare: Double

  /// Thresholds; see the properties.
  public init(throughputError: Double = 0.2, waitError: Double = 0.3, lossShare: Double = 0.01) {
    self.throughputError = throughputError
    self.waitError = waitError
    self.lossShare = lossShare
  }

  enum CodingKeys: String, CodingKey {
    case throughputError = "throughput_relative_error"
    case waitError = "wait_relative_error"
    case lossShare = "loss_share"
  }
}
