import CBPF
import Testing

@testable import Recording

/// What the compiled probes may never do on a path that every event takes, held against the object
/// itself, whatever the sources say.
@Suite("Restraint of the probes")
struct ProbeRestraintTests {
  /// Helpers by their numbers (include/uapi/linux/bpf.h).
  enum Helper {
    /// Reads of memory, the clock, and who runs here: no lock, no other CPU's line.
    static let harmless: Set<Int32> = [
      1,  // map_lookup_elem
      5,  // ktime_get_ns
      8,  // get_smp_processor_id
      14,  // get_current_pid_tgid
      67,  // get_stack
      80,  // get_current_cgroup_id
      112, 113, 114, 115,  // probe_read_user, _kernel, and of strings
      123,  // get_current_ancestor_cgroup_id
      158,  // get_current_task_btf
    ]
    static let updateElement: Int32 = 2
    static let deleteElement: Int32 = 3
    static let loop: Int32 = 181
  }

  /// The instructions of each section with code, from the ELF file: name to (operation, registers,
  /// immediate).
  static func code() throws -> [String: [(operation: UInt8, registers: UInt8, immediate: Int32)]] {
    let image = try #require(Base64.decode(embeddedProbes))
    func number<Value: FixedWidthInteger>(_ at: Int, _: Value.Type) -> Value {
      (0..<MemoryLayout<Value>.size).reduce(0) { $0 | Value(image[at + $1]) << Value(8 * $1) }
    }
    // ELF64: e_shoff at 0x28, e_shentsize, e_shnum and e_shstrndx from 0x3a.
    let table = Int(number(0x28, UInt64.self))
    let entry = Int(number(0x3a, UInt16.self))
    func header(_ index: Int, _ field: Int) -> Int { table + index * entry + field }
    let names = Int(number(header(Int(number(0x3e, UInt16.self)), 0x18), UInt64.self))
    var code: [String: [(operation: UInt8, registers: UInt8, immediate: Int32)]] = [:]
    for index in 0..<Int(number(0x3c, UInt16.self)) {
      // SHF_EXECINSTR is 4.
      guard number(header(index, 0x08), UInt64.self) & 4 != 0 else { continue }
      let name = names + Int(number(header(index, 0), UInt32.self))
      let text = String(decoding: image[name...].prefix { $0 != 0 }, as: UTF8.self)
      let start = Int(number(header(index, 0x18), UInt64.self))
      let size = Int(number(header(index, 0x20), UInt64.self))
      code[text] = stride(from: start, to: start + size, by: 8).map {
        (image[$0], image[$0 + 1], Int32(truncatingIfNeeded: number($0 + 4, UInt32.self)))
      }
    }
    return code
  }

  @Test("no program calls a helper that takes a lock, writes a shared map or wakes anybody")
  func helpers() throws {
    let code = try Self.code()
    #expect(code.count > 20)
    for (section, instructions) in code {
      // BPF_JMP | BPF_CALL with source register 0 is a helper; 1 is a function of ours, 2 of the
      // kernel's.
      let calls = instructions.filter { $0.operation == 0x85 && $0.registers >> 4 == 0 }
      var allowed = Helper.harmless
      // Only where a process is born or ends: who is recorded follows its parent.
      if section.contains("sched_process_") {
        allowed.formUnion([Helper.updateElement, Helper.deleteElement])
      }
      // Functions of ours: over all CPUs, once, by the first that aggregates.
      if section == ".text" { allowed.insert(Helper.loop) }
      #expect(
        calls.allSatisfy { allowed.contains($0.immediate) }, "\(section): \(calls.map(\.immediate))"
      )
    }
  }

  /// The slab cache of an address, and a cast that the verifier makes no call of.
  @Test("kernel functions are called at contention_begin alone")
  func kernelFunctions() throws {
    let calls = try Self.code().filter { section, instructions in
      instructions.contains { $0.operation == 0x85 && $0.registers >> 4 == 2 }
    }
    #expect(calls.keys.allSatisfy { $0.contains("contention_begin") }, "\(calls.keys)")
  }

  @Test("events go into per-CPU memory; other maps are read, and hold what was asked for")
  func maps() throws {
    let image = try #require(Base64.decode(embeddedProbes))
    let opened = unsafe image.withUnsafeBytes { raw in
      unsafe oslet_open_probes(raw.baseAddress, raw.count)
    }
    guard let object = unsafe opened else {
      Issue.record("libbpf cannot open the probes")
      return
    }
    defer { unsafe bpf_object__close(object) }
    var types: [String: bpf_map_type] = [:]
    var map = unsafe bpf_object__next_map(object, nil)
    while let each = unsafe map {
      unsafe types[String(cString: bpf_map__name(each))] = bpf_map__type(each)
      unsafe map = bpf_object__next_map(object, each)
    }
    #expect(types.removeValue(forKey: "logs") == BPF_MAP_TYPE_ARRAY)
    let constants = types.keys.filter { $0.contains(".rodata") }
    for name in constants { #expect(types.removeValue(forKey: name) == BPF_MAP_TYPE_ARRAY) }
    // What is left are filters, looked up where the options ask for them and in no other recording:
    // no ring that CPUs share, no stack map (bpf_get_stackid collides), no queue.
    let filters: Set<bpf_map_type.RawValue> = [
      BPF_MAP_TYPE_HASH.rawValue, BPF_MAP_TYPE_ARRAY.rawValue,
    ]
    #expect(types.values.allSatisfy { filters.contains($0.rawValue) }, "\(types)")
    #expect(!types.keys.contains { $0.contains(".bss") || $0.contains(".data") }, "\(types)")
  }
}
