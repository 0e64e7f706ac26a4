import Measures
import Workloads

/// By what findings are listed: the values of `--by`.
public enum FindingsView: String, Sendable, CaseIterable {
  /// Lock classes.
  case lockClass = "class"
  /// Lock instances.
  case lock
  /// Functions that waited.
  case caller
  /// Tasks that waited.
  case task
  /// Processes that waited.
  case process
  /// Cgroups that waited.
  case cgroup
  /// CPUs that waited.
  case cpu
  /// Interrupts by function.
  case ipi
}

extension Findings {
  /// The rows of one view as comma-separated values (RFC 4180, lines end in a line feed), a header
  /// first; times in nanoseconds.
  public func csv(_ view: FindingsView) -> String {
    switch view {
    case .lockClass: classCSV
    case .lock: Self.csv(locks)
    case .caller: Self.csv(callers)
    case .task: Self.csv(tasks)
    case .process: Self.csv(processes)
    case .cgroup: Self.csv(cgroups)
    case .cpu: Self.csv(cpuRows)
    case .ipi: interruptCSV
    }
  }

  /// The wait rows of one view; nil for `class` and `ipi`, which have rows of their own.
  public func rows(_ view: FindingsView) -> [WaitRow]? {
    switch view {
    case .lockClass, .ipi: nil
    case .lock: locks
    case .caller: callers
    case .task: tasks
    case .process: processes
    case .cgroup: cgroups
    case .cpu: cpuRows
    }
  }

  private static let waitHeader = [
    "contentions", "wait_ns_total", "wait_ns_mean", "wait_ns_p50", "wait_ns_p90", "wait_ns_p99",
    "wait_ns_max", "spin_ns_total", "share",
  ]

  private static func csv(_ rows: [WaitRow]) -> String {
    let lines = rows.map { row in
      [row.name, row.kind ?? ""] + fields(row.contentions, row.wait, row.spinNs, row.share)
    }
    return CSVText.text(of: [["name", "kind"] + waitHeader] + lines)
  }

  private static func fields(
    _ contentions: UInt64, _ wait: WaitTimes, _ spin: Double, _ share: Double
  ) -> [String] {
    let times = [wait.total, wait.mean, wait.p50, wait.p90, wait.p99, wait.max, spin]
    return ["\(contentions)"] + times.map(whole) + ["\(share)"]
  }

  private var classCSV: String {
    let header =
      ["name", "kind", "scope", "instances"] + Self.waitHeader + [
        "hold_ns_mean", "hold_source", "hold_method", "think_ns", "acquisitions_per_s",
        "predicted_wait_ns_mean",
      ]
    let lines = classes.map { row in
      [row.name, row.kind, row.scope.rawValue, "\(row.instances)"]
        + Self.fields(row.contentions, row.wait, row.spinNs, row.share) + [
          Self.whole(row.hold.mean), row.hold.source, row.hold.method, Self.whole(row.thinkNs),
          Self.whole(row.acquisitionsPerSecond), row.predictedWaitNs.map(Self.whole) ?? "",
        ]
    }
    return CSVText.text(of: [header] + lines)
  }

  private var interruptCSV: String {
    let header = [
      "function", "count", "handler_ns_total", "latency_ns_p50", "completion_ns_mean",
      "waited_for",
    ]
    let lines = ipi.byFunction.map { row in
      [
        row.function, "\(row.count)", Self.whole(row.handlerNsTotal),
        Self.whole(row.latencyNsP50), Self.whole(row.completionNsMean), "\(row.waitedFor)",
      ]
    }
    return CSVText.text(of: [header] + lines)
  }

  /// Nanoseconds without a fraction; beyond 2^63 as they are.
  private static func whole(_ number: Double) -> String {
    Int64(exactly: number.rounded()).map { "\($0)" } ?? "\(number)"
  }
}
