import CZstd

/// A zstd context for compressing, kept over a whole recording.
@safe struct Compressor: ~Copyable {
  /// Level 1: see docs/trace-format.md for what it costs and saves against others.
  static let level: Int32 = 1

  // SAFETY: owned by this value from `init` to `deinit`; zstd's contexts are not shared.
  private let context: OpaquePointer

  init() throws(TraceError) {
    guard let context = unsafe ZSTD_createCCtx() else { throw .compression("out of memory") }
    unsafe self.context = context
  }

  deinit { unsafe ZSTD_freeCCtx(context) }

  /// Compresses `source` into `target`; nil where it does not get smaller than `source` (`target`
  /// need not be larger than that).
  ///
  /// SAFETY: zstd writes at most `target.count` bytes and reads `source.count`.
  func compress(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) -> Int? {
    let room = min(target.count, source.count)
    let written = unsafe ZSTD_compressCCtx(
      context, target.baseAddress, room, source.baseAddress, source.count, Self.level)
    return ZSTD_isError(written) != 0 || written >= source.count ? nil : written
  }

  /// Compresses `source`; nil where it does not get smaller.
  func compress(_ source: [UInt8]) -> [UInt8]? {
    guard source.count > 1 else { return nil }
    var size: Int?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
      // SAFETY: zstd initializes the first `size` bytes of the capacity.
      unsafe source.withUnsafeBytes { source in
        size = unsafe compress(source, into: UnsafeMutableRawBufferPointer(target))
      }
      count = size ?? 0
    }
    return size == nil ? nil : bytes
  }
}

/// The `length` bytes that a zstd frame of another program decompresses to; nil where it does not.
public func unpackedFrame(_ frame: some Sequence<UInt8>, length: Int) -> [UInt8]? {
  guard let decompressor = try? Decompressor() else { return nil }
  return decompressor.decompress(Array(frame), length: length)
}

/// A zstd context for decompressing, kept over a whole trace.
@safe struct Decompressor: ~Copyable {
  // SAFETY: owned by this value from `init` to `deinit`.
  private let context: OpaquePointer

  init() throws(TraceError) {
    guard let context = unsafe ZSTD_createDCtx() else { throw .compression("out of memory") }
    unsafe self.context = context
  }

  deinit { unsafe ZSTD_freeDCtx(context) }

  /// Whether `source` is a frame of exactly `target.count` bytes, which are then in `target`.
  ///
  /// SAFETY: zstd checks its input and writes at most `target.count` bytes.
  func decompress(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) -> Bool {
    let written = unsafe ZSTD_decompressDCtx(
      context, target.baseAddress, target.count, source.baseAddress, source.count)
    return ZSTD_isError(written) == 0 && written == target.count
  }

  /// The `length` bytes that `source` decompresses to; nil where it does not.
  func decompress(_ source: [UInt8], length: Int) -> [UInt8]? {
    var good = false
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: length) { target, count in
      // SAFETY: `decompress` is true only when all of `length` bytes were written; the capacity may
      // be larger than asked for, so it is cut to it.
      unsafe source.withUnsafeBytes { source in
        good = unsafe decompress(
          source, into: UnsafeMutableRawBufferPointer(start: target.baseAddress, count: length))
      }
      count = good ? length : 0
    }
    return good ? bytes : nil
  }
}
