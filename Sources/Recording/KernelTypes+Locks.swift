import CBPF
import Glibc

/// Where the locks in a structure are.
extension KernelTypes {
  /// A lock in a structure.
  struct LockField: Hashable, Sendable {
    /// Bytes from the start of the structure.
    var offset: UInt32
    /// The members on the way to it: `vfs_inode.i_rwsem`; `[]` behind an array's name stands for any
    /// of its elements.
    var path: String
  }

  /// The numbers of the structures of these names, those that exist.
  ///
  /// O(types): one pass, since libbpf 1.1 looks each name up in such a pass of its own.
  func structures(_ wanted: Set<String>) -> [String: UInt32] {
    var found: [String: UInt32] = [:]
    let count = unsafe btf__type_cnt(btf)
    for id in 1..<count {
      guard let type = unsafe btf__type_by_id(btf, id), unsafe Self.kind(type) == oslet_btf_struct,
        unsafe type.pointee.name_off != 0
      else { continue }
      let name = unsafe self.name(type.pointee.name_off)
      if wanted.contains(name), found[name] == nil { found[name] = id }
    }
    return found
  }

  /// The locks in a structure, ascending by offset, each once.
  func locks(inStructure id: UInt32) -> [LockField] {
    var found: [LockField] = []
    collect(id, at: 0, path: [], depth: 0, into: &found)
    found.sort { ($0.offset, $0.path) < ($1.offset, $1.path) }
    // Members of a union lie at one place; the shortest way to it stands for all.
    var unique: [LockField] = []
    for field in found where unique.last?.offset != field.offset { unique.append(field) }
    return unique
  }

  /// Types that the lock tracepoints speak of by address.
  ///
  /// Those of `outer` have a spinlock inside, which contends on its own.
  private static let inner: Set<String> = ["spinlock", "raw_spinlock", "qspinlock", "qrwlock"]
  private static let outer: Set<String> = [
    "mutex", "rw_semaphore", "percpu_rw_semaphore", "semaphore", "rt_mutex_base",
  ]

  private func collect(
    _ id: UInt32, at base: UInt32, path: [String], depth: Int, into found: inout [LockField]
  ) {
    guard depth < 16, let type = unsafe btf__type_by_id(btf, id) else { return }
    let info = unsafe type.pointee.info
    switch unsafe Self.kind(type) {
    case oslet_btf_typedef, oslet_btf_volatile, oslet_btf_const:
      collect(unsafe type.pointee.type, at: base, path: path, depth: depth + 1, into: &found)
    case oslet_btf_array:
      // SAFETY: an ARRAY is a btf_type followed by one btf_array (BTF specification).
      let array = unsafe UnsafeRawPointer(type + 1).assumingMemoryBound(to: btf_array.self).pointee
      let size = unsafe btf__resolve_size(btf, array.type)
      guard size > 0, array.nelems <= 64, let last = path.last else { return }
      let elements = path.dropLast() + [last + "[]"]
      for index in 0..<array.nelems {
        collect(
          array.type, at: base + index * UInt32(size), path: Array(elements), depth: depth + 1,
          into: &found)
      }
    case oslet_btf_struct, oslet_btf_union:
      let name = unsafe self.name(type.pointee.name_off)
      if Self.inner.contains(name) || Self.outer.contains(name) {
        found.append(
          LockField(
            offset: base, path: path.filter { $0 != "raw_lock" }.joined(separator: ".")))
        if Self.inner.contains(name) { return }
      }
      // SAFETY: a STRUCT or UNION is a btf_type followed by info & 0xffff members.
      let members = unsafe UnsafeRawPointer(type + 1).assumingMemoryBound(to: btf_member.self)
      for index in 0..<Int(info & 0xffff) {
        let member = unsafe members[index]
        // With the flag in bit 31 the upper eight bits of an offset are a bit field's size.
        let bits = info >> 31 == 1 ? member.offset & 0xff_ffff : member.offset
        let name = self.name(member.name_off)
        collect(
          member.type, at: base + bits / 8, path: name.isEmpty ? path : path + [name],
          depth: depth + 1, into: &found)
      }
    default: return
    }
  }

  private static func kind(_ type: UnsafePointer<btf_type>) -> Int {
    unsafe Int(type.pointee.info >> 24 & 0x1f)
  }

  private func name(_ offset: UInt32) -> String {
    unsafe btf__name_by_offset(btf, offset).map { unsafe String(cString: $0) } ?? ""
  }
}
