import CZlib

/// CRC-32 (ISO 3309, as zlib and PNG) of `bytes`.
func crc32(of bytes: ArraySlice<UInt8>) -> UInt32 {
  // SAFETY: the buffer lives for the call.
  unsafe bytes.withUnsafeBytes { buffer in unsafe crc32(of: buffer) }
}

/// CRC-32 of `bytes`.
///
/// SAFETY: the caller's buffer must be readable; zlib reads exactly `count` bytes.
func crc32(of bytes: UnsafeRawBufferPointer) -> UInt32 {
  guard let base = bytes.baseAddress else { return 0 }
  return UInt32(
    truncatingIfNeeded: unsafe crc32_z(0, base.assumingMemoryBound(to: UInt8.self), bytes.count))
}
