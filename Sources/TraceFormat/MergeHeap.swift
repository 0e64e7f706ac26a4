import Measures

/// The open blocks of a trace, the one with the earliest next event on top.
@safe struct MergeHeap: ~Copyable {
  /// A block's next event and those decoded behind it.
  @unsafe struct Head {
    /// Its time.
    var time: UInt64
    /// CPU, then the block's number: what comes first among equal times.
    var order: UInt64
    /// It, and the end of its batch, in the decoder's buffer.
    var next: UnsafePointer<Event>
    var end: UnsafePointer<Event>
    /// Its decoder.
    var decoder: Int

    @inline(__always)
    func precedes(_ other: Head) -> Bool {
      unsafe time != other.time ? time < other.time : order < other.order
    }
  }

  // SAFETY: owned; `capacity` elements of which the first `count` are initialized.
  private var heads: UnsafeMutablePointer<Head>
  private var capacity: Int
  private(set) var count = 0

  init() {
    capacity = 16
    unsafe heads = .allocate(capacity: capacity)
  }

  deinit { unsafe heads.deallocate() }

  /// The earliest; there must be one.
  var top: UnsafeMutablePointer<Head> {
    @inline(__always) get { unsafe heads }
  }

  mutating func removeAll() { count = 0 }

  /// Where the heads are, for whoever closes them all.
  func decoder(at index: Int) -> Int { unsafe heads[index].decoder }

  mutating func insert(_ head: Head) {
    if count == capacity {
      let larger = UnsafeMutablePointer<Head>.allocate(capacity: capacity * 2)
      unsafe larger.moveInitialize(from: heads, count: count)
      unsafe heads.deallocate()
      unsafe heads = larger
      capacity *= 2
    }
    var hole = count
    count += 1
    unsafe (heads + hole).initialize(to: head)
    while hole > 0 {
      let parent = (hole - 1) / 2
      guard unsafe head.precedes(heads[parent]) else { break }
      unsafe heads[hole] = heads[parent]
      hole = parent
    }
    unsafe heads[hole] = head
  }

  /// Puts the top, whose time has changed, where it belongs.
  @inline(__always)
  mutating func sink() {
    let head = unsafe heads[0]
    var hole = 0
    while true {
      var child = 2 &* hole &+ 1
      if child >= count { break }
      if child &+ 1 < count, unsafe heads[child &+ 1].precedes(heads[child]) { child &+= 1 }
      if unsafe head.precedes(heads[child]) { break }
      unsafe heads[hole] = heads[child]
      hole = child
    }
    unsafe heads[hole] = head
  }

  mutating func removeTop() {
    count -= 1
    if count > 0 {
      unsafe heads[0] = heads[count]
      sink()
    }
  }
}
