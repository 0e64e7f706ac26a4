import ArgumentParser
import Recording
import Reporting
import TraceFormat
import Workloads

/// `oslet check`: can this machine be recorded, and what would be missing.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Says whether a recording would start here, and what it would miss.",
    discussion: "Exits with 3 where a permission is missing, 4 where the kernel lacks something.")

  @Flag(help: "Print the document oslet.check/1.")
  var json = false

  @Flag(name: [.short, .long], help: "Print nothing but, on failure, the one reason.")
  var quiet = false

  func run() throws {
    let preflight = Preflight.run()
    if json {
      writeOutput(try encodeDocument(preflight))
    } else if !quiet {
      writeOutput(TextRenderer().text(of: Document(of: preflight)))
    }
    guard let obstacle = preflight.obstacle else { return }
    throw ToolFailure(
      "cannot record: \(obstacle.subject): \(obstacle.state)"
        + (obstacle.remedy.isEmpty ? "" : "; \(obstacle.remedy)"),
      status: obstacle.weight == .notPermitted ? .permission : .unsupportedKernel)
  }
}

extension Document {
  /// What a check found, gravest first.
  init(of preflight: Preflight) {
    let notable = preflight.findings.filter { $0.weight != .fine }
    let fine = preflight.findings.count - notable.count
    var blocks: [Block] = [
      .lead(preflight.canRecord ? "This machine can be recorded." : "Nothing can be recorded here.")
    ]
    blocks += notable.map { finding in
      .note(
        Note(
          finding.weight == .less ? .remark : .warning,
          Prose(
            "\(finding.subject): \(finding.state)"
              + (finding.consequence.isEmpty ? "" : "; \(finding.consequence)")
              + (finding.remedy.isEmpty ? "" : " (\(finding.remedy))"))))
    }
    blocks.append(.paragraph("\(fine) of \(preflight.findings.count) checks found nothing amiss."))
    self.init(
      title: "OSlet check: \(preflight.kernel.release)",
      sections: [
        Section(id: "check", title: "Recording", blocks: blocks),
        Section(
          id: "regimes", title: "How waits show on this kernel",
          blocks: [
            .facts(
              preflight.regimes.sorted { $0.key < $1.key }.map { Fact($0.key, "\($0.value)") })
          ]),
      ])
  }
}
