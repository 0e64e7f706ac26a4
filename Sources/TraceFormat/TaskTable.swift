/// The tasks that lived when recording started, by thread id.
public struct TaskTable: Hashable, Sendable {
  /// Ascending in thread id; of several with one id the last counts.
  public let records: [TaskRecord]
  private let places: [TaskID: Int]

  /// A table of these tasks.
  public init(_ records: [TaskRecord]) {
    var latest: [TaskID: TaskRecord] = [:]
    for record in records { latest[record.task] = record }
    self.records = latest.values.sorted { $0.task < $1.task }
    var places: [TaskID: Int] = [:]
    for (index, record) in self.records.enumerated() { places[record.task] = index }
    self.places = places
  }

  /// The task with this id; nil where it was born later or is unknown.
  public subscript(task: TaskID) -> TaskRecord? { places[task].map { records[$0] } }
}
