/// Readers that own a lock together, from their entry to the writer that waits for the last of them.
struct ReaderBatch: Sendable {
  /// One of them.
  struct Reader: Sendable {
    var task: Int32
    /// When it entered, and its clock then.
    var since: UInt64
    var clock: OwnerClock
  }

  /// The loss epoch in which it began.
  let epoch: UInt32
  var readers: [Reader] = []
  /// Whether others may have entered untraced.
  var isOpen = false

  init(epoch: UInt32) { self.epoch = epoch }

  /// What is known of each reader's hold when the last of them lets a writer in at `now`.
  ///
  /// The last one held until then, the others for less. A spinning writer does not say who was last: of k
  /// readers that enter together the longest hold is seen, and k - 1 are below it, which is as likely whoever
  /// it was.
  ///
  /// - Parameters:
  ///   - last: who woke the writer; nil where it spun.
  ///   - clock: that one's clock at `now`.
  func spans(lock: Int32, last: Int32?, now: UInt64, clock: OwnerClock) -> [ReaderSpan] {
    guard !readers.isEmpty, last == nil || readers.contains(where: { $0.task == last }) else {
      return []
    }
    var isMet = false
    return readers.reversed().compactMap { reader in
      guard now > reader.since else { return nil }
      var span = now - reader.since
      let isLast = !isMet && (last.map { $0 == reader.task } ?? true)
      if isLast {
        isMet = true
        if last != nil {
          let stood =
            clock.off &- min(reader.clock.off, clock.off) &+ clock.spun
            &- min(reader.clock.spun, clock.spun)
          span -= min(span, stood)
        }
      }
      return ReaderSpan(lock: lock, end: now, span: span, isBound: !isLast)
    }
  }
}

/// How long a reader held a lock, or longer than it did.
struct ReaderSpan: Sendable {
  var lock: Int32
  /// When it ended.
  var end: UInt64
  /// Nanoseconds.
  var span: UInt64
  /// Whether it held for less.
  var isBound: Bool
}
