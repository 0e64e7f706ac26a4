import Measures
import Workloads

/// What a sweep came to: one prediction a source, as `predict --json` gives it.
struct SweepTable: Codable {
  /// One source and its prediction.
  struct Row: Codable {
    var source: String
    var prediction: Prediction
  }

  static let schema = "oslet.sweep/1"

  var schema = Self.schema
  var sources: [Row]

  /// One line a cell, a header first.
  var csv: String {
    var rows = [
      [
        "source", "layout", "cpus", "throughput_per_s", "low", "high", "efficiency", "useful",
        "lock_wait", "line_transfer", "ipi", "message", "idle", "messages_per_s", "crossing_share",
        "first_saturated", "backtest_throughput_relative_error", "backtest_wait_relative_error",
      ]
    ]
    for row in sources {
      let backtest = row.prediction.backtest
      for point in row.prediction.points {
        let share = point.cpuShare
        let rate = point.throughputPerSecond
        let numbers = [
          rate.value, rate.low, rate.high, point.efficiency, share.useful, share.lockWait,
          share.lineTransfer, share.ipi, share.message, share.idle, point.messagesPerSecond,
          point.crossingShare,
        ]
        rows.append(
          [row.source, point.layout, "\(point.cpus)"] + numbers.map { "\($0)" } + [
            point.firstSaturated ?? "", backtest.map { "\($0.throughputRelativeError)" } ?? "",
            backtest.map { "\($0.waitRelativeError)" } ?? "",
          ])
      }
    }
    return CSVText.text(of: rows)
  }
}
