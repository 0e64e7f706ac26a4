/// Gives each distinct 64-bit key a dense Int32 handle, in order of first sight: open addressing
/// with linear probing, so that a lookup per event costs one multiplication and, mostly, one line.
///
/// A `Dictionary` hashes with SipHash and costs several times as much per event. Handles count up
/// from 0, so what is kept per key lives in plain arrays indexed by them.
struct HandleTable: Sendable {
  private var keys: [UInt64]
  private var handles: [Int32]
  private var shift: UInt64
  /// How many keys there are; the next new key gets this handle.
  private(set) var count = 0

  /// No keys, room for `capacity` (rounded up to a power of two) before the first growth.
  init(capacity: Int = 64) {
    var bits: UInt64 = 4
    while 1 << bits < capacity * 2 { bits += 1 }
    keys = Array(repeating: 0, count: 1 << bits)
    handles = Array(repeating: -1, count: 1 << bits)
    shift = 64 - bits
  }

  /// The handle of `key`, or nil if it was never inserted.
  ///
  /// O(1).
  func find(_ key: UInt64) -> Int32? {
    let slot = slot(of: key)
    let handle = handles[slot]
    return handle < 0 ? nil : handle
  }

  /// The handle of `key`, a new one if it was never seen.
  ///
  /// O(1) amortised.
  mutating func insert(_ key: UInt64) -> Int32 {
    let slot = slot(of: key)
    let found = handles[slot]
    if found >= 0 { return found }
    let handle = Int32(truncatingIfNeeded: count)
    keys[slot] = key
    handles[slot] = handle
    count += 1
    if count * 2 > keys.count { grow() }
    return handle
  }

  /// Gives an existing key another handle: a task id that the kernel used again.
  mutating func rebind(_ key: UInt64, to handle: Int32) {
    let slot = slot(of: key)
    if handles[slot] >= 0 { handles[slot] = handle }
  }

  /// Where `key` is, or the free slot where it belongs.
  ///
  /// Fibonacci hashing: Knuth, The Art of Computer Programming 3, section 6.4.
  @inline(__always)
  private func slot(of key: UInt64) -> Int {
    let mask = keys.count - 1
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    while handles[slot] >= 0 && keys[slot] != key { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    let (oldKeys, oldHandles) = (keys, handles)
    shift -= 1
    keys = Array(repeating: 0, count: oldKeys.count * 2)
    handles = Array(repeating: -1, count: oldKeys.count * 2)
    for (index, handle) in oldHandles.enumerated() where handle >= 0 {
      let slot = slot(of: oldKeys[index])
      keys[slot] = oldKeys[index]
      handles[slot] = handle
    }
  }
}
