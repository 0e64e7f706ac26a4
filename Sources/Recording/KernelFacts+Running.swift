import CBPF
import Glibc
import TraceFormat

extension KernelFacts {
  /// The kernel and processor this runs on.
  static func running() -> KernelFacts {
    var name = utsname()
    unsafe uname(&name)
    let release = text(of: &name.release)
    let config = KernelConfig.running(release: release)
    let line = KernelFile.line("/proc/cmdline") ?? ""
    return KernelFacts(
      release: release, version: text(of: &name.version),
      architecture: text(of: &name.machine), config: config.tellingItems,
      parameters: line.split(separator: " ").map(String.init).filter(changesMeaning),
      hypervisor: hypervisor(), processor: processor())
  }

  /// Whether a boot parameter changes what events mean or cost; others may name the machine and
  /// stay out of the trace.
  private static func changesMeaning(_ parameter: String) -> Bool {
    let key = parameter.prefix { $0 != "=" }
    let telling: Set<Substring> = [
      "nopvspin", "noxen", "xen_nopvspin", "hv_nopvspin", "numa_spinlock", "preempt", "mitigations",
      "nosmt", "isolcpus", "nohz_full", "rcu_nocbs", "idle", "tsc", "clocksource", "maxcpus",
      "nr_cpus", "threadirqs", "csdlock_debug", "lockdown", "nopti", "pti", "invlpgb",
    ]
    return telling.contains(key)
  }

  /// The hypervisor's own name: CPUID, else what /sys/hypervisor says; nil on bare metal.
  private static func hypervisor() -> String? {
    var signature:
      (
        CChar, CChar, CChar, CChar, CChar, CChar, CChar, CChar, CChar, CChar, CChar, CChar, CChar
      ) = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    let present = unsafe withUnsafeMutableBytes(of: &signature) { raw in
      // SAFETY: the function writes thirteen bytes, the last a zero.
      unsafe oslet_hypervisor_signature(raw.baseAddress?.assumingMemoryBound(to: CChar.self))
    }
    if present != 0 {
      let name = text(of: &signature)
      // The signatures are those of the hypervisors' own documentation.
      let known = [
        "KVMKVMKVM": "KVM", "Microsoft Hv": "Hyper-V", "VMwareVMware": "VMware",
        "XenVMMXenVMM": "Xen", "TCGTCGTCGTCG": "QEMU TCG", "bhyve bhyve ": "bhyve",
        "ACRNACRNACRN": "ACRN",
      ]
      return known[name] ?? (name.isEmpty ? "unknown" : name)
    }
    return KernelFile.line("/sys/hypervisor/type")
  }

  private static func processor() -> String {
    let lines = (KernelFile.text("/proc/cpuinfo") ?? "").split(separator: "\n")
    for key in ["model name", "Processor", "cpu model", "CPU part"] {
      if let line = lines.first(where: { $0.hasPrefix(key) }),
        let value = line.split(separator: ":", maxSplits: 1).last
      {
        return String(value.drop(while: { $0 == " " }))
      }
    }
    return "unknown"
  }

  /// The text of a C array of characters that ends with a zero.
  private static func text<Array>(of array: inout Array) -> String {
    unsafe withUnsafeBytes(of: &array) { raw in
      unsafe String(decoding: raw.prefix(while: { $0 != 0 }), as: UTF8.self)
    }
  }
}
