import CBPF
import Measures
import TraceFormat

/// Reads the records of one CPU's log and hands them on as events, in their order.
struct LogReader: Sendable {
  private let cpu: Int
  private let isProfile: Bool
  /// The upper eight bits of the clock, which a header has no room for.
  private let epoch: UInt64
  private var ledger: LossLedger
  /// Events by kind so far, without gaps.
  private(set) var counts = [UInt64](repeating: 0, count: Int(OSLET_KINDS.rawValue))
  /// System calls handed over by switches so far.
  private(set) var systemCalls: UInt64 = 0
  /// What `look` saw and no later record has followed yet, in the order of time.
  private var progress: [Event] = []

  /// A reader of `cpu`'s log; `now` is the monotonic clock.
  init(cpu: Int, now: UInt64, isProfile: Bool = false) {
    self.cpu = cpu
    self.isProfile = isProfile
    ledger = LossLedger(cpu: cpu)
    epoch = now & ~0x00ff_ffff_ffff_ffff
  }

  /// Reads what the log holds now, and returns how many bytes that was.
  ///
  /// `sink` gets batches of as many events as `batch` holds; their room in the log is free again
  /// after each. What was missed since the last call becomes `gap` events, one for each kind.
  mutating func read<Failure: Error>(
    _ logs: borrowing LogMap, into names: inout NameCollector,
    batch events: UnsafeMutableBufferPointer<Event>,
    sink: (Span<Event>) throws(Failure) -> Void
  ) throws(Failure) -> Int {
    // A profile has no events for anything to be missing between.
    let gaps = ledger.update(logs).filter { !isProfile || $0.a + $0.b > 0 }
    var nextGap = 0
    var nextProgress = 0
    defer { progress.removeFirst(nextProgress) }
    let head = unsafe logs.head(cpu)
    let data = unsafe logs.data(cpu)
    let mask = UInt64(logs.bytesPerCPU - 1)
    let hides = names.hides
    if unsafe head.pointee.runqueue != 0 {
      unsafe names.locate(cpu: cpu, runQueue: head.pointee.runqueue)
    }
    let produced = logs.produced(cpu)
    var position = unsafe head.pointee.consumed
    let start = position
    var count = 0
    while true {
      let isDone = position >= produced && nextGap == gaps.count
      if count == events.count || isDone {
        if count > 0 {
          try unsafe sink(UnsafeBufferPointer(rebasing: events[..<count]).span)
          count = 0
        }
        unsafe withUnsafeMutablePointer(to: &head.pointee.consumed) {
          unsafe oslet_store_release($0, position)
        }
        if isDone { return Int(position - start) }
      }
      if position >= produced {
        unsafe events[count] = gaps[nextGap]
        count += 1
        nextGap += 1
        continue
      }
      // SAFETY: the probes wrote a whole record below `produced`, in one piece within the data and
      // its slack; its header says how long it is, and no kind is longer than the slack.
      let words = unsafe (data + Int(position & mask)).assumingMemoryBound(to: UInt64.self)
      let header = unsafe words[0]
      guard let kind = EventKind(rawValue: UInt8(truncatingIfNeeded: header) & 0x7f) else {
        position = unsafe names.read(words, at: position) ?? produced
        continue
      }
      let time = TraceTime(nanosecondsSinceBoot: epoch | header >> UInt64(OSLET_TIME_SHIFT))
      if nextGap < gaps.count, gaps[nextGap].time < time {
        unsafe events[count] = gaps[nextGap]
        count += 1
        nextGap += 1
        continue
      }
      if nextProgress < progress.count, progress[nextProgress].time < time {
        unsafe events[count] = progress[nextProgress]
        counts[Int(EventKind.progress.rawValue)] += 1
        count += 1
        nextProgress += 1
        continue
      }
      // Made where it stays: a copy loads in one piece what was stored in several, and waits for it.
      unsafe events[count] = Event(
        time: time, cpu: UInt16(cpu),
        task: TaskID(unsafe Int32(truncatingIfNeeded: words[1] >> 32)), kind: kind,
        value: unsafe UInt32(truncatingIfNeeded: words[1]))
      var length = unsafe decode(words, into: &events[count])
      if header & UInt64(OSLET_HAS_STACK) != 0 {
        unsafe events[count].stack = unsafe names.stack(words[length])
        length += 1
      }
      position += UInt64(length) * 8
      counts[Int(kind.rawValue)] += 1
      unsafe names.note(&events[count])
      if hides { unsafe names.conceal(&events[count]) }
      count += 1
    }
  }

  /// The most of `progress` on a CPU that has no records.
  private static let mostProgress = 1024

  /// Notes how many system calls the CPU has made since its last switch: an event of the next read that
  /// has a later one.
  ///
  /// Left out where the CPU wrote a record meanwhile, which may have been that of a switch.
  mutating func look(_ logs: borrowing LogMap) {
    let produced = logs.produced(cpu)
    let now = MonotonicClock.now()
    let calls = logs.systemCalls(cpu)
    guard logs.produced(cpu) == produced else { return }
    if progress.count == Self.mostProgress { progress.removeFirst() }
    progress.append(
      Event(
        time: TraceTime(nanosecondsSinceBoot: now), cpu: UInt16(cpu), task: .idle, kind: .progress,
        a: calls))
  }

  /// Drops what was noted and not handed on: it is older than the file that begins.
  mutating func forgetLooks() { progress = [] }

  /// Fills in the words after the second as `enum oslet_kind` lists them; returns how many words
  /// the record has before its stack.
  @inline(__always)
  private mutating func decode(_ words: UnsafePointer<UInt64>, into event: inout Event) -> Int {
    switch event.kind {
    case .contentionBegin:
      unsafe event.a = words[2]
      let packed = event.value
      event.value = packed & OSLET_FLAGS_MASK
      let owner = packed >> UInt32(OSLET_OWNER_SHIFT) & OSLET_OWNER_MASK
      event.owner = LockOwner(
        task: TaskID(Int32(bitPattern: owner)), reads: packed & OSLET_OWNER_READS != 0)
      return 3
    case .contentionEnd, .tlbFlush, .schedWaking, .schedWakeup:
      unsafe event.a = words[2]
      return 3
    case .schedSwitch:
      let calls = unsafe words[2] & 0xffff_ffff
      unsafe event.a = words[2] >> 32
      event.b = calls
      systemCalls += calls
      return 3
    case .schedMigrate:
      unsafe event.a = words[2] >> 32
      unsafe event.b = words[2] & 0xffff_ffff
      return 3
    case .csdFunctionEntry, .csdFunctionExit, .ipiSendCPU:
      unsafe event.a = words[2]
      unsafe event.b = words[3]
      return 4
    case .csdQueue, .ipiSendMask, .fork, .exec, .exit, .lockSeen, .trigger:
      unsafe event.a = words[2]
      unsafe event.b = words[3]
      unsafe event.c = words[4]
      return 5
    case .callFunctionEntry, .callFunctionExit, .callFunctionSingleEntry, .callFunctionSingleExit,
      .rescheduleEntry, .rescheduleExit:
      event.a = UInt64(event.value)
      event.value = 0
      return 2
    case .gap, .progress:
      return 2
    }
  }

  /// What was counted in place of being recorded since the last call.
  mutating func takeCounts(_ logs: borrowing LogMap) -> [AggregateRecord] {
    ledger.takeCounts(logs)
  }

  /// What was missed since the last call, for the trace's own account.
  mutating func takeLosses() -> [LossRecord] { ledger.take() }
}
