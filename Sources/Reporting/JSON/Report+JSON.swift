import Analysis
public import FoundationEssentials
import Measures
public import Workloads

extension Report {
  /// The schema written.
  public static let schema = "oslet.report/1"

  /// The document `oslet.report/1`: the claim and its grounds, and within it the documents
  /// `oslet.prediction/1` and `oslet.analysis/1` as `predict` and `analyze` print them.
  ///
  /// Addresses are not hidden: it is for programs on the same machine.
  ///
  /// - Throws: `WorkloadError.malformed` when a number of the input is not finite, which JSON cannot
  ///   say: the prediction that holds it is at fault.
  public func json() throws(WorkloadError) -> Data {
    try encodeDocument(ReportDocument(self))
  }
}

/// What `oslet.report/1` holds.
private struct ReportDocument: Encodable {
  let schema = Report.schema
  let title: String
  let claim: ClaimDocument
  let sections: [SectionDocument]
  let recording: RecordingFacts?
  let machine: Machine?
  let extrapolation: String?
  let layouts: [LayoutFacts]
  let thresholds: Thresholds
  let assumptions: [String]
  let baselines: [BaselineCurve]
  let breakEven: [BreakEven]
  let recordings: Int
  let replications: Int?
  let operation: String
  let commands: [[String]]
  let prediction: Prediction?
  let crossCheck: Prediction?
  let analysis: Findings?

  init(_ report: Report) {
    let input = report.input
    title = input.title
    claim = ClaimDocument(report)
    sections = report.document.sections.map { SectionDocument($0) }
    recording = input.recording
    machine = input.machine
    extrapolation = input.extrapolation
    layouts = input.layouts
    thresholds = input.thresholds
    assumptions = input.assumptions
    baselines = input.baselines
    breakEven = input.breakEvens
    recordings = input.recordings
    replications = input.replications
    operation = input.operationName
    commands = input.commands
    prediction = input.prediction
    crossCheck = input.crossCheck
    analysis = input.findings
  }

  enum CodingKeys: String, CodingKey {
    case schema, title, claim, sections, recording, machine, extrapolation, layouts, thresholds
    case assumptions, baselines, recordings, replications, operation, commands, prediction
    case analysis
    case breakEven = "break_even"
    case crossCheck = "cross_check"
  }
}

/// The claim for programs.
private struct ClaimDocument: Encodable {
  /// A comparison with the control.
  struct Against: Encodable {
    let layout: String
    let cpus: Int
    let outcome: Comparison.Outcome
    let ratio: Interval
    let throughputPerSecond: Interval
    let controlPerSecond: Interval

    /// Nil where the ratio is unbounded, which JSON cannot say.
    init?(_ comparison: Comparison?) {
      guard let comparison, comparison.ratio.high.isFinite else { return nil }
      layout = comparison.layout
      cpus = comparison.cpus
      outcome = comparison.outcome
      ratio = comparison.ratio
      throughputPerSecond = comparison.throughput
      controlPerSecond = comparison.control
    }

    enum CodingKeys: String, CodingKey {
      case layout, cpus, outcome, ratio
      case throughputPerSecond = "throughput_per_s"
      case controlPerSecond = "control_throughput_per_s"
    }
  }

  let state: Claim.State
  let sentence: String
  let isWithheld: Bool
  let objections: [String]
  let best: Against?
  let fix: Against?

  init(_ report: Report) {
    state = report.claim.state
    sentence = report.summary
    isWithheld = report.isWithheld
    objections = report.objections
    best = Against(report.claim.best)
    fix = Against(report.claim.fix)
  }

  enum CodingKeys: String, CodingKey {
    case state, sentence, objections, best, fix
    case isWithheld = "withheld"
  }
}

/// Which questions were answered.
private struct SectionDocument: Encodable {
  let id: String
  let title: String
  let isAnswered: Bool
  let missing: [String]

  init(_ section: Section) {
    id = section.id
    title = section.title
    isAnswered = !section.isMissing
    missing = section.blocks.compactMap { block in
      if case .note(let note) = block, note.kind == .missing { note.text.words } else { nil }
    }
  }

  enum CodingKeys: String, CodingKey {
    case id, title, missing
    case isAnswered = "answered"
  }
}
