/// Gives each distinct 64-bit key a dense Int32 handle, in order of first sight: open addressing
/// with linear probing, so that a lookup per event costs one multiplication and, mostly, one line.
///
/// A `Dictionary` hashes with SipHash and costs several times as much per event. Handles count up
/// from 0, so what is kept per key lives in plain arrays indexed by them.
struct HandleTable: Sendable {
  /// A key beside its handle, so that a lookup mostly touches one cache line; -1: free.
  private struct Slot: Sendable {
    var key: UInt64 = 0
    var handle: Int32 = -1
  }

  private var slots: [Slot]
  private var shift: UInt64
  /// How many keys there are; the next new key gets this handle.
  private(set) var count = 0

  /// No keys, room for `capacity` (rounded up to a power of two) before the first growth.
  init(capacity: Int = 64) {
    var bits: UInt64 = 4
    while 1 << bits < capacity * 2 { bits += 1 }
    slots = Array(repeating: Slot(), count: 1 << bits)
    shift = 64 - bits
  }

  /// The handle of `key`, or nil if it was never inserted.
  ///
  /// O(1).
  func find(_ key: UInt64) -> Int32? {
    let handle = slots[slot(of: key)].handle
    return handle < 0 ? nil : handle
  }

  /// The handle of `key`, a new one if it was never seen.
  ///
  /// O(1) amortised.
  mutating func insert(_ key: UInt64) -> Int32 {
    let slot = slot(of: key)
    let found = slots[slot].handle
    if found >= 0 { return found }
    let handle = Int32(truncatingIfNeeded: count)
    slots[slot] = Slot(key: key, handle: handle)
    count += 1
    if count * 2 > slots.count { grow() }
    return handle
  }

  /// Where `key` is, or the free slot where it belongs.
  ///
  /// Fibonacci hashing: Knuth, The Art of Computer Programming 3, section 6.4.
  @inline(__always)
  private func slot(of key: UInt64) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    while slots[slot].handle >= 0 && slots[slot].key != key { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    let old = slots
    shift -= 1
    slots = Array(repeating: Slot(), count: old.count * 2)
    for entry in old where entry.handle >= 0 { slots[slot(of: entry.key)] = entry }
  }
}
