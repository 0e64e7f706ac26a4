import Measures
import Workloads

@testable import Reporting

/// The sample with everything that comes from outside replaced by what a careless or malicious
/// writer could put there.
enum Hostile {
  static let names = [
    "</script><script>alert(1)</script>", "\" onload=\"x", "<svg onload=alert(1)>&amp;&lt;",
    String(repeating: "very_long_lock_class_name_", count: 20),
    "\u{202e}gnirts\u{202c} \u{0}\u{7}\u{1b}[31m",
    "\u{1F512}\u{1F512} lock\u{301} \u{fffe}", "a\tb\nc\r\nd", "", "   ", "-- ]]> --> <!--",
    String(repeating: "x", count: 500),
  ]

  static func name(_ index: Int) -> String { names[index % names.count] }

  static func input() -> ReportInput {
    var input = Sample.input()
    input.title = names.joined(separator: " ")
    for index in input.prediction?.points.indices ?? 0..<0 {
      input.prediction?.points[index].classes = names.indices.map {
        ClassPrediction(
          name: name($0), utilization: Double(index) / 28, waitNsMean: index == 3 ? .nan : 1e300,
          acquisitionsPerSecond: .infinity)
      }
      input.prediction?.points[index].cpuShare.ipi = .nan
      input.prediction?.points[index].firstSaturated = name(index)
    }
    input.prediction?.points[5].throughputPerSecond = Interval(value: .nan, low: .nan, high: .nan)
    input.prediction?.points[6].throughputPerSecond = Interval(
      value: .leastNonzeroMagnitude, low: -1, high: .infinity)
    input.prediction?.points[12].throughputPerSecond = Interval(exactly: .greatestFiniteMagnitude)
    for (index, name) in names.enumerated() {
      input.prediction?.points.append(
        PredictionPoint(
          layout: name, cpus: index < 5 ? 64 : 4096, throughputPerSecond: Interval(exactly: 1e6),
          efficiency: 0, cpuShare: CPUShare(), messagesPerSecond: 1e9, firstSaturated: nil,
          classes: []))
    }
    input.prediction?.backtest?.classes = names.map {
      Backtest.ClassError(name: $0, measuredNs: 0, predictedNs: -.infinity)
    }
    input.layouts = names.map { name in
      LayoutFacts(
        name: name, cpus: 4096, oslets: 4096, isConventional: false,
        classes: names.map {
          .init(name: $0, scope: .image, sharing: .owned, message: .notified, instances: .max)
        }, refusals: names)
    }
    input.recording?.kernel = names[0]
    input.recording?.config = [names[0]: names[1], names[4]: names[5]]
    input.recording?.regimes = [names[3]: names[4]]
    input.recording?.command = names
    input.recording?.events = .max
    input.recording?.lost = .max
    input.recording?.losses = names.map { .init(cpu: .max, kind: $0, lost: .max, suppressed: .max) }
    input.commands = [names, []]
    input.assumptions = names
    input.baselines = [BaselineCurve(name: names[0], points: [], remark: names[2])]
    input.breakEvens = [
      BreakEven(
        layout: names[3], cpus: 64, crossingShare: Interval(value: .nan, low: 0, high: 1),
        messageNs: Interval(exactly: .infinity))
    ]
    return input
  }
}
