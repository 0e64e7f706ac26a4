import Measures
import TraceFormat
import Workloads

/// The waits of one class, lock, caller, task, process, cgroup or CPU.
public struct WaitRow: Hashable, Sendable, Encodable {
  /// Who waited, or for what.
  public var name: String
  /// The lock kind as perf spells it, where the row is of one kind.
  public var kind: String?
  /// Traced contentions with both ends.
  public var contentions: UInt64
  /// How long they were.
  public var wait: WaitTimes
  /// How much of the total was spent spinning, nanoseconds.
  public var spinNs: Double
  /// Share of all wait time, 0...1.
  public var share: Double

  enum CodingKeys: String, CodingKey {
    case name, kind, contentions, share
    case wait = "wait_ns"
    case spinNs = "spin_ns_total"
  }
}

/// Waits in nanoseconds.
public struct WaitTimes: Hashable, Sendable, Encodable {
  /// Their sum.
  public var total: Double
  /// Their mean; 0 without any, as all below.
  public var mean: Double
  /// The median, within 3.1 % (`LogHistogram`), as the two below.
  public var p50: Double
  /// The 90th percentile.
  public var p90: Double
  /// The 99th percentile.
  public var p99: Double
  /// The longest.
  public var max: Double

  /// Times; see the properties.
  init(total: Double, mean: Double, p50: Double, p90: Double, p99: Double, max: Double) {
    self.total = total
    self.mean = mean
    self.p50 = p50
    self.p90 = p90
    self.p99 = p99
    self.max = max
  }

  /// The times of a histogram.
  init(_ histogram: LogHistogram) {
    total = histogram.total.value
    mean = histogram.mean.value
    p50 = histogram.quantile(0.5).value
    p90 = histogram.quantile(0.9).value
    p99 = histogram.quantile(0.99).value
    max = histogram.max.value
  }
}

/// Sums waits by some key, for all keys, and distributions for the ones that matter.
struct WaitSummary {
  /// Rows kept of a kind whose number has no bound (locks, tasks): those of most wait.
  static let rowLimit = 1000

  /// One key's waits.
  struct Group {
    var key: Int
    var histogram: LogHistogram
    var spin: Double
    var firstFlags: UInt8

    /// Reader or writer, by its first wait.
    var mode: LockMode {
      LockFlags(rawValue: UInt32(firstFlags)).contains(.read) ? .read : .write
    }
  }

  /// The groups of most total wait, descending, equals by key.
  private(set) var groups: [Group] = []
  /// How many groups there are in all.
  private(set) var count = 0

  /// Sums `waits` by `key`, a number in 0..<keys; a negative one leaves the wait out.
  init(_ waits: [Wait], keys: Int, by key: (Wait) -> Int) {
    var totals = Array(repeating: 0.0, count: keys)
    var counts = Array(repeating: UInt32(0), count: keys)
    for wait in waits {
      let key = key(wait)
      guard key >= 0 else { continue }
      totals[key] += Double(wait.length)
      counts[key] &+= 1
    }
    var order = counts.indices.filter { counts[$0] > 0 }
    count = order.count
    order.sort { totals[$0] != totals[$1] ? totals[$0] > totals[$1] : $0 < $1 }
    order = Array(order.prefix(Self.rowLimit))
    var place = Array(repeating: Int32(-1), count: keys)
    for (index, key) in order.enumerated() {
      place[key] = Int32(truncatingIfNeeded: index)
      groups.append(Group(key: key, histogram: LogHistogram(), spin: 0, firstFlags: 0))
    }
    for wait in waits {
      let key = key(wait)
      guard key >= 0, place[key] >= 0 else { continue }
      let index = Int(place[key])
      if groups[index].histogram.count == 0 { groups[index].firstFlags = wait.flags }
      groups[index].histogram.add(Nanoseconds(Double(wait.length)))
      groups[index].spin += Double(wait.length - min(wait.length, wait.asleep))
    }
  }

  /// The groups as rows.
  func rows(
    total: Double, name: (Int) -> String, kind: (Group) -> String? = { _ in nil }
  ) -> [WaitRow] {
    groups.map { group in
      WaitRow(
        name: name(group.key), kind: kind(group), contentions: group.histogram.count,
        wait: WaitTimes(group.histogram), spinNs: group.spin,
        share: total > 0 ? group.histogram.total.value / total : 0)
    }
  }
}
