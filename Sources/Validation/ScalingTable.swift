/// A scaling table: throughput of several series at several thread counts.
public struct ScalingTable: Hashable, Sendable {
  /// The series in the order of their first row.
  public var series: [Series]

  /// One lock, benchmark and machine at several thread counts.
  public struct Series: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// The lock kind as the table spells it.
    public var lockKind: String
    /// Time under the lock in nanoseconds; nil if the table leaves it to be fitted.
    public var criticalNs: Double?
    /// Time between two acquisitions in nanoseconds; nil if the table leaves it to be fitted.
    public var parallelNs: Double?
    /// The rows by ascending thread count; rows of the same count are averaged.
    public var rows: [Row]
  }

  /// One measurement.
  public struct Row: Hashable, Sendable {
    /// Threads.
    public var threads: Int
    /// Operations of all threads per microsecond.
    public var perUs: Double
  }

  /// The columns, all of which a table must name in its first line, in any order.
  public static let columns = [
    "series", "lock_kind", "critical_ns", "parallel_ns", "threads", "throughput_per_us",
  ]

  /// Reads a table in CSV (RFC 4180: fields may be quoted, quotes doubled, further columns are
  /// ignored; lines that start with # are comments).
  ///
  /// Throws `TableError.table` with the line for a missing column, a number that is none, or a
  /// series that contradicts its first row.
  public init(csv text: String) throws(TableError) {
    series = []
    var place: [String: Int] = [:]
    var width: [String: Int]?
    var sums: [[Int: (sum: Double, count: Int)]] = []
    var lineNumber = 0
    // A file from Windows ends its lines with CR LF, which Swift counts as one newline character.
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      lineNumber += 1
      if line.allSatisfy(\.isWhitespace) || line.hasPrefix("#") { continue }
      let fields = Self.fields(of: line)
      guard let column = width else {
        var found: [String: Int] = [:]
        for (index, name) in fields.enumerated() { found[Self.trimmed(name)] = index }
        if let missing = Self.columns.first(where: { found[$0] == nil }) {
          throw .table(line: lineNumber, "no column '\(missing)'; the first line names the columns")
        }
        width = found
        continue
      }
      func field(_ name: String) -> String {
        guard let index = column[name], index < fields.count else { return "" }
        return Self.trimmed(fields[index])
      }
      let name = field("series")
      let threads = Int(field("threads")) ?? 0
      guard (1...1_000_000).contains(threads) else {
        throw .table(
          line: lineNumber, "threads '\(field("threads"))' must be a whole number from 1 to 1000000"
        )
      }
      guard let perUs = Double(field("throughput_per_us")), perUs.isFinite, perUs > 0 else {
        throw .table(
          line: lineNumber,
          "throughput_per_us '\(field("throughput_per_us"))' must be a number above 0")
      }
      let critical = try Self.span(field("critical_ns"), "critical_ns", lineNumber)
      let parallel = try Self.span(field("parallel_ns"), "parallel_ns", lineNumber)
      let index: Int
      if let known = place[name] {
        index = known
        let first = series[known]
        guard
          (first.lockKind, first.criticalNs, first.parallelNs)
            == (field("lock_kind"), critical, parallel)
        else {
          throw .table(
            line: lineNumber,
            "series '\(name)' has another lock_kind, critical_ns or parallel_ns than in its first row"
          )
        }
      } else {
        index = series.count
        place[name] = index
        series.append(
          Series(
            name: name, lockKind: field("lock_kind"), criticalNs: critical, parallelNs: parallel,
            rows: []))
        sums.append([:])
      }
      let before = sums[index][threads] ?? (0, 0)
      sums[index][threads] = (before.sum + perUs, before.count + 1)
    }
    if width == nil {
      throw .nothingToDo("empty; expected a first line \(Self.columns.joined(separator: ","))")
    }
    for index in series.indices {
      series[index].rows = sums[index].keys.sorted().map { threads in
        let all = sums[index][threads] ?? (0, 1)
        return Row(threads: threads, perUs: all.sum / Double(all.count))
      }
    }
  }

  private static func span(
    _ field: String, _ column: String, _ line: Int
  ) throws(TableError) -> Double? {
    if field.isEmpty { return nil }
    guard let value = Double(field), value.isFinite, value >= 0 else {
      throw .table(line: line, "\(column) '\(field)' must be empty or a number, zero or more")
    }
    return value
  }

  private static func trimmed(_ field: String) -> String {
    let inner = field.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    return String(inner.reversed().drop { $0.isWhitespace }.reversed())
  }

  private static func fields(of line: Substring) -> [String] {
    var fields = [""]
    var quoted = false
    var closed = false
    for character in line {
      if character == "\"" {
        // A quote right after a closing one is a literal quote.
        if closed { fields[fields.count - 1].append(character) }
        closed = quoted
        quoted.toggle()
        continue
      }
      closed = false
      if character == ",", !quoted {
        fields.append("")
      } else {
        fields[fields.count - 1].append(character)
      }
    }
    return fields
  }
}
