import CBPF
import Glibc

/// The per-CPU logs as the probes and the recorder share them: one mapping of one BPF array.
@safe struct LogMap: ~Copyable {
  private let base: UnsafeMutableRawPointer
  private let length: Int
  private let stride: Int
  /// CPUs with a log.
  let cpus: Int
  /// Bytes of data in each log.
  let bytesPerCPU: Int

  /// Maps the array `descriptor`, whose elements are `stride` bytes apart.
  init(descriptor: Int32, stride: Int, cpus: Int, bytesPerCPU: Int) throws(RecordError) {
    length = stride * cpus
    self.stride = stride
    self.cpus = cpus
    self.bytesPerCPU = bytesPerCPU
    guard
      let base = unsafe mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
      unsafe base != MAP_FAILED
    else { throw .system(call: "mmap of the logs", errno: oslet_errno()) }
    unsafe self.base = base
  }

  deinit { unsafe munmap(base, length) }

  /// The head of a CPU's log.
  func head(_ cpu: Int) -> UnsafeMutablePointer<oslet_log> {
    precondition((0..<cpus).contains(cpu))
    // SAFETY: an element of the array starts with an oslet_log; the mapping holds `cpus` of them.
    return unsafe (base + cpu * stride).assumingMemoryBound(to: oslet_log.self)
  }

  /// The data of a CPU's log: `bytesPerCPU` bytes and the slack behind them.
  func data(_ cpu: Int) -> UnsafeRawPointer {
    unsafe UnsafeRawPointer(head(cpu) + 1)
  }

  /// Lets the probes of a CPU record, or stops them.
  func enable(_ cpu: Int, _ on: Bool) { unsafe oslet_set_enabled(head(cpu), on ? 1 : 0) }

  /// Bytes that a CPU has written so far: what lies below is whole.
  func produced(_ cpu: Int) -> UInt64 {
    unsafe withUnsafePointer(to: &head(cpu).pointee.produced) { unsafe oslet_load_acquire($0) }
  }

  /// The system calls of a CPU since its last switch that was recorded.
  func systemCalls(_ cpu: Int) -> UInt64 {
    unsafe withUnsafePointer(to: &head(cpu).pointee.system_calls) { unsafe oslet_load_acquire($0) }
  }

  /// What a CPU missed of one kind.
  func missed(_ cpu: Int, kind: UInt8) -> oslet_missed {
    precondition(kind < UInt8(OSLET_KINDS.rawValue))
    let offset = MemoryLayout<oslet_log>.offset(of: \.missed) ?? 0
    // SAFETY: `missed` is an array of OSLET_KINDS elements in the head, the index is checked.
    return unsafe UnsafeRawPointer(head(cpu)).load(
      fromByteOffset: offset + Int(kind) * MemoryLayout<oslet_missed>.stride, as: oslet_missed.self)
  }
}
