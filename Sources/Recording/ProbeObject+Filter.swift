import CBPF
import Glibc

extension ProbeConstants {
  /// Turns on what a filter needs; the rest stays out of the programs.
  func set(_ filter: ProbeFilter) throws(RecordError) {
    func flag(_ on: Bool) -> UInt8 { on ? 1 : 0 }
    try unsafe set("filter_processes", flag(!filter.processes.isEmpty))
    try unsafe set("filter_threads", flag(!filter.threads.isEmpty))
    try unsafe set("filter_cgroups", flag(!filter.cgroups.isEmpty))
    if let flags = filter.lockFlags {
      try unsafe set("filter_types", flag(true))
      try unsafe set("lock_types", flags)
    }
    if let locks = filter.locks {
      try unsafe set("filter_locks", flag(true))
      try unsafe set("lock_starts", locks.ranges.map(\.lowerBound))
      try unsafe set("lock_sizes", locks.ranges.map { $0.upperBound - $0.lowerBound })
      try unsafe set("lock_hints", locks.hints)
      try unsafe set("filter_caches", flag(!locks.caches.isEmpty))
    }
  }
}

extension ProbeObject {
  /// Fills the maps of a filter.
  func select(_ filter: ProbeFilter) throws(RecordError) {
    for process in filter.processes { try insert(UInt32(bitPattern: process), into: "processes") }
    for thread in filter.threads { try insert(UInt32(bitPattern: thread), into: "threads") }
    for group in filter.cgroups { try insert(group, into: "cgroups") }
    for cache in filter.locks?.caches ?? [] {
      var name = SIMD32<UInt8>()
      for (index, byte) in cache.utf8.prefix(31).enumerated() { name[index] = byte }
      try insert(name, into: "caches")
    }
  }

  /// Adds a key, of the map's key size, to a map that is a set.
  private func insert<Key: BitwiseCopyable>(_ key: Key, into map: String) throws(RecordError) {
    var key = key
    var yes: UInt8 = 1
    let descriptor = mapDescriptor(map)
    let status = unsafe withUnsafeBytes(of: &key) { bytes in
      unsafe bpf_map_update_elem(descriptor, bytes.baseAddress, &yes, 0)
    }
    if status != 0 { throw .system(call: "bpf_map_update_elem of \(map)", errno: -status) }
  }
}
