import CCalibration
import Measures
import Workloads

extension MeasuredMachine {
  /// Measures this machine.
  ///
  /// Threads are pinned; each constant is the median of its samples, its spread their quartiles.
  /// The CPUs are those this process may use.
  ///
  /// - Throws: `CalibrationError` when there are fewer than two CPUs, the topology is not readable,
  ///   or a measurement failed ten times.
  public static func measure(_ effort: Effort = .full) throws(CalibrationError) -> MeasuredMachine {
    let conditions = HostConditions(proc: "/proc", sys: "/sys")
    let host = try HostTopology(root: "/sys/devices/system") { calibration_may_use(Int32($0)) != 0 }
    guard host.cpus.count >= 2 else { throw .tooFewCPUs(host.cpus.count) }
    let choice = PairChoice(host.cpus.map(\.place), most: effort.pairs, seed: 1)
    let lines = try LineMeasurement(host, choice, effort)
    let crossings = try CrossingMeasurement(host, choice, transfer: lines.transfer, effort)
    var warnings = conditions.warnings()
    if !host.isRegular {
      warnings.append(
        "\(host.cpus.count) CPUs do not fill \(host.topology.sockets) sockets x "
          + "\(host.topology.islandsPerSocket) islands x \(host.topology.coresPerIsland) cores x "
          + "\(host.topology.smt) threads evenly: the machine is described by its largest parts")
    }
    let spread = lines.spread.merging(crossings.spread) { first, _ in first }
    for key in spread.keys.sorted() {
      guard let range = spread[key], range.value > 0 else { continue }
      let width = (range.high - range.low) / range.value
      if width > 0.3 {
        warnings.append(
          "\(key): the middle half of the samples spans \(Int((width * 100).rounded())) % of their "
            + "median")
      }
    }
    let topology = host.topology
    let machine = Machine(
      name: "\(topology.sockets)s-\(topology.coresPerSocket)c-\(topology.smt)t-measured",
      topology: topology, lineTransfer: lines.transfer, interrupt: crossings.interrupt,
      message: crossings.message,
      constants: crossings.constants.merging(lines.constants) { first, _ in first },
      spread: spread, sources: crossings.sources(pairs: choice.pairs.count))
    return MeasuredMachine(
      machine: machine, warnings: warnings, cpus: host.cpus.map(\.number),
      pairs: choice.pairs.count)
  }
}
