import ArgumentParser
import FoundationEssentials
import TraceFormat
import Workloads

/// `--machine`: on what the prediction runs.
struct MachineOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A machine file that `oslet calibrate` or you wrote, or the name of a known machine.",
      discussion: "Known: " + KnownMachines.all.map(\.name).joined(separator: ", ")
        + ". Default: the recorded machine with the transfer costs of \(Self.standard).",
      valueName: "file|name"))
  var machine: String?

  /// The machine whose costs stand in where nothing was measured: a current two-socket server
  /// whose every level of transfer was measured by one program.
  static let standard = "epyc-7r13"

  /// The machine asked for, made of more sockets where `cpus` needs it.
  ///
  /// - Throws: `ToolFailure` for a file or name that gives none.
  func machine(atLeast cpus: Int, recordedOn topology: TopologyFacts?) throws(ToolFailure)
    -> ScaledMachine
  {
    let chosen = try named(topology)
    do throws(WorkloadError) {
      return try chosen.scaled(toCPUs: cpus)
    } catch {
      throw ToolFailure(error, in: "--machine")
    }
  }

  /// The recorded machine with its own costs: a machine file with as many CPUs as the trace speaks of;
  /// nil where the trace was recorded elsewhere.
  func recorded(on facts: TopologyFacts) throws(ToolFailure) -> Machine? {
    guard machine != nil else { return nil }
    let chosen = try named(facts)
    return chosen.cpuCount == facts.online.count ? chosen : nil
  }

  private func named(_ topology: TopologyFacts?) throws(ToolFailure) -> Machine {
    guard let machine else {
      let standard = try known(Self.standard)
      return topology.map { Machine(recordedOn: $0, costsOf: standard) } ?? standard
    }
    guard machine.hasSuffix(".json") || FileManager.default.fileExists(atPath: machine) else {
      return try known(machine)
    }
    let data = try readInput(machine)
    do throws(WorkloadError) {
      return try Machine(json: data)
    } catch {
      throw ToolFailure(error, in: machine)
    }
  }

  private func known(_ name: String) throws(ToolFailure) -> Machine {
    do throws(WorkloadError) {
      return try KnownMachines.machine(named: name)
    } catch {
      throw ToolFailure("--machine: \(error.description)", status: .usage)
    }
  }
}

extension Machine {
  /// The machine a trace was recorded on, with another machine's costs: a trace holds the topology
  /// and no line transfers.
  init(recordedOn facts: TopologyFacts, costsOf other: Machine) {
    func distinct(_ numbers: [Int]) -> Int {
      max(
        1, Set(facts.online.compactMap { numbers.indices.contains($0) ? numbers[$0] : nil }).count)
    }
    let sockets = distinct(facts.socket)
    let islands = max(1, distinct(facts.cache) / sockets)
    let cores = max(1, distinct(facts.core) / (sockets * islands))
    let threads = max(1, facts.online.count / (sockets * islands * cores))
    self = other
    name = "recorded \(facts.online.count)-CPU machine"
    topology = Topology(
      sockets: sockets, islandsPerSocket: islands, coresPerIsland: cores, smt: threads)
    sources.insert(
      "topology from the trace; transfer, interrupt and message costs of \(other.name), not "
        + "measured on the recorded machine (`oslet calibrate` measures them)", at: 0)
  }
}
