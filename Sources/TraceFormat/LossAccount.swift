import Measures

/// What a recording missed, added up by CPU and kind.
public struct LossAccount: Hashable, Sendable {
  /// One record a CPU and kind with anything missing, in that order.
  public let records: [LossRecord]
  /// What was missed between two looks at the counters of a CPU, in the order of recording: none was
  /// missed outside of these times.
  public let ranges: [LossRecord]

  /// The sum of these records; counts that do not fit stay at the largest number.
  public init(_ records: [LossRecord]) {
    var sums: [LossRecord] = []
    for record in records.sorted(by: { ($0.cpu, $0.kind.rawValue) < ($1.cpu, $1.kind.rawValue) })
    where record.lost > 0 || record.suppressed > 0 {
      if let last = sums.indices.last, sums[last].cpu == record.cpu, sums[last].kind == record.kind
      {
        sums[last].lost = sums[last].lost.saturatingAdding(record.lost)
        sums[last].suppressed = sums[last].suppressed.saturatingAdding(record.suppressed)
        sums[last].first = min(sums[last].first, record.first)
        sums[last].last = max(sums[last].last, record.last)
      } else {
        sums.append(record)
      }
    }
    self.records = sums
    self.ranges = records
  }

  /// Events that found no room.
  public var lost: UInt64 { records.reduce(0) { $0.saturatingAdding($1.lost) } }

  /// Events raised inside the recorder itself.
  public var suppressed: UInt64 { records.reduce(0) { $0.saturatingAdding($1.suppressed) } }
}

extension UInt64 {
  /// The sum, or the largest number where it does not fit: counts come from files.
  func saturatingAdding(_ other: UInt64) -> UInt64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
