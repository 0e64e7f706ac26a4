import CBPF
import Glibc

/// The running kernel's type information (BTF): which tracepoints it has, and where its per-CPU
/// variables lie.
@safe struct KernelTypes: ~Copyable {
  let btf: OpaquePointer

  /// Reads /sys/kernel/btf/vmlinux; nil where the kernel has none.
  init?() {
    LoaderMessages.collect()
    guard let btf = unsafe btf__load_vmlinux_btf(), unsafe libbpf_get_error(.init(btf)) == 0 else {
      return nil
    }
    unsafe self.btf = btf
  }

  deinit { unsafe btf__free(btf) }

  /// Whether a tracepoint exists: the kernel has a type `btf_trace_<name>` for each.
  func hasTracepoint(_ name: String) -> Bool {
    unsafe btf__find_by_name_kind(btf, "btf_trace_\(name)", UInt32(oslet_btf_typedef)) > 0
  }

  /// Whether a function exists by name, as kfuncs do.
  func hasFunction(_ name: String) -> Bool {
    unsafe btf__find_by_name_kind(btf, name, UInt32(oslet_btf_func)) > 0
  }

  /// A variable of the per-CPU section.
  struct PerCPUVariable: Hashable, Sendable {
    var name: String
    /// Bytes from the start of the section.
    var offset: UInt64
    /// Bytes.
    var size: UInt32
  }

  /// The per-CPU variables, by offset; empty where BTF carries none.
  func perCPUVariables() -> [PerCPUVariable] {
    let id = unsafe btf__find_by_name_kind(btf, ".data..percpu", UInt32(oslet_btf_datasec))
    guard id > 0, let section = unsafe btf__type_by_id(btf, UInt32(id)) else { return [] }
    // SAFETY: a DATASEC is a btf_type followed by info & 0xffff entries (BTF specification).
    let count = unsafe Int(section.pointee.info & 0xffff)
    let entries = unsafe UnsafeRawPointer(section + 1).assumingMemoryBound(
      to: btf_var_secinfo.self)
    var variables: [PerCPUVariable] = []
    for index in 0..<count {
      let entry = unsafe entries[index]
      guard let type = unsafe btf__type_by_id(btf, entry.type),
        let name = unsafe btf__name_by_offset(btf, type.pointee.name_off)
      else { continue }
      variables.append(
        PerCPUVariable(
          name: unsafe String(cString: name), offset: UInt64(entry.offset), size: entry.size))
    }
    return variables.sorted { $0.offset < $1.offset }
  }
}
