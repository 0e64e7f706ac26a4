import Glibc

/// A capability that recording uses (capabilities(7)).
public enum Capability: String, Hashable, Sendable, CaseIterable {
  /// Loading BPF programs and maps (5.8).
  case bpf = "CAP_BPF"
  /// Attaching them to tracepoints and reading kernel memory (5.8).
  case performanceMonitoring = "CAP_PERFMON"
  /// Seeing kernel addresses in /proc/kallsyms under kptr_restrict.
  case systemLog = "CAP_SYSLOG"
  /// The old capability that stands for the first two; statistics of BPF programs still need it.
  case systemAdministration = "CAP_SYS_ADMIN"
  /// Ending the command that was started, whoever it runs as.
  case kill = "CAP_KILL"

  /// The bit in the capability sets (include/uapi/linux/capability.h).
  var bit: UInt64 {
    switch self {
    case .bpf: 39
    case .performanceMonitoring: 38
    case .systemLog: 34
    case .systemAdministration: 21
    case .kill: 5
    }
  }

  /// The effective capabilities of this process, from /proc/self/status.
  public static func effective() -> Set<Capability> {
    guard let status = KernelFile.text("/proc/self/status"),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("CapEff:") }),
      let bits = UInt64(line.dropFirst(7).drop(while: { $0 == "\t" || $0 == " " }), radix: 16)
    else { return [] }
    return Set(allCases.filter { bits >> $0.bit & 1 == 1 })
  }

  /// Those without which nothing can be recorded.
  public static func missingForRecording(_ held: Set<Capability> = effective()) -> [Capability] {
    if held.contains(.systemAdministration) { return [] }
    return [.bpf, .performanceMonitoring].filter { !held.contains($0) }
  }

  /// What to type so that every user may record with this program.
  public static var grant: String {
    let program = KernelFile.target("/proc/self/exe") ?? "oslet"
    return "sudo setcap cap_bpf,cap_perfmon,cap_syslog+ep \(program)"
  }
}
