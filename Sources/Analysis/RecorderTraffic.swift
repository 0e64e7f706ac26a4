/// What the recorder's own tasks are in the recording: a part of every other number in it.
///
/// What an interrupt did while one of them ran counts as theirs.
public struct RecorderTraffic: Hashable, Sendable, Encodable {
  /// Contentions with both ends in which they waited.
  public private(set) var contentions: UInt64 = 0
  /// Their time, nanoseconds.
  public private(set) var waitNs = 0.0
  /// Wake-ups that they asked for.
  public private(set) var wakeUps: UInt64 = 0
  /// Times that they queued a function for another CPU, once a target.
  public private(set) var calls: UInt64 = 0
  /// The same by handle of the function.
  private var callsByHandle: [Int32: UInt64] = [:]

  enum CodingKeys: String, CodingKey {
    case contentions, calls
    case waitNs = "wait_ns"
    case wakeUps = "wake_ups"
  }

  /// The part of `identities` that is the recorder's; `calls` are by (task, function).
  init(
    _ waits: [Wait], _ tasks: TaskLedger, _ calls: PairTally, identities: [TaskNaming.Identity]
  ) {
    func isOwn(_ task: Int32) -> Bool { task >= 0 && identities[Int(task)].isRecorder }
    for wait in waits where isOwn(wait.task) {
      contentions += 1
      waitNs += Double(wait.length)
    }
    for edge in tasks.wakes.entries where isOwn(edge.first) { wakeUps += edge.count }
    for call in calls.entries where isOwn(call.first) {
      let targets = UInt64(call.total)
      self.calls += targets
      callsByHandle[call.second, default: 0] += targets
    }
  }

  /// Times that they queued each function, by its name; `names` are by handle.
  func callsByFunction(_ names: [String]) -> [String: UInt64] {
    var byName: [String: UInt64] = [:]
    for (handle, calls) in callsByHandle { byName[names[Int(handle)], default: 0] += calls }
    return byName
  }
}
