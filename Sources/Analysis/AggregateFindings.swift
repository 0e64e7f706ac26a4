import Measures
import TraceFormat
import Workloads

/// Waits that the recorder added up in the kernel: how many and how long, by class and caller, in the
/// names that traced waits have.
///
/// There is no order of events in them, so nothing of them is paired, replayed or predicted.
public struct AggregateFindings: Hashable, Sendable, Encodable {
  /// Events counted in place of being recorded, by kind.
  public var eventsByKind: [String: UInt64]
  /// Contentions whose begin was counted in place of being recorded, of all that were either, 0...1.
  public var contentionShare: Double
  /// Waits that ended.
  public var waits: UInt64
  /// Their time, nanoseconds.
  public var waitNs: Double
  /// By class, in descending order of total wait.
  public var classes: [Row]

  /// The waits of one class.
  public struct Row: Hashable, Sendable, Encodable {
    /// The class.
    public var name: String
    /// The lock kind as perf spells it; empty for locks of several kinds.
    public var kind: String
    /// How many waits.
    public var contentions: UInt64
    /// How long; quantiles within a factor of 1.5, since lengths were counted by powers of two.
    public var wait: WaitTimes
    /// By caller, in descending order of total wait.
    public var callers: [ClassFinding.Caller]
  }

  enum CodingKeys: String, CodingKey {
    case waits, classes
    case eventsByKind = "events_by_type"
    case contentionShare = "contention_share"
    case waitNs = "wait_ns"
  }

  /// The findings of `records`, whose locks `naming` knows, beside so many `recorded` contentions.
  init(
    _ records: [AggregateRecord], recorded: UInt64, instances: [Int32], naming: LockNaming,
    callers: CallerTable
  ) {
    struct Sums {
      var sums = Sum()
      var callers: [String: Sum] = [:]
    }
    var byName: [[String]: Sums] = [:]
    eventsByKind = [:]
    for (index, record) in records.enumerated() {
      guard !record.histogram.isEmpty else {
        eventsByKind[record.kind.name, default: 0] &+= record.count
        continue
      }
      let caller = callers.caller(record.stack)
      let callerName = caller < 0 ? "[no stack]" : callers.names[Int(caller)]
      let instance = Int(instances[index])
      let role = instance < 0 ? nil : naming.roles[Int(naming.roleOf[instance])]
      let key = Self.name(record, role: role, caller: caller < 0 ? nil : callerName)
      byName[key, default: Sums()].sums.add(record)
      byName[key, default: Sums()].callers[callerName, default: Sum()].add(record)
    }
    let counted = Double(eventsByKind[EventKind.contentionBegin.name] ?? 0)
    contentionShare = counted > 0 ? counted / (counted + Double(recorded)) : 0
    waits = byName.values.reduce(0) { $0 &+ $1.sums.count }
    waitNs = byName.values.reduce(0) { $0 + $1.sums.total }
    classes = byName.map { key, sums in
      Row(
        name: key[0], kind: key[1], contentions: sums.sums.count, wait: sums.sums.times,
        callers: sums.callers.map {
          ClassFinding.Caller(symbol: $0, contentions: $1.count, waitNsTotal: $1.total)
        }.sorted { ($1.waitNsTotal, $0.symbol) < ($0.waitNsTotal, $1.symbol) })
    }.sorted { ($1.wait.total, $0.name, $0.kind) < ($0.wait.total, $1.name, $1.kind) }
  }

  private static func name(
    _ record: AggregateRecord, role: LockNaming.Role?, caller: String?
  ) -> [String] {
    guard let flags = record.flags else { return ["locks beyond the tables", ""] }
    let family = LockFamily(flags)
    let kind = family.name(flags.contains(.read) ? .read : .write)
    if let role { return [role.name, kind] }
    return [family.name + (caller.map { " via " + $0 } ?? ", unsampled"), kind]
  }

  /// Waits added up once more.
  private struct Sum {
    var count: UInt64 = 0
    var total = 0.0
    var longest = 0.0
    var buckets: [UInt64] = []

    mutating func add(_ record: AggregateRecord) {
      count &+= record.count
      total += record.total.value
      longest = max(longest, record.longest.value)
      while buckets.count < record.histogram.count { buckets.append(0) }
      for (bucket, n) in record.histogram.enumerated() { buckets[bucket] &+= n }
    }

    var times: WaitTimes {
      WaitTimes(
        total: total, mean: count > 0 ? total / Double(count) : 0, p50: quantile(0.5),
        p90: quantile(0.9), p99: quantile(0.99), max: longest)
    }

    /// The middle, on a logarithmic scale, of the bucket below whose end the share lies.
    private func quantile(_ share: Double) -> Double {
      let all = buckets.reduce(0.0) { $0 + Double($1) }
      var seen = 0.0
      for (bucket, n) in buckets.enumerated() {
        seen += Double(n)
        if n > 0, seen >= share * all {
          return min(longest, 1.5 * Double(UInt64(1) << UInt64(min(bucket, 62))))
        }
      }
      return 0
    }
  }
}
