#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Where a trace is written: a descriptor (a file or a pipe; nothing is ever sought) or memory.
struct TraceSink {
  /// Written so far; the offset of the next byte.
  private(set) var offset: UInt64 = 0
  private let descriptor: Int32?
  /// What was written, where there is no descriptor.
  private(set) var bytes: [UInt8] = []
  private var failure: TraceError?

  /// Writes to `descriptor`, which stays the caller's; nil keeps the bytes.
  init(descriptor: Int32?) { self.descriptor = descriptor }

  /// Writes all of `data`, however often the system takes only a part.
  ///
  /// Throws `write` with the offset; every later call throws it again, since a block behind half a
  /// block could not be found.
  mutating func write(_ data: UnsafeRawBufferPointer) throws(TraceError) {
    if let failure { throw failure }
    guard let descriptor else {
      unsafe bytes.append(contentsOf: data)
      offset += UInt64(data.count)
      return
    }
    var rest = unsafe data[...]
    while unsafe !rest.isEmpty {
      let chunk = unsafe UnsafeRawBufferPointer(rebasing: rest)
      // SAFETY: the system reads `chunk.count` bytes of the caller's buffer.
      #if canImport(Glibc)
        let written = unsafe Glibc.write(descriptor, chunk.baseAddress, chunk.count)
      #elseif canImport(Musl)
        let written = unsafe Musl.write(descriptor, chunk.baseAddress, chunk.count)
      #endif
      if written >= 0 {
        unsafe rest = rest.dropFirst(written)
        offset += UInt64(written)
      } else if errno == EAGAIN {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        // SAFETY: one element, alive for the call.
        _ = unsafe poll(&waiting, 1, -1)
      } else if errno != EINTR {
        let error = TraceError.write(offset: offset, errno: errno)
        failure = error
        throw error
      }
    }
  }
}
