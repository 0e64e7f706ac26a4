/// Which tasks of one name and role do the same: one that makes far more system calls for its CPU time, or
/// meets others far more often at the lock it waits for most, does something else.
///
/// Tasks that are alike differ little and without a gap; a gap parts two kinds of task.
struct TaskLikeness {
  /// What one task does, counted.
  struct Rates {
    var task: Int
    /// CPU time, nanoseconds.
    var ran: Double
    var systemCalls: Double
    /// Contentions for the class it waits for most.
    var contentions: Double
  }

  /// A ratio of two neighbours' rates that is a gap.
  private static let gap = 2.0
  /// Fewest events that make a rate.
  private static let fewest = 100.0

  /// The tasks in sets that do the same, each ascending; the sets in order of their first task.
  static func sets(_ tasks: [Rates]) -> [[Int]] {
    let byCalls = split(tasks) { $0.systemCalls }
    let all = byCalls.flatMap { part in split(part) { $0.contentions } }
    return all.map { $0.map(\.task).sorted() }.sorted { ($0.first ?? 0) < ($1.first ?? 0) }
  }

  /// Cuts tasks where neighbours by `events` for their CPU time lie a gap apart; those with too few events
  /// to have a rate stay with the most.
  private static func split(_ tasks: [Rates], by events: (Rates) -> Double) -> [[Rates]] {
    var parts: [[Rates]] = []
    var last = 0.0
    let rated = tasks.filter { $0.ran > 0 && events($0) >= fewest }
    for task in rated.sorted(by: { events($0) / $0.ran < events($1) / $1.ran }) {
      let rate = events(task) / task.ran
      if parts.isEmpty || rate > gap * last { parts.append([]) }
      parts[parts.count - 1].append(task)
      last = rate
    }
    let rest = tasks.filter { $0.ran == 0 || events($0) < fewest }
    guard !rest.isEmpty else { return parts }
    let most = parts.indices.max { parts[$0].count < parts[$1].count }
    guard let most else { return [rest] }
    parts[most] += rest
    return parts
  }
}
