import Analysis
import Measures
import Reporting
import TraceFormat

extension RecordingFacts {
  /// What a trace says of itself, in a report's words.
  init(_ study: TraceStudy) {
    let facts = study.facts
    let topology = facts.topology
    func count(_ list: [Int], _ one: String, _ many: String) -> String {
      let n = Set(topology.online.compactMap { list.indices.contains($0) ? list[$0] : nil }).count
      return "\(n) \(n == 1 ? one : many)"
    }
    self.init(
      kernel: "\(facts.kernel.release) \(facts.kernel.version)",
      architecture: facts.kernel.architecture, config: facts.kernel.config,
      parameters: facts.kernel.parameters, processor: facts.kernel.processor,
      hypervisor: facts.kernel.hypervisor, cpus: study.findings.cpus,
      topology: [
        count(topology.socket, "socket", "sockets"), count(topology.node, "node", "nodes"),
        count(topology.cache, "L3", "L3s"), count(topology.core, "core", "cores"),
        "\(topology.online.count) CPUs",
      ].joined(separator: ", "),
      regimes: facts.regimes, missingEvents: facts.events.filter { $0.value != "recorded" },
      duration: Nanoseconds(study.findings.durationNs), events: study.findings.events,
      lost: study.losses.lost, suppressed: study.losses.suppressed,
      losses: study.losses.records.map {
        Loss(cpu: Int($0.cpu), kind: $0.kind.name, lost: $0.lost, suppressed: $0.suppressed)
      },
      recorderNsPerEvent: facts.cost?.nanosecondsPerEvent,
      recorderCPUShare: facts.cost?.cpuShare, isCutShort: study.ending != .complete,
      limits: study.limits, command: facts.command, writer: facts.writer)
  }
}
