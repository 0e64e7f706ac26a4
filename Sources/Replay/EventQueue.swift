/// The pending events of a replay, earliest first; events at one instant come out in the order they
/// went in, so a run is the same on every machine.
///
/// A 4-ary heap of 128-bit keys (time, sequence, handle): one comparison orders both, and the children
/// of a node share one or two cache lines. Removing the earliest leaves a hole at the root that the
/// next insertion fills, so the usual "take one, schedule one" costs one sift. Sources: D. B. Johnson,
/// "Priority queues with update and finding minimum spanning trees", IPL 4(3), 1975 (d-ary heap);
/// A. LaMarca and R. E. Ladner, "The influence of caches on the performance of heaps", JEA 1, 1996.
struct EventQueue: ~Copyable {
  /// Keys in heap order; element 0 is void while `hole` is set.
  private var keys: Cells<UInt128>
  private var count = 0
  private var hole = false
  private var sequence: UInt32 = 0

  /// One event taken from the queue.
  struct Event {
    /// When it is due, nanoseconds.
    var time: Double
    /// The number `insert` returned for it.
    var sequence: UInt32
    /// What it is for.
    var handle: Int32
  }

  /// An empty queue with room for `capacity` events before it grows.
  init(capacity: Int) {
    keys = Cells(Array(repeating: 0, count: max(capacity, 4)))
  }

  /// Whether nothing is pending.
  var isEmpty: Bool { count - (hole ? 1 : 0) == 0 }

  /// Adds an event at `time`, which must not be negative, and returns its sequence number.
  ///
  /// O(log pending).
  @inline(__always)
  mutating func insert(at time: Double, handle: Int32) -> UInt32 {
    sequence &+= 1
    // Bit patterns of non-negative doubles order as the numbers do (IEEE 754, section 5.10).
    let key =
      UInt128(time.bitPattern) << 64
      | UInt128(UInt64(sequence) << 32 | UInt64(UInt32(bitPattern: handle)))
    if hole {
      hole = false
      siftDown(key)
    } else {
      siftUp(key)
    }
    return sequence
  }

  /// Takes the earliest event; nil when nothing is pending.
  ///
  /// O(log pending).
  @inline(__always)
  mutating func next() -> Event? {
    if hole {
      hole = false
      count -= 1
      if count > 0 { siftDown(keys[count]) }
    }
    guard count > 0 else { return nil }
    hole = true
    let key = keys[0]
    let low = UInt64(truncatingIfNeeded: key)
    return Event(
      time: Double(bitPattern: UInt64(truncatingIfNeeded: key >> 64)),
      sequence: UInt32(truncatingIfNeeded: low >> 32),
      handle: Int32(truncatingIfNeeded: low))
  }

  @inline(__always)
  private mutating func siftUp(_ key: UInt128) {
    if count == keys.count { grow() }
    var index = count
    count += 1
    while index > 0 {
      let parent = (index - 1) >> 2
      let above = keys[parent]
      if above < key { break }
      keys[index] = above
      index = parent
    }
    keys[index] = key
  }

  /// Twice the room.
  @inline(never)
  private mutating func grow() {
    keys = Cells((0..<2 * count).map { $0 < count ? keys[$0] : 0 })
  }

  @inline(__always)
  private mutating func siftDown(_ key: UInt128) {
    let end = count
    var index = 0
    while true {
      let first = index << 2 + 1
      guard first < end else { break }
      var best = first
      var least = keys[first]
      let last = min(first + 4, end)
      var child = first + 1
      while child < last {
        let candidate = keys[child]
        if candidate < least {
          least = candidate
          best = child
        }
        child += 1
      }
      if key < least { break }
      keys[index] = least
      index = best
    }
    keys[index] = key
  }
}
