import Workloads

/// A report: one input, one document, three forms.
///
/// Reads no file, no clock and no locale: the same input gives the same bytes.
public struct Report: Sendable {
  /// What it is made of.
  public let input: ReportInput
  let claim: Claim

  /// A report of `input`.
  public init(_ input: ReportInput) {
    self.input = input
    claim = Claim(input)
  }

  /// Whether no conclusion is drawn because the back-test or the loss is beyond its threshold: exit
  /// status 5.
  public var isWithheld: Bool { claim.isWithheld }

  /// Why a conclusion should not be drawn, one line each; empty when one may be.
  ///
  /// Not empty, yet not withheld, when the input is forced.
  public var objections: [String] { claim.objections }

  /// The claim in one sentence, or why there is none.
  public var summary: String {
    claim.isWithheld
      ? "No conclusion is drawn: \(claim.objections.joined(separator: "; "))."
      : claim.sentence.words
  }

  /// The content, in the order of docs/design.md, section 8.
  public var document: Document {
    let document = Document(
      title: "OSlet report: \(input.title)", subtitle: subtitle,
      sections: [
        .claim(input, claim), .ceiling(input), .backtest(input), .ranking(input),
        .sharing(input, claim), .throughput(input, claim), .messages(input), .fixes(input, claim),
        .breakEven(input, claim), .losses(input), .provenance(input), .trust(input),
      ])
    guard !input.showsAddresses else { return document }
    var addresses = KernelAddresses()
    return document.rewritingText { addresses.hidden(in: $0) }
  }

  /// Plain text for a mailing list: ASCII, at most `width` columns.
  public func text(width: Int = 72) -> String { TextRenderer(width: width).text(of: document) }

  /// One self-contained HTML file: no script, nothing fetched.
  public func html() -> String { HTMLRenderer().html(of: document) }

  private var subtitle: String {
    guard let recording = input.recording else { return "" }
    return """
      \(recording.kernel.split(separator: " ").first ?? "unknown kernel"), \(recording.cpus) CPUs, \
      \(NumberText.duration(recording.duration)), \(NumberText.whole(recording.events)) events
      """
  }
}
