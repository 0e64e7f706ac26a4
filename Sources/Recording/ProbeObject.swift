import CBPF
import Glibc
import Measures
import TraceFormat

/// What the probes are told before they are loaded; the names are those of Probes/log.h.
struct ProbeSettings: Sendable {
  /// CPUs with a log: one more than the highest number.
  var cpus: Int
  /// Bytes of data of each log, a power of two.
  var bytesPerCPU: Int
  /// Whose events to record, and of which locks.
  var filter: ProbeFilter
  /// What marks the log where it took too long.
  var triggers: [Trigger] = []
  /// Count and add up, record nothing.
  var isProfile = false
  /// Do that on a CPU whose log is nearly full.
  var aggregatesUnderLoad = true
  /// Stacks may take one part in 2^shift of a CPU.
  var stackShareShift: UInt32
}

/// The loaded probes: programs, maps and attachments, gone when this value is.
@safe struct ProbeObject: ~Copyable {
  private let object: OpaquePointer
  private var links: [OpaquePointer] = unsafe []
  private var attached: [String] = []

  /// Bytes from one CPU's log to the next.
  let stride: Int

  /// Loads the programs named; none is attached yet.
  init(_ programs: [String], settings: ProbeSettings) throws(RecordError) {
    guard let image = Base64.decode(embeddedProbes) else {
      throw .kernelLacks("nothing: the embedded probes are damaged; rebuild oslet")
    }
    LoaderMessages.collect()
    // SAFETY: libbpf copies what it keeps of the image before the call returns.
    let opened = unsafe image.withUnsafeBytes { raw in
      unsafe oslet_open_probes(raw.baseAddress, raw.count)
    }
    guard let object = unsafe opened else {
      throw .probesRejected(reason: LoaderMessages.cause, errno: oslet_errno())
    }
    let stride = MemoryLayout<oslet_log>.size + settings.bytesPerCPU + Int(OSLET_SLACK)
    let logs = unsafe bpf_object__find_map_by_name(object, "logs")
    unsafe bpf_map__set_value_size(logs, UInt32(stride))
    unsafe bpf_map__set_max_entries(logs, UInt32(settings.cpus))
    let cells = unsafe bpf_object__find_map_by_name(object, "cells")
    unsafe bpf_map__set_max_entries(cells, UInt32(settings.cpus))
    if !settings.triggers.contains(where: { $0.cause == .ipi }) {
      unsafe bpf_map__set_max_entries(bpf_object__find_map_by_name(object, "flights"), 1)
    }
    do throws(RecordError) {
      for name in programs + ["empty"] {
        guard let program = unsafe bpf_object__find_program_by_name(object, name) else {
          throw .probesRejected(reason: "no program \(name)", errno: ENOENT)
        }
        unsafe bpf_program__set_autoload(program, true)
      }
      let constants = unsafe ProbeConstants(object)
      try unsafe constants.set("data_mask", UInt64(settings.bytesPerCPU - 1))
      try unsafe constants.set("mask_words", UInt32((settings.cpus + 63) / 64))
      try unsafe constants.set("profile", UInt8(settings.isProfile ? 1 : 0))
      try unsafe constants.set("degrade", UInt8(settings.aggregatesUnderLoad ? 1 : 0))
      try unsafe constants.set(settings.filter)
      for trigger in settings.triggers {
        let limit = UInt64(trigger.threshold.value)
        try unsafe constants.set("trigger_\(trigger.cause.name)_ns", limit)
      }
      try unsafe constants.set("stack_share_shift", settings.stackShareShift)
      let status = unsafe bpf_object__load(object)
      if status != 0 { throw ProbeObject.rejection(-status) }
    } catch {
      unsafe bpf_object__close(object)
      throw error
    }
    unsafe self.object = object
    self.stride = stride
  }

  deinit {
    for index in unsafe links.indices { unsafe bpf_link__destroy(links[index]) }
    unsafe bpf_object__close(object)
  }

  /// Attaches these of the loaded programs, in this order; they record once their CPU's log is
  /// enabled.
  mutating func attach(_ programs: [String]) throws(RecordError) {
    for name in programs {
      let program = unsafe bpf_object__find_program_by_name(object, name)
      guard let link = unsafe bpf_program__attach(program) else {
        throw ProbeObject.rejection(oslet_errno())
      }
      unsafe links.append(link)
      attached.append(name)
    }
  }

  /// Takes the probes off their tracepoints.
  ///
  /// Returns when none can run any more.
  mutating func detach() {
    for index in unsafe links.indices { unsafe bpf_link__destroy(links[index]) }
    unsafe links = []
    oslet_wait_for_probes()
  }

  /// The descriptor of a map by its name in the probes.
  func mapDescriptor(_ name: String) -> Int32 {
    unsafe bpf_map__fd(bpf_object__find_map_by_name(object, name))
  }

  /// What the kernel says of each program: runs, time where statistics are on, and runs that its
  /// own recursion guard left out.
  func programStatistics() -> [ProgramStatistics] {
    var all: [ProgramStatistics] = []
    for name in attached { all.append(statistics(of: name)) }
    return all
  }

  /// The account of the empty program.
  func emptyStatistics() -> ProgramStatistics { statistics(of: "empty") }

  /// The descriptor of the empty program.
  var emptyProgram: Int32 { descriptor(of: "empty") }

  private func descriptor(of program: String) -> Int32 {
    unsafe bpf_program__fd(bpf_object__find_program_by_name(object, program))
  }

  private func statistics(of program: String) -> ProgramStatistics {
    var info = bpf_prog_info()
    var size = UInt32(MemoryLayout<bpf_prog_info>.size)
    unsafe bpf_obj_get_info_by_fd(descriptor(of: program), &info, &size)
    return ProgramStatistics(
      program: program, runs: info.run_cnt, time: info.run_time_ns, recursed: info.recursion_misses)
  }

  private static func rejection(_ number: Int32) -> RecordError {
    if number == EPERM {
      let missing = Capability.missingForRecording()
      return missing.isEmpty ? .refused(LoaderMessages.cause) : .missingCapabilities(missing)
    }
    return .probesRejected(reason: LoaderMessages.cause, errno: number)
  }
}

/// One program's account by the kernel.
struct ProgramStatistics: Sendable {
  /// What came between two readings.
  static func - (later: ProgramStatistics, earlier: ProgramStatistics) -> ProgramStatistics {
    ProgramStatistics(
      program: later.program, runs: later.runs - earlier.runs, time: later.time - earlier.time,
      recursed: later.recursed - earlier.recursed)
  }

  var program: String
  /// Runs while statistics were on.
  var runs: UInt64
  /// Nanoseconds in them.
  var time: UInt64
  /// Runs left out by the kernel's own guard against recursion (6.1).
  var recursed: UInt64
}
