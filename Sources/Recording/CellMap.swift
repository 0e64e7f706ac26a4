import CBPF
import Glibc
import Measures
import TraceFormat

/// The tables in which probes add up waits, as they share them with the recorder: one mapping of one
/// BPF array, one table for each CPU.
///
/// A cell is read while its CPU may be writing it, so count, total and histogram of one reading may be
/// of neighbouring moments; readings are differences, and their sum is exact once the probes stopped.
@safe struct CellMap: ~Copyable {
  private let base: UnsafeMutableRawPointer
  private let length: Int
  private let cpus: [Int]
  /// What was in each cell at the last reading, by CPU.
  private var known: [[oslet_cell]]

  /// Maps the array `descriptor` with elements for CPUs 0 to the highest of `cpus`.
  init(descriptor: Int32, cpus: [Int]) throws(RecordError) {
    length = MemoryLayout<oslet_cells>.size * ((cpus.last ?? 0) + 1)
    guard let base = unsafe mmap(nil, length, PROT_READ, MAP_SHARED, descriptor, 0),
      unsafe base != MAP_FAILED
    else { throw .system(call: "mmap of the cells", errno: oslet_errno()) }
    unsafe self.base = base
    self.cpus = cpus
    known = Array(repeating: [], count: cpus.count)
  }

  deinit { unsafe munmap(base, length) }

  /// What was added since the last call, by CPU, a record for each cell that grew.
  ///
  /// O(cells); `stack` gives the number of a stack's hash.
  mutating func take(_ stack: (UInt64) -> StackID) -> [AggregateRecord] {
    var records: [AggregateRecord] = []
    for (place, cpu) in cpus.enumerated() {
      // SAFETY: the mapping has an oslet_cells for every CPU up to the highest, its cells first.
      let cells = unsafe (base + cpu * MemoryLayout<oslet_cells>.size)
        .assumingMemoryBound(to: oslet_cell.self)
      let count = Int(OSLET_CELLS) + 1
      if known[place].isEmpty { known[place] = Array(repeating: oslet_cell(), count: count) }
      for index in 0..<count where unsafe cells[index].count != known[place][index].count {
        let now = unsafe cells[index]
        records.append(Self.record(cpu, from: known[place][index], to: now, stack))
        known[place][index] = now
      }
    }
    return records
  }

  private static func record(
    _ cpu: Int, from was: oslet_cell, to now: oslet_cell, _ stack: (UInt64) -> StackID
  ) -> AggregateRecord {
    func buckets(_ cell: oslet_cell) -> [UInt64] {
      unsafe withUnsafeBytes(of: cell.histogram) { bytes in
        unsafe bytes.bindMemory(to: UInt32.self).map(UInt64.init)
      }
    }
    // The counters of a bucket have 32 bits and wrap.
    let histogram = zip(buckets(now), buckets(was)).map { ($0 &- $1) & 0xffff_ffff }
    return AggregateRecord(
      cpu: UInt16(cpu), count: now.count &- was.count,
      first: TraceTime(nanosecondsSinceBoot: was.count == 0 ? now.first_ns : was.last_ns),
      last: TraceTime(nanosecondsSinceBoot: max(now.last_ns, was.last_ns)),
      lock: now.lock, flags: now.flags == 0xff ? nil : LockFlags(rawValue: now.flags),
      stack: stack(now.stack), total: Nanoseconds(Double(now.total_ns &- was.total_ns)),
      longest: Nanoseconds(Double(now.max_ns)), histogram: histogram)
  }
}
