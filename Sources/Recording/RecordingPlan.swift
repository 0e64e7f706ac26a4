import TraceFormat

/// What a recording will do on this machine: the probes that the options ask for and the kernel
/// has, the CPUs, and the size of their logs.
struct RecordingPlan: Sendable {
  /// Probes to load, in the order in which to attach them.
  var probes: [Probe]
  /// Why each kind of event is or is not recorded, for the facts.
  var events: [String: String]
  /// CPUs to record, ascending: those that are offline and may be plugged in with the others.
  var cpus: [Int]
  /// How many of them are online.
  var online: Int
  /// Bytes of each log, a power of two.
  var bytesPerCPU: Int
  /// Whose events to record, and of which locks.
  var filter: ProbeFilter
  /// Variables of the per-CPU section.
  var perCPUVariables: [KernelTypes.PerCPUVariable]
  /// Locks in the objects of slab caches, where the probes can tell the cache.
  var slabFields: SlabFields

  /// The plan for some options; throws where they cannot be followed here.
  init(_ options: RecordOptions) throws(RecordError) {
    let missing = Capability.missingForRecording()
    if !missing.isEmpty { throw .missingCapabilities(missing) }
    guard let types = KernelTypes() else {
      throw .kernelLacks("BTF type information (/sys/kernel/btf/vmlinux, CONFIG_DEBUG_INFO_BTF)")
    }
    probes = []
    events = [:]
    for probe in Probe.all {
      let state: String
      if !options.events.contains(probe.group) {
        state = "off"
      } else if types.hasTracepoint(probe.tracepoint) {
        state = "recorded"
        probes.append(probe)
      } else {
        state = "missing: no tracepoint \(probe.tracepoint)"
      }
      for kind in probe.kinds where events[kind.name] != "recorded" { events[kind.name] = state }
    }
    if probes.isEmpty { throw .kernelLacks("every tracepoint of the events asked for") }
    perCPUVariables = types.perCPUVariables()
    slabFields = types.hasFunction("bpf_get_kmem_cache") ? SlabFields(types) : SlabFields()

    let online = KernelFile.cpuList("/sys/devices/system/cpu/online") ?? [0]
    cpus = Self.presentCPUs()
    if let wanted = options.cpus {
      let absent = wanted.filter { !online.contains($0) }
      if !absent.isEmpty || wanted.isEmpty {
        let names = absent.map(String.init).joined(separator: ", ")
        throw .badOption("-C", reason: wanted.isEmpty ? "no CPU" : "CPU \(names) is not online")
      }
      cpus = Set(wanted).sorted()
    }
    self.online = Set(cpus).intersection(online).count
    try Self.check(options, events)
    if let cpu = options.drainCPU, !online.contains(cpu) {
      throw .badOption("--drain-cpu", reason: "CPU \(cpu) is not online")
    }
    bytesPerCPU = try Self.logSize(options.bytesPerCPU, cpus: cpus.count)
    filter = try ProbeFilter(options)
    if !(filter.locks?.caches.isEmpty ?? true), !types.hasFunction("bpf_get_kmem_cache") {
      throw .kernelLacks("bpf_get_kmem_cache (6.13), by which -L tells slab caches")
    }
  }

  /// Whether to note what CPUs do while the recorder has one of them.
  ///
  /// Of two CPUs its turn leaves the other alone, which nothing else does under full load: what a task does
  /// then for its time, beside what it does at other times, is what the second CPU takes from it. With
  /// tasks left out the calls of those are counted with the others'.
  var notesProgress: Bool {
    let needed: Set = ["sched_switch", "sys_enter"]
    return cpus.count == 2 && needed.isSubset(of: probes.map(\.program)) && !filter.choosesTasks
  }

  /// Throws for options that exclude each other, and for a trigger whose events are missing in
  /// `events`.
  private static func check(
    _ options: RecordOptions, _ events: [String: String]
  ) throws(RecordError) {
    if let limit = options.overwrite, options.output == "-" || limit < 1 {
      throw .badOption(
        "--overwrite", reason: limit < 1 ? "no memory to keep events in" : "name a file with -o")
    }
    if options.switchOutput != nil, options.overwrite != nil || options.output == "-" {
      throw .badOption(
        "--switch-output",
        reason: options.output == "-"
          ? "name a file with -o" : "--overwrite and --trigger write parts of their own")
    }
    var causes: Set<TriggerCause> = []
    for trigger in options.triggers {
      guard causes.insert(trigger.cause).inserted else {
        throw .badOption("--trigger", reason: "one \(trigger.cause.name) is enough")
      }
      let kinds: [EventKind] =
        switch trigger.cause {
        case .wait: [.contentionBegin, .contentionEnd]
        case .ipi: [.csdQueue, .csdFunctionEntry]
        }
      for kind in kinds where events[kind.name] != "recorded" {
        let state = events[kind.name] ?? "missing"
        if state == "off" {
          throw .badOption("--trigger", reason: "\(trigger.text) wants \(kind.name) (--events)")
        }
        throw .kernelLacks("\(kind.name), which --trigger \(trigger.text) wants")
      }
    }
  }

  /// The CPUs that are there, online or not.
  static func presentCPUs() -> [Int] {
    KernelFile.cpuList("/sys/devices/system/cpu/present") ?? [0]
  }

  /// The size of a log: what was asked for, rounded up to a power of two.
  static func logSize(_ wanted: Int?, cpus: Int) throws(RecordError) -> Int {
    guard let wanted else { return RecordOptions.defaultBytesPerCPU(cpus: cpus) }
    // The verifier follows offsets up to 2^29 (BPF_MAX_VAR_OFF).
    guard (1...(256 << 20)).contains(wanted) else {
      throw .badOption("-m", reason: "a log has 4 KiB to 256 MiB per CPU")
    }
    var bytes = 4096
    while bytes < wanted { bytes *= 2 }
    return bytes
  }

  /// The power of 1/2 that a share of CPU time is rounded down to; 63 for none at all.
  static func stackShift(_ share: Double) -> UInt32 {
    guard share > 0 else { return 63 }
    var shift: UInt32 = 0
    while shift < 20, 1 / Double(UInt64(1) << UInt64(shift)) > share { shift += 1 }
    return shift
  }

  /// The facts that are known before recording starts.
  func facts(_ options: RecordOptions, process: Int32) -> TraceFacts {
    let kernel = KernelFacts.running()
    let filters = ProbeFilter.facts(options)
    return TraceFacts(
      writer: options.writer, command: options.commandLine, kernel: kernel,
      topology: TopologyFacts.running(), regimes: Regimes.of(kernel),
      clock: ClockFacts(startMonotonic: 0, startRealtime: 0), recorderProcess: process,
      events: events, filters: filters.isEmpty ? nil : filters,
      triggers: options.triggers.isEmpty ? nil : options.triggers.map(\.text),
      profile: options.profile ? true : nil)
  }
}
