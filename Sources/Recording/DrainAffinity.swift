import CBPF

/// Where the recorder itself runs.
enum DrainAffinity {
  /// The most CPUs that Linux takes on x86-64 (NR_CPUS_RANGE_END, arch/x86/Kconfig).
  private static let words = 8192 / 64

  /// Keeps this process on one CPU, or, where none is named, off those that were set apart for other
  /// work (`isolcpus`, `nohz_full`).
  static func confine(to cpu: Int?) throws(RecordError) {
    var mask = [UInt64](repeating: 0, count: words)
    if let cpu {
      mask[cpu / 64] = 1 << (cpu % 64)
    } else {
      let apart = ["isolated", "nohz_full"].flatMap {
        KernelFile.cpuList("/sys/devices/system/cpu/\($0)") ?? []
      }
      guard !apart.isEmpty, unsafe oslet_get_affinity(&mask, words * 8) == 0 else { return }
      let allowed = mask
      for cpu in apart where cpu / 64 < words { mask[cpu / 64] &= ~(1 << (cpu % 64)) }
      // Where all it may run on is set apart, somebody meant it to be there.
      if mask == allowed || mask.allSatisfy({ $0 == 0 }) { return }
    }
    let status = unsafe oslet_set_affinity(mask, words * 8)
    if status != 0 { throw .system(call: "sched_setaffinity", errno: -status) }
  }

  /// Calls `body` on each of these CPUs, with its number; from elsewhere for one that is offline or
  /// that this thread may not run on.
  static func visit(_ cpus: [Int], _ body: (Int) -> Void) {
    var home = [UInt64](repeating: 0, count: words)
    _ = unsafe oslet_get_affinity(&home, words * 8)
    for cpu in cpus {
      var mask = [UInt64](repeating: 0, count: words)
      mask[cpu / 64] = 1 << (cpu % 64)
      _ = unsafe oslet_set_affinity(mask, words * 8)
      body(cpu)
    }
    _ = unsafe oslet_set_affinity(home, words * 8)
  }
}
