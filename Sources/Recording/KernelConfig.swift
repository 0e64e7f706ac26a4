/// The configuration of the running kernel, where it can be read.
struct KernelConfig: Sendable {
  /// Every item that is set, by name without `CONFIG_`: `y`, `m`, or its value.
  private(set) var items: [String: String]
  /// Where it was read; nil when nowhere.
  private(set) var source: String?

  /// Items that change what events mean, or which exist; see docs/capture.md.
  static let telling = [
    "PREEMPT_RT", "PREEMPT_DYNAMIC", "PREEMPT", "PARAVIRT_SPINLOCKS", "PARAVIRT", "NR_CPUS",
    "QUEUED_SPINLOCKS", "QUEUED_RWLOCKS", "LOCKDEP", "LOCK_STAT", "LOCK_EVENT_COUNTS",
    "KALLSYMS_ALL", "FAIR_GROUP_SCHED", "HZ", "NO_HZ_FULL", "MITIGATION_RETPOLINE",
    "MUTEX_SPIN_ON_OWNER", "RWSEM_SPIN_ON_OWNER", "X86_BROADCAST_TLB_FLUSH", "PER_VMA_LOCK",
    "NUMA_AWARE_SPINLOCKS", "DEBUG_INFO_BTF", "UNWINDER_ORC", "UNWINDER_FRAME_POINTER",
  ]

  /// Reads it from the kernel itself or from where distributions put it.
  static func running(release: String) -> KernelConfig {
    let places = [
      "/proc/config.gz", "/boot/config-\(release)", "/lib/modules/\(release)/config",
      "/usr/lib/modules/\(release)/config", "/lib/modules/\(release)/build/.config",
    ]
    for place in places {
      if let text = KernelFile.text(place), text.contains("CONFIG_") {
        return KernelConfig(parsing: text, source: place)
      }
    }
    return KernelConfig(parsing: "", source: nil)
  }

  /// The items of a `.config` text.
  init(parsing text: String, source: String?) {
    items = [:]
    self.source = source
    for line in text.split(separator: "\n") where line.hasPrefix("CONFIG_") {
      let sides = line.split(separator: "=", maxSplits: 1)
      if sides.count == 2 { items[String(sides[0].dropFirst(7))] = String(sides[1]) }
    }
  }

  /// Whether an item is built in or a module.
  func has(_ item: String) -> Bool { items[item] == "y" || items[item] == "m" }

  /// The telling items: their values, and `n` for those that are not set in a readable config.
  var tellingItems: [String: String] {
    guard source != nil else { return [:] }
    return Dictionary(uniqueKeysWithValues: Self.telling.map { ($0, items[$0] ?? "n") })
  }
}
