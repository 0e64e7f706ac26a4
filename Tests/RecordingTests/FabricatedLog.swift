import CBPF
import Glibc

@testable import Recording

/// A log that the test writes in the probes' place, over a file without a name.
struct FabricatedLog: ~Copyable {
  let map: LogMap
  private let descriptor: Int32
  private var produced: UInt64

  /// An empty log that starts at `position`, as one that has been written for long.
  init(bytes: Int = 4096, at position: UInt64 = 0) throws {
    let stride = MemoryLayout<oslet_log>.size + bytes + Int(OSLET_SLACK)
    let path = "/tmp/oslet-log-\(getpid())-\(MonotonicClock.now())"
    let file = unsafe open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
    unsafe unlink(path)
    ftruncate(file, stride)
    map = try LogMap(descriptor: file, stride: stride, cpus: 1, bytesPerCPU: bytes)
    descriptor = file
    produced = position
    unsafe map.head(0).pointee.consumed = position
    unsafe map.head(0).pointee.produced = position
  }

  deinit { close(descriptor) }

  /// Appends a record: a header of this kind and time, and the words after it.
  mutating func append(_ kind: UInt8, at time: UInt64, _ words: [UInt64], stack: UInt64? = nil) {
    let flag: UInt64 = stack == nil ? 0 : UInt64(OSLET_HAS_STACK)
    let all = [time << 8 | flag | UInt64(kind)] + words + (stack.map { [$0] } ?? [])
    let offset = Int(produced & UInt64(map.bytesPerCPU - 1))
    // SAFETY: a record starts inside the data and is shorter than the slack behind it.
    let place = unsafe UnsafeMutableRawPointer(mutating: map.data(0)) + offset
    for (index, word) in all.enumerated() {
      unsafe place.storeBytes(of: word, toByteOffset: index * 8, as: UInt64.self)
    }
    produced += UInt64(all.count * 8)
    unsafe map.head(0).pointee.produced = produced
  }

  /// Says how many system calls the CPU made since its last switch.
  func count(systemCalls: UInt64) { unsafe map.head(0).pointee.system_calls = systemCalls }

  /// Counts events of a kind as missed.
  func miss(_ kind: UInt8, lost: UInt64, suppressed: UInt64, first: UInt64, last: UInt64) {
    let offset =
      (MemoryLayout<oslet_log>.offset(of: \.missed) ?? 0)
      + Int(kind) * MemoryLayout<oslet_missed>.stride
    // SAFETY: `missed` is an array of OSLET_KINDS elements in the head.
    unsafe UnsafeMutableRawPointer(map.head(0)).storeBytes(
      of: oslet_missed(
        lost: lost, suppressed: suppressed, first_ns: first, last_ns: last, aggregated: 0,
        aggregated_first_ns: 0, aggregated_last_ns: 0, unused: 0),
      toByteOffset: offset, as: oslet_missed.self)
  }
}
