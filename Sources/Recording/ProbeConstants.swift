import CBPF
import Glibc

/// The constants of the probes (`const volatile` in C): set before loading, then frozen, so that
/// the verifier knows their values.
@unsafe
struct ProbeConstants {
  private let types: OpaquePointer?
  private let values: UnsafeMutableRawPointer?
  private let size: Int

  /// The constants of an object that is not loaded yet.
  init(_ object: OpaquePointer) {
    unsafe types = bpf_object__btf(object)
    var found: OpaquePointer?
    var map = unsafe bpf_object__next_map(object, nil)
    while let candidate = unsafe map {
      if unsafe String(cString: bpf_map__name(candidate)).hasSuffix(".rodata") {
        unsafe found = candidate
      }
      unsafe map = bpf_object__next_map(object, candidate)
    }
    var length = 0
    unsafe values =
      found.flatMap { map in
        unsafe UnsafeMutableRawPointer(mutating: bpf_map__initial_value(map, &length))
      }
    unsafe size = length
  }

  /// Gives a constant its value; throws where the object has none of that name and size.
  func set<Value: FixedWidthInteger>(_ name: String, _ value: Value) throws(RecordError) {
    try unsafe set(name, [value], isArray: false)
  }

  /// Gives the first elements of a constant array their values.
  func set<Value: FixedWidthInteger>(_ name: String, _ values: [Value]) throws(RecordError) {
    try unsafe set(name, values, isArray: true)
  }

  private func set<Value: FixedWidthInteger>(
    _ name: String, _ elements: [Value], isArray: Bool
  ) throws(RecordError) {
    let wrong = RecordError.probesRejected(reason: "no constant \(name)", errno: ENOENT)
    guard let values = unsafe values, let types = unsafe types,
      let section = unsafe btf__type_by_id(
        types, UInt32(btf__find_by_name_kind(types, ".rodata", UInt32(oslet_btf_datasec))))
    else { throw wrong }
    let entries = unsafe UnsafeRawPointer(section + 1).assumingMemoryBound(
      to: btf_var_secinfo.self)
    for index in unsafe 0..<Int(section.pointee.info & 0xffff) {
      let entry = unsafe entries[index]
      guard let type = unsafe btf__type_by_id(types, entry.type),
        unsafe String(cString: btf__name_by_offset(types, type.pointee.name_off)) == name
      else { continue }
      let end = Int(entry.offset) + Int(entry.size)
      let bytes = elements.count * MemoryLayout<Value>.size
      let fits = isArray ? bytes <= Int(entry.size) : bytes == Int(entry.size)
      guard fits, unsafe end <= size else { throw wrong }
      for (index, element) in elements.enumerated() {
        // SAFETY: the entry lies inside the section's initial value, and the elements inside it.
        unsafe values.storeBytes(
          of: element, toByteOffset: Int(entry.offset) + index * MemoryLayout<Value>.size,
          as: Value.self)
      }
      return
    }
    throw wrong
  }
}
