import FoundationEssentials

/// What can blur a measurement of this machine.
struct HostConditions {
  /// Ticks of all CPUs since boot, as /proc/stat counts them.
  struct Ticks {
    var stolen: Double
    var total: Double

    /// The ticks now; nil where /proc/stat is not readable.
    ///
    /// Source: proc_stat(5): user nice system idle iowait irq softirq steal, 100 a second.
    init?(stat: String) {
      guard let line = stat.split(separator: "\n").first, line.hasPrefix("cpu ") else { return nil }
      let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
      guard ticks.count == 8 else { return nil }
      stolen = ticks[7]
      total = ticks.reduce(0, +)
    }
  }

  private let before: Ticks?
  private let proc: String
  private let sys: String

  /// Conditions read under `proc` and `sys` (usually `/proc` and `/sys`), from now on.
  init(proc: String, sys: String) {
    self.proc = proc
    self.sys = sys
    before = KernelFile.text("\(proc)/stat").flatMap(Ticks.init(stat:))
  }

  /// The hypervisor this machine runs under; nil on bare metal.
  ///
  /// Source: the `hypervisor` flag of /proc/cpuinfo on x86 (CPUID leaf 1, ECX bit 31);
  /// /sys/hypervisor/type and the device tree's `hypervisor` node elsewhere.
  var hypervisor: String? {
    if let type = KernelFile.text("\(sys)/hypervisor/type"), !type.isEmpty, type != "none" {
      return type
    }
    if let vendor = KernelFile.text("\(sys)/class/dmi/id/sys_vendor"),
      ["QEMU", "Xen", "VMware, Inc.", "Google", "Amazon EC2"].contains(vendor), isGuest
    {
      return vendor
    }
    return isGuest ? "a hypervisor" : nil
  }

  private var isGuest: Bool {
    let flags = KernelFile.text("\(proc)/cpuinfo")?.split(separator: "\n")
      .first { $0.hasPrefix("flags") }
    if let flags { return flags.split(separator: " ").contains("hypervisor") }
    return FileManager.default.fileExists(atPath: "\(proc)/device-tree/hypervisor")
  }

  /// One line for each thing that blurs what was measured since these conditions were first read.
  func warnings() -> [String] {
    var warnings: [String] = []
    if let hypervisor {
      warnings.append(
        "this machine is a guest of \(hypervisor): CPUs may move under it, an IPI or a wake-up may "
          + "leave the guest, and the topology it shows may not be the host's")
    }
    if let before, let after = KernelFile.text("\(proc)/stat").flatMap(Ticks.init(stat:)),
      after.total > before.total
    {
      let share = (after.stolen - before.stolen) / (after.total - before.total)
      if share > 0.001 {
        warnings.append(
          "the host took \(tenths(share * 100)) % of CPU time away while measuring (steal)")
      }
    }
    let clock = "\(sys)/devices/system/clocksource/clocksource0/current_clocksource"
    if let source = KernelFile.text(clock),
      !["tsc", "kvm-clock", "arch_sys_counter"].contains(source)
    {
      warnings.append("the clock is \(source), which is slow to read: short times are too long")
    }
    if let text = KernelFile.text("\(proc)/loadavg"), let word = text.split(separator: " ").first,
      let load = Double(word), load > 0.5
    {
      warnings.append("\(word) tasks were running on average: repeat on an idle machine")
    }
    return warnings
  }
}

/// One decimal, without Foundation.
func tenths(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
