import Measures
import Workloads

/// What of a group's CPU time is not its own computing.
extension WorkloadInference {
  /// CPU time of a group that it waited in, for locks and other CPUs, or that others' interrupts and the
  /// recorder's probes of its contentions took, nanoseconds.
  func waited(_ group: TaskGrouping.Group) -> Double {
    let spins = group.spins.reduce(0, +) + untracedWait(group)
    let waitedFor = group.calls.indices.reduce(0) { $0 + group.calls[$1] * completion($1) }
    let probes = group.contentions.reduce(0, +) * evidence.contentionProbesNs
    return group.ran * stolenShare + spins + waitedFor + probes
  }

  /// CPU time of a group in which the lines of the locks it takes came from other CPUs, nanoseconds.
  func moves(_ group: TaskGrouping.Group) -> Double {
    let cpus = Double(findings.cpus)
    return group.contentions.indices.reduce(0) {
      let taken = acquisitions(group, $1)
      return $0 + (taken.others + taken.readers) * lines * transferNs * (cpus - 1) / cpus
    }
  }

  /// The lines that move without a traced wait.
  func untracedLines() -> UntracedLines {
    let groups = grouping.groups
    return UntracedLines(
      groups, explained: groups.map { waited($0) + moves($0) + sent($0) * sendNs },
      operations: groups.map { operations($0) }, transferNs: transferNs, cpus: findings.cpus)
  }

  /// How long a function's interrupt keeps its target, nanoseconds.
  ///
  /// The tracepoints stand around the function; entry and exit of the interrupt (and of the guest
  /// that takes it) lie outside. Of a call that is waited for, what it took beyond the cost of the
  /// interrupt itself is the target's.
  static func handler(
    _ function: InterruptLedger.Function, _ name: String, roundTripNs: Double?
  ) -> Double {
    let traced = function.handler.mean.value
    guard let roundTripNs, WaitedFunction.contains(name) else { return traced }
    return max(traced, function.completion.mean.value - roundTripNs)
  }

  /// Mean time a sender waits for a function, nanoseconds; 0 for one it does not wait for.
  func completion(_ function: Int) -> Double {
    WaitedFunction.contains(evidence.functionNames[function])
      ? evidence.functions[function].completion.mean.value : 0
  }

  /// Interrupts that a group sent without waiting for them.
  func sent(_ group: TaskGrouping.Group) -> Double {
    group.targets.indices.reduce(0) {
      $0 + (WaitedFunction.contains(evidence.functionNames[$1]) ? 0 : group.targets[$1])
    }
  }

  func untracedWait(_ group: TaskGrouping.Group) -> Double {
    group.contentions.indices.reduce(0) { sum, index in
      let demand = evidence.demands[index]
      let rate = findings.classes[index].contentionsPerSecond
      guard rate > 0 else { return sum }
      return sum + group.contentions[index] * demand.untracedWaitRate / rate
    }
  }
}
