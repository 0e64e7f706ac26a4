/// Counts and sums by a pair of handles: (caller, class), (waker, woken), (task, function).
struct PairTally: Sendable {
  /// One pair's sum.
  struct Entry: Sendable {
    /// First handle.
    var first: Int32
    /// Second handle.
    var second: Int32
    /// How often.
    var count: UInt64 = 0
    /// Sum of what was added, in the unit of whoever adds.
    var total = 0.0
  }

  private var table = HandleTable()
  /// The pairs, in order of first sight.
  private(set) var entries: [Entry] = []

  /// Adds one occurrence of the pair, worth `amount`.
  mutating func add(_ first: Int32, _ second: Int32, amount: Double = 0, count: UInt64 = 1) {
    let key = UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
    let handle = Int(table.insert(key))
    if handle == entries.count { entries.append(Entry(first: first, second: second)) }
    entries[handle].count += count
    entries[handle].total += amount
  }
}
