import TraceFormat

/// Who the tasks of a trace are: name, process and cgroup, from the table taken at the start and from
/// what fork and exec said since.
///
/// The recorder's own say so in their name.
struct TaskNaming: Sendable {
  /// One task's identity.
  struct Identity: Sendable, Hashable {
    var name: String
    var process: Int32
    var cgroup: String
    /// Whether it is the recorder's.
    var isRecorder = false
  }

  /// By task handle.
  private(set) var identities: [Identity] = []

  /// Names every task of `ledger`, from the trace's `table` and `facts`.
  init(_ ledger: TaskLedger, table: [TaskRecord], facts: TraceFacts) {
    var recorded: [Int32: TaskRecord] = [:]
    for record in table { recorded[record.task.rawValue] = record }
    var used: Set<Int32> = []
    for task in ledger.tasks {
      guard task.id != 0 else {
        identities.append(Identity(name: "idle", process: 0, cgroup: ""))
        continue
      }
      // The table speaks of the tasks at the start, and so of the first one with an id; a later
      // table (a recorder may add tasks it meets) speaks of forked ones too.
      let record = !task.forked || used.insert(task.id).inserted ? recorded[task.id] : nil
      let parent: Identity? =
        task.parent >= 0 && Int(task.parent) < identities.count
        ? identities[Int(task.parent)] : nil
      let own = Self.text(task.nameLow, task.nameHigh)
      let process = task.process > 0 ? task.process : record?.process.rawValue ?? task.id
      let isRecorder = facts.isRecorder(process)
      let name = !own.isEmpty ? own : record?.name ?? parent?.name ?? "task"
      identities.append(
        Identity(
          name: isRecorder ? name + " (recorder)" : name, process: process,
          cgroup: record?.cgroup ?? parent?.cgroup ?? "", isRecorder: isRecorder))
    }
  }

  /// Sixteen bytes of a task's name, little endian, up to the first zero.
  private static func text(_ low: UInt64, _ high: UInt64) -> String {
    var bytes: [UInt8] = []
    for word in [low, high] {
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        let byte = UInt8(truncatingIfNeeded: word >> shift)
        if byte == 0 { return String(decoding: bytes, as: UTF8.self) }
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
