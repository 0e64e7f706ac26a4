import Queueing
import Workloads

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Which series of a table were seen to fall from spinning to sleeping in their known rows.
///
/// When a lock falls asleep depends on its critical section, whether it can depends on its code. A table
/// that has the same code under several critical sections says so: their series name the same lock kind,
/// and their names differ in numbers alone (`cs_load=1`, `cs_load=20`, `200/1000`).
struct SleepingEvidence {
  /// A fall between two neighbouring rows that no row takes back: a quarter is ten times their noise.
  static let fall = 0.75

  private let asleep: [(code: String, name: String, perNs: Double)]

  /// What the rows with at most `limit` threads of all series of `table` say.
  init(_ table: ScalingTable, machine: Machine, limit: Int) {
    asleep = table.series.compactMap { series in
      let family = LockFamily(series.lockKind)
      guard family.discipline == .blocking, family.mixesReaders else { return nil }
      // One thread alone waits for nobody.
      let rows = series.rows.filter { $0.threads > 1 && $0.threads <= limit }
      guard let last = rows.last, Self.falls(rows) else { return nil }
      let perNs = last.perUs / 1e3
      let level = log(perNs * SleepingRegime.wakeUp(machine))
      guard abs(level) < 2 * SleepingRegime.spread else { return nil }
      return (Self.code(series), series.name, perNs)
    }
  }

  /// Throughputs per nanosecond of the sleeping regime in other series of the lock code of `series`.
  func others(than series: ScalingTable.Series) -> [Double] {
    let code = Self.code(series)
    return asleep.filter { $0.code == code && $0.name != series.name }.map(\.perNs)
  }

  private static func falls(_ rows: [ScalingTable.Row]) -> Bool {
    zip(rows, rows.dropFirst()).contains { before, after in
      rows.allSatisfy { $0.threads < after.threads || $0.perUs < fall * before.perUs }
    }
  }

  /// The lock kind and the name without its numbers: whole words, or what stands behind an equals sign.
  private static func code(_ series: ScalingTable.Series) -> String {
    let words = series.name.split(separator: " ").map { word -> Substring in
      let value = word.lastIndex(of: "=").map { word[word.index(after: $0)...] } ?? word
      return value.contains(where: \.isLetter) ? word : word.dropLast(value.count)
    }
    return series.lockKind + ":" + words.joined(separator: " ")
  }
}
