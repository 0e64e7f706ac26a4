import Measures
import Workloads

extension Section {
  /// 1. The claim in one sentence, with what a reader of the list asks next: kernel, machine,
  /// command, runs, loss.
  static func claim(_ input: ReportInput, _ claim: Claim) -> Section {
    var section = Section(id: "claim", title: "Claim")
    let reasons = claim.objections.joined(separator: "; ")
    if claim.isWithheld {
      section.blocks.append(
        .lead("\(strong: "No conclusion is drawn"): \(reasons)."))
      section.blocks.append(
        .note(
          Note(
            .warning,
            "The predictions below stand as computed. --force draws the conclusion in spite of this."
          )))
    } else {
      section.blocks.append(.lead(claim.sentence))
      if let uneven = input.prediction.flatMap({ GroupProgress($0, claim)?.uneven }) {
        section.blocks.append(.paragraph(uneven))
      }
      if let rival = claim.rival { section.blocks.append(.paragraph(rival)) }
      if !claim.objections.isEmpty {
        section.blocks.append(.note(Note(.warning, "Drawn by --force although \(reasons).")))
      }
    }
    if let bounds = bounds(input) { section.blocks.append(.paragraph(bounds)) }
    if claim.state == .noPrediction || claim.state == .nothingToCompare {
      section.blocks.append(
        .note(
          Note(
            .missing, "a prediction for one image and at least one other layout.",
            command: "oslet report --cpus 1..1024 --layout one --layout 4x --layout by=l3")))
    }
    section.blocks.append(.facts(facts(input)))
    return section
  }

  /// The config items without which a lock report cannot be read; section 12 has all.
  private static let tellingConfig: Set = [
    "PREEMPT_RT", "PARAVIRT_SPINLOCKS", "NR_CPUS", "LOCKDEP",
  ]

  private static func facts(_ input: ReportInput) -> [Fact] {
    var facts: [Fact] = []
    if let recording = input.recording {
      facts.append(Fact("kernel", "\(recording.kernel) \(recording.architecture)"))
      facts.append(Fact("config", Prose(recording.configText(only: Self.tellingConfig))))
      facts.append(Fact("recorded on", Prose(recording.machineText)))
      facts.append(
        Fact(
          "recording",
          """
          \(NumberText.duration(recording.duration)), \(NumberText.whole(recording.events)) events, \
          \(NumberText.whole(recording.lost)) lost
          """))
    }
    if let machine = input.machine {
      facts.append(Fact("predicted for", Prose(machine.words)))
    }
    if let prediction = input.prediction {
      let runs = input.replications.map { ", \($0) replications" } ?? ""
      facts.append(
        Fact(
          "prediction",
          """
          engine \(prediction.engine), load \(prediction.load.rawValue), seed \
          \(String(prediction.seed))\(runs), \(input.recordings) \
          \(input.recordings == 1 ? "recording" : "recordings")
          """))
    }
    if let test = input.prediction?.backtest {
      facts.append(
        Fact(
          "back-test",
          """
          throughput \(NumberText.change(test.throughputRelativeError)), waiting \
          \(NumberText.change(test.waitRelativeError)) at \(test.cpus) CPUs
          """))
    }
    if let command = input.commands.last {
      facts.append(Fact("command", "\(code: ShellCommand.quoted(command))"))
    }
    return facts
  }
}

extension RecordingFacts {
  /// Config items that change what events mean, without `CONFIG_`, all or those in `names`:
  /// `NR_CPUS=64 PREEMPT_RT=n`.
  func configText(only names: Set<String>? = nil) -> String {
    let items = config.map { item in
      (item.key.hasPrefix("CONFIG_") ? String(item.key.dropFirst(7)) : item.key, item.value)
    }.sorted { $0 < $1 }
    let shown = items.filter { names?.contains($0.0) ?? true }.map { "\($0.0)=\($0.1)" }
    guard shown.isEmpty else { return shown.joined(separator: " ") }
    return config.isEmpty ? "not readable" : "see section 12"
  }

  /// Processor, topology and hypervisor.
  var machineText: String {
    let host = hypervisor.map { "guest of \($0)" } ?? "bare metal"
    return [processor, topology, host].filter { !$0.isEmpty }.joined(separator: "; ")
  }
}

extension Machine {
  /// Name and topology: `2s-22c-2t: 2 sockets x 1 island x 22 cores x 2 threads = 88 CPUs`.
  var words: String {
    func many(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
    return [
      many(topology.sockets, "socket"), many(topology.islandsPerSocket, "L3 island"),
      many(topology.coresPerIsland, "core"), many(topology.smt, "thread"),
    ].joined(separator: " x ") + " = \(cpuCount) CPUs (\(name))"
  }
}
