import TraceFormat

/// Notices CPUs that are plugged in or unplugged while recording.
///
/// Every CPU that is present has a log from the start, so nothing is lost when one comes or goes: the log
/// of one that went is drained to its end. What must be said is that it was not idle but absent.
struct CPUWatch {
  private var online: Set<Int>
  private let recorded: Set<Int>
  private let list: String
  /// The changes so far, in their order.
  private(set) var changes: [CPUChange] = []

  /// A watch over `recorded` CPUs, of which some may be offline.
  init(recorded: [Int], list: String = "/sys/devices/system/cpu/online") {
    self.recorded = Set(recorded)
    self.list = list
    online = []
    online = now() ?? []
  }

  /// The CPUs of `recorded` that are online.
  private func now() -> Set<Int>? {
    KernelFile.cpuList(list).map { recorded.intersection($0) }
  }

  /// Looks again, at this time of the monotonic clock.
  mutating func look(_ time: UInt64) {
    guard let now = now(), now != online else { return }
    for cpu in now.symmetricDifference(online).sorted() {
      changes.append(CPUChange(cpu: cpu, isOnline: now.contains(cpu), noticedNanoseconds: time))
    }
    online = now
  }
}
