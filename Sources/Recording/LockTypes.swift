import TraceFormat

/// Types of locks to record: the words of `record -Y`, which are perf's.
///
/// Source: lock_type_table in tools/perf/builtin-lock.c (Linux 6.18).
public struct LockTypes: Hashable, Sendable {
  /// Bit f is set where contentions with the flags f are wanted; see `LockFlags`.
  let flags: UInt64
  /// The words asked for.
  let names: [String]

  private static let table: [(name: String, flags: LockFlags)] = [
    ("semaphore", []), ("spinlock", .spin), ("rwlock:R", [.spin, .read]),
    ("rwlock:W", [.spin, .write]), ("rwsem:R", .read), ("rwsem:W", .write),
    ("rtmutex", .realTime), ("rwlock-rt:R", [.realTime, .read]),
    ("rwlock-rt:W", [.realTime, .write]), ("pcpu-sem:R", [.perCPU, .read]),
    ("pcpu-sem:W", [.perCPU, .write]), ("mutex", .mutex),
  ]

  /// The types of a comma-separated list; a reader-writer lock without `:R` or `:W` means both.
  public static func parse(_ list: String) throws(RecordError) -> LockTypes {
    var flags: UInt64 = 0
    let words = list.split(separator: ",").map(String.init)
    for word in words {
      let name = Self.usual(word)
      let rows = table.filter { $0.name == name || $0.name.hasPrefix(name + ":") }
      if rows.isEmpty {
        let known = table.map(\.name).joined(separator: ", ")
        throw .badOption("-Y", reason: "no lock type \"\(word)\"; known: \(known)")
      }
      for row in rows { flags |= 1 << UInt64(row.flags.rawValue) }
      // A mutex that spins first says so as well.
      if name == "mutex" {
        flags |= 1 << UInt64(LockFlags([.mutex, .spin]).rawValue)
      }
    }
    if flags == 0 { throw .badOption("-Y", reason: "no lock type given") }
    return LockTypes(flags: flags, names: words)
  }

  /// perf's name of a type that is spelled as in our own tables, or as perf did before 6.4.
  private static func usual(_ word: String) -> String {
    for other in ["percpu-rwsem", "percpu-rwmem"] where word.hasPrefix(other) {
      return "pcpu-sem" + word.dropFirst(other.count)
    }
    return word
  }
}
