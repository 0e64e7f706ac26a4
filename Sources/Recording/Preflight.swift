public import TraceFormat

/// What this machine, this kernel and this process can record.
public struct Preflight: Hashable, Sendable, Codable {
  /// `oslet.check/1`.
  public var schema = "oslet.check/1"
  /// Whether a recording would start now.
  public var canRecord: Bool
  /// Everything looked at, in the order of importance.
  public var findings: [Finding]
  /// The kernel and its hypervisor.
  public var kernel: KernelFacts
  /// How each lock kind shows on this kernel; see docs/capture.md.
  public var regimes: [String: String]
  /// Bytes of each CPU's log at default settings.
  public var logBytesPerCPU: Int

  enum CodingKeys: String, CodingKey {
    case schema, findings, kernel, regimes
    case canRecord = "can_record"
    case logBytesPerCPU = "log_bytes_per_cpu"
  }

  /// Why not, in the terms of the exit status; nil where a recording would start.
  public var obstacle: Finding? {
    findings.first { $0.weight == .impossible } ?? findings.first { $0.weight == .notPermitted }
  }

  /// Looks at everything.
  ///
  /// Loads the probes once, without attaching them, where that is permitted; changes nothing. Takes
  /// some tenths of a second.
  public static func run() -> Preflight {
    let kernel = KernelFacts.running()
    var findings = capabilities()
    let types = KernelTypes()
    if types == nil {
      findings.append(
        Finding(
          "BTF", .impossible, "/sys/kernel/btf/vmlinux cannot be read",
          consequence: "probes cannot be fitted to this kernel",
          remedy: "boot a kernel with CONFIG_DEBUG_INFO_BTF"))
    } else {
      findings.append(Finding("BTF", .fine, "/sys/kernel/btf/vmlinux"))
    }
    findings += [lockdown(), symbols(), namespace(), configuration(kernel)]
    if let types {
      findings += tracepoints(types)
      findings.append(slabCaches(types))
    }
    if !findings.contains(where: { $0.weight == .impossible || $0.weight == .notPermitted }) {
      findings.append(trialLoad())
    }
    let order: [Finding.Weight] = [.impossible, .notPermitted, .less, .fine]
    let sorted = order.flatMap { weight in findings.filter { $0.weight == weight } }
    return Preflight(
      canRecord: !findings.contains { $0.weight == .impossible || $0.weight == .notPermitted },
      findings: sorted, kernel: kernel, regimes: Regimes.of(kernel),
      logBytesPerCPU: RecordOptions.defaultBytesPerCPU(cpus: RecordingPlan.presentCPUs().count))
  }

  private static func capabilities() -> [Finding] {
    let held = Capability.effective()
    let missing = Capability.missingForRecording(held)
    var findings = [Capability.bpf, .performanceMonitoring].map { capability in
      missing.contains(capability)
        ? Finding(
          capability.rawValue, .notPermitted, "not held", consequence: "nothing can be recorded",
          remedy: "run as root, or \(Capability.grant)")
        : Finding(capability.rawValue, .fine, "held")
    }
    if missing.isEmpty, !held.contains(.systemAdministration) {
      findings.append(
        Finding(
          "CAP_SYS_ADMIN", .less, "not held",
          consequence: "what the probes cost is not measured (BPF_ENABLE_STATS), and a static lock "
            + "without a symbol is not told from others (/proc/iomem)",
          remedy: "record as root, which drops its privileges once the probes are attached"))
    }
    return findings
  }

  private static func lockdown() -> Finding {
    let text = KernelFile.line("/sys/kernel/security/lockdown") ?? "[none]"
    // Integrity leaves reading with BPF alone, confidentiality does not: security_locked_down in
    // kernel/bpf, commits 9d1f8be5cf42 and a94549dd87f5.
    guard text.contains("[confidentiality]") else { return Finding("lockdown", .fine, text) }
    return Finding(
      "lockdown", .less, "confidentiality",
      consequence: "reads of kernel memory are refused: no IPI masks, no slab names",
      remedy: "boot with lockdown=integrity")
  }

  private static func symbols() -> Finding {
    let symbols = KernelSymbols.read()
    if let missing = symbols.missing {
      return Finding(
        "kernel symbols", .less, missing, consequence: "stacks and functions have no names",
        remedy: "grant CAP_SYSLOG, or set kernel.kptr_restrict to 0 or 1")
    }
    if !symbols.holdsData {
      return Finding(
        "kernel symbols", .less, "functions only (no CONFIG_KALLSYMS_ALL)",
        consequence: "static locks are named by their callers")
    }
    return Finding("kernel symbols", .fine, "functions and data")
  }

  private static func namespace() -> Finding {
    // NSpid lists one number for each nested namespace (proc(5)).
    let line = KernelFile.text("/proc/self/status")?.split(separator: "\n")
      .first { $0.hasPrefix("NSpid:") }
    let depth = line?.split(whereSeparator: { $0 == "\t" || $0 == " " }).count ?? 2
    if depth <= 2 { return Finding("pid namespace", .fine, "not nested") }
    return Finding(
      "pid namespace", .less, "nested",
      consequence: "task ids are the kernel's; names of tasks outside are missing, -p misses",
      remedy: "record in the initial pid namespace")
  }

  private static func configuration(_ kernel: KernelFacts) -> Finding {
    if kernel.config.isEmpty {
      return Finding(
        "kernel config", .less, "not readable",
        consequence: "which lock waiters are traced is partly unknown",
        remedy: "CONFIG_IKCONFIG_PROC, or the config in /boot")
    }
    return Finding("kernel config", .fine, "readable")
  }

  private static func tracepoints(_ types: borrowing KernelTypes) -> [Finding] {
    var findings: [Finding] = []
    for probe in Probe.all {
      let subject = "tracepoint \(probe.tracepoint)"
      if types.hasTracepoint(probe.tracepoint) {
        findings.append(Finding(subject, .fine, "present"))
      } else {
        findings.append(
          Finding(
            subject, .less, "missing", consequence: probe.without,
            remedy: "a kernel since \(probe.since)"))
      }
    }
    return findings
  }

  private static func slabCaches(_ types: borrowing KernelTypes) -> Finding {
    types.hasFunction("bpf_get_kmem_cache")
      ? Finding("slab caches", .fine, "named (bpf_get_kmem_cache)")
      : Finding(
        "slab caches", .less, "not named", consequence: "locks in slab objects have no cache name",
        remedy: "a kernel since 6.13")
  }

  /// Loads the probes with the smallest logs and lets go of them.
  private static func trialLoad() -> Finding {
    do throws(RecordError) {
      var options = RecordOptions()
      options.bytesPerCPU = 4096
      let plan = try RecordingPlan(options)
      let settings = ProbeSettings(
        cpus: (plan.cpus.last ?? 0) + 1, bytesPerCPU: plan.bytesPerCPU, filter: ProbeFilter(),
        stackShareShift: RecordingPlan.stackShift(options.stackShare))
      _ = try ProbeObject(plan.probes.map(\.program), settings: settings)
      return Finding("trial load", .fine, "\(plan.probes.count) programs accepted")
    } catch {
      return Finding(
        "trial load", weight(of: error), error.description, consequence: "nothing can be recorded")
    }
  }

  /// Whether more privileges would help against what a trial load failed with.
  ///
  /// A refusal is a question of permission; what the verifier turns down for one it does for all.
  static func weight(of error: RecordError) -> Finding.Weight {
    switch error {
    case .missingCapabilities, .refused: .notPermitted
    default: .impossible
    }
  }
}
