#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

// Named apart, since `TraceSource.read` hides the system's.
private let readSome = unsafe read

/// Where a trace is read from: a file, block by block, or bytes in memory.
///
/// A file is read, not mapped: a mapped file that someone cuts short raises SIGBUS at the next touch,
/// and what was touched counts as this process's memory. A block's copy costs less than 1 % of its
/// decoding.
struct TraceSource: ~Copyable {
  private let descriptor: Int32
  private let bytes: [UInt8]
  /// Its length in bytes when it was opened.
  let size: UInt64

  /// The file at `path`; a pipe or device is read to its end into memory.
  init(path: String) throws(TraceError) {
    // SAFETY: the string is alive for the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .open(path: path, errno: errno) }
    try self.init(owning: descriptor, path: path)
  }

  /// What `descriptor` gives, from its start for a file and from where it stands for a pipe; it stays
  /// the caller's.
  init(descriptor: Int32) throws(TraceError) {
    let own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard own >= 0 else { throw .open(path: "descriptor \(descriptor)", errno: errno) }
    try self.init(owning: own, path: "descriptor \(descriptor)")
  }

  /// These bytes.
  init(bytes: [UInt8]) {
    self.init(descriptor: -1, bytes: bytes, size: UInt64(bytes.count))
  }

  private init(descriptor: Int32, bytes: [UInt8], size: UInt64) {
    self.descriptor = descriptor
    self.bytes = bytes
    self.size = size
  }

  /// Takes `descriptor` over, and closes it where this throws.
  private init(owning descriptor: Int32, path: String) throws(TraceError) {
    var status = stat()
    // SAFETY: `status` is alive for the call.
    guard unsafe fstat(descriptor, &status) == 0 else {
      let error = TraceError.open(path: path, errno: errno)
      _ = close(descriptor)
      throw error
    }
    if status.st_mode & S_IFMT == S_IFREG {
      self.init(descriptor: descriptor, bytes: [], size: UInt64(status.st_size))
      return
    }
    defer { _ = close(descriptor) }
    if status.st_mode & S_IFMT == S_IFDIR { throw .open(path: path, errno: EISDIR) }
    self.init(bytes: try Self.drain(descriptor))
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  private static func drain(_ descriptor: Int32) throws(TraceError) -> [UInt8] {
    var all: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      // SAFETY: the system writes at most `chunk.count` bytes.
      let count = unsafe chunk.withUnsafeMutableBytes {
        unsafe readSome(descriptor, $0.baseAddress, $0.count)
      }
      if count == 0 { return all }
      if count > 0 {
        all.append(contentsOf: chunk[..<count])
      } else if errno != EINTR {
        throw .read(offset: UInt64(all.count), errno: errno)
      }
    }
  }

  /// Replaces `target` by the `count` bytes at `offset`, fewer at the end of the source.
  func read(at offset: UInt64, count: Int, into target: inout [UInt8]) throws(TraceError) {
    let count = Int(min(UInt64(count), size - min(offset, size)))
    if descriptor < 0 {
      let start = Int(min(offset, size))
      target.removeAll(keepingCapacity: true)
      target.append(contentsOf: bytes[start..<(start + count)])
      return
    }
    if target.count < count {
      target.append(contentsOf: repeatElement(0, count: count - target.count))
    }
    var filled = 0
    while filled < count {
      // SAFETY: the system writes at most `count - filled` bytes from `filled` on.
      let got = unsafe target.withUnsafeMutableBytes {
        unsafe pread(
          descriptor, $0.baseAddress.map { unsafe $0 + filled }, count - filled,
          off_t(offset) + off_t(filled))
      }
      if got == 0 { break }
      if got > 0 {
        filled += got
      } else if errno != EINTR {
        throw .read(offset: offset + UInt64(filled), errno: errno)
      }
    }
    target.removeLast(target.count - filled)
  }
}
