import CBPF
import Measures
import Testing
import TraceFormat

@testable import Recording

@Suite("Log reader")
struct LogReaderTests {
  static let names = NameCollector(
    symbols: KernelSymbols(parsing: []), areas: PerCPUAreas(variables: [], cpus: 1),
    fields: SlabFields())

  /// Everything the log holds, read in batches of `batch` events.
  static func read(
    _ log: borrowing FabricatedLog, with reader: inout LogReader, names: inout NameCollector,
    batch: Int = 64
  ) -> [Event] {
    let buffer = UnsafeMutableBufferPointer<Event>.allocate(capacity: batch)
    // SAFETY: the reader writes at most `batch` events, and keeps nothing.
    defer { unsafe buffer.deallocate() }
    var events: [Event] = []
    _ = unsafe reader.read(log.map, into: &names, batch: buffer) { span in
      for index in span.indices { events.append(span[index]) }
    }
    return events
  }

  @Test("kinds of the probes and of the trace have the same numbers")
  func numbers() {
    #expect(EventKind.contentionBegin.rawValue == UInt8(OSLET_CONTENTION_BEGIN.rawValue))
    #expect(EventKind.csdQueue.rawValue == UInt8(OSLET_CSD_QUEUE.rawValue))
    #expect(EventKind.rescheduleExit.rawValue == UInt8(OSLET_RESCHEDULE_EXIT.rawValue))
    #expect(EventKind.schedSwitch.rawValue == UInt8(OSLET_SCHED_SWITCH.rawValue))
    #expect(EventKind.lockSeen.rawValue == UInt8(OSLET_LOCK_SEEN.rawValue))
    #expect(EventKind.trigger.rawValue == UInt8(OSLET_TRIGGER.rawValue))
    #expect(EventKind.progress.rawValue == UInt8(OSLET_KINDS.rawValue) - 1)
    #expect(EventKind.allCases.map(\.rawValue).max() == UInt8(OSLET_KINDS.rawValue) - 1)
    #expect(LockHint.mmapLock.rawValue == OSLET_LOCK_MMAP.rawValue)
    #expect(LockHint.sigLock.rawValue == OSLET_LOCK_SIGHAND.rawValue)
    #expect(LockHint.taskPI.rawValue == OSLET_LOCK_TASK_PI.rawValue)
  }

  @Test("records become events; a stack gets one number wherever it comes from")
  func decoding() throws {
    var log = try FabricatedLog()
    var names = Self.names
    var reader = LogReader(cpu: 0, now: 1000)
    log.append(UInt8(OSLET_STACK.rawValue), at: 5, [0xabc, 2, 0x111, 0x222])
    log.append(1, at: 5, [7 << 32 | 0x21, 0xbeef], stack: 0xabc)
    log.append(2, at: 9, [7 << 32, 0xbeef])
    log.append(15, at: 10, [7 << 32 | 1, 8 << 32 | 42])
    log.append(12, at: 11, [8 << 32 | 0xfd])
    log.append(18, at: 12, [8 << 32 | 3, 9 << 32 | 1])
    let events = Self.read(log, with: &reader, names: &names)
    #expect(
      events.map(\.kind) == [
        .contentionBegin, .contentionEnd, .schedSwitch, .rescheduleEntry, .schedMigrate,
      ])
    #expect(events[0].stack == StackID(1))
    #expect(events[0].value == 0x21)
    #expect(events[0].a == 0xbeef)
    #expect(events[0].task == TaskID(7))
    #expect(events[2].a == 8)
    #expect(events[2].b == 42)
    #expect(events[2].value == 1)
    #expect(events[3].a == 0xfd)
    #expect(
      events[4]
        == Event(
          time: TraceTime(nanosecondsSinceBoot: 12), cpu: 0, task: TaskID(8), kind: .schedMigrate,
          a: 9, b: 1, value: 3))
    #expect(names.takeStacks() == [StackRecord(id: StackID(1), frames: [0x111, 0x222])])
    #expect(reader.systemCalls == 42)
    #expect(Self.read(log, with: &reader, names: &names) == [])
  }

  @Test("an owner stands above the flags, a reader with a bit of its own")
  func owners() throws {
    var log = try FabricatedLog()
    var names = Self.names
    var reader = LogReader(cpu: 0, now: 0)
    let largest = UInt64(OSLET_OWNER_MASK)
    log.append(1, at: 5, [7 << 32 | largest << 8 | 0x21, 1])
    log.append(1, at: 6, [7 << 32 | UInt64(OSLET_OWNER_READS) | 9 << 8 | 2, 1])
    log.append(1, at: 7, [7 << 32 | 1, 1])
    let events = Self.read(log, with: &reader, names: &names)
    #expect(events.map(\.value) == [0x21, 2, 1])
    #expect(events.map(\.owner.task.rawValue) == [4_194_303, 9, 0])
    #expect(events.map(\.owner.reads) == [false, true, false])
    #expect(events.map(\.owner.isKnown) == [true, true, false])
  }

  @Test("records cross the end of the data in one piece, at every alignment", arguments: 0..<6)
  func wrapping(shift: Int) throws {
    var log = try FabricatedLog(at: 7 * 4096 - 24 + UInt64(shift * 8))
    var names = Self.names
    var reader = LogReader(cpu: 0, now: 0)
    for index in 0..<200 {
      log.append(3, at: UInt64(index), [UInt64(index) << 32, 1, 2, UInt64(index)])
      let events = Self.read(log, with: &reader, names: &names)
      #expect(events.map(\.c) == [UInt64(index)])
    }
  }

  @Test("batches are as small as the buffer and lose nothing", arguments: [2, 3, 7])
  func batches(size: Int) throws {
    var log = try FabricatedLog(bytes: 8192)
    var names = Self.names
    var reader = LogReader(cpu: 0, now: 0)
    for index in 0..<300 { log.append(2, at: UInt64(index), [0, UInt64(index)]) }
    let events = Self.read(log, with: &reader, names: &names, batch: size)
    #expect(events.map(\.a) == (0..<300).map { UInt64($0) })
    #expect(reader.counts[2] == 300)
  }

  @Test("what was missed stands as a gap of its kind where it was missed, in the account once")
  func gaps() throws {
    var log = try FabricatedLog()
    var names = Self.names
    var reader = LogReader(cpu: 0, now: 0)
    log.append(2, at: 10, [0, 1])
    log.append(2, at: 30, [0, 2])
    log.miss(2, lost: 5, suppressed: 0, first: 11, last: 20)
    log.miss(1, lost: 0, suppressed: 2, first: 12, last: 13)
    let events = Self.read(log, with: &reader, names: &names)
    // Not one gap of several kinds: a reader would distrust what nothing is missing of.
    #expect(events.map(\.kind) == [.contentionEnd, .gap, .gap, .contentionEnd])
    #expect(events.map(\.time.nanosecondsSinceBoot) == [10, 13, 20, 30])
    #expect(events.map(\.value) == [0, 1, 2, 0])
    #expect(events.map(\.a) == [1, 0, 5, 2])
    #expect(events.map(\.b) == [0, 2, 0, 0])
    let losses = reader.takeLosses()
    #expect(losses.map(\.kind) == [.contentionBegin, .contentionEnd])
    #expect(losses.map(\.first.nanosecondsSinceBoot) == [12, 11])

    let now = MonotonicClock.now()
    log.miss(2, lost: 6, suppressed: 0, first: 11, last: now)
    let later = Self.read(log, with: &reader, names: &names)
    #expect(later.map(\.kind) == [.gap])
    #expect(later[0].a == 1)
    #expect(later[0].value == 2)
    #expect(reader.takeLosses().map(\.lost) == [1])
  }

  @Test("what the recorder saw of a CPU stands before the first later record of it")
  func looks() throws {
    var log = try FabricatedLog()
    var names = Self.names
    var reader = LogReader(cpu: 0, now: 0)
    log.count(systemCalls: 7)
    let before = MonotonicClock.now()
    reader.look(log.map)
    log.count(systemCalls: 9)
    reader.look(log.map)
    let after = MonotonicClock.now()
    log.append(2, at: before - 1, [0, 1])
    #expect(Self.read(log, with: &reader, names: &names).map(\.kind) == [.contentionEnd])
    log.append(2, at: after + 1, [0, 2])
    let events = Self.read(log, with: &reader, names: &names, batch: 2)
    #expect(events.map(\.kind) == [.progress, .progress, .contentionEnd])
    #expect(events.map(\.a) == [7, 9, 2])
    for look in events.dropLast() {
      #expect((before...after).contains(look.time.nanosecondsSinceBoot) && look.task == .idle)
    }
    #expect(reader.counts[Int(EventKind.progress.rawValue)] == 2)
    // What no record has followed is not for the next file.
    reader.look(log.map)
    reader.forgetLooks()
    log.append(2, at: MonotonicClock.now(), [0, 3])
    #expect(Self.read(log, with: &reader, names: &names).map(\.a) == [3])
  }

  @Test("gaps of every kind find room in the smallest batch", arguments: [1, 2, 5])
  func gapsInBatches(size: Int) throws {
    var log = try FabricatedLog()
    var names = Self.names
    var reader = LogReader(cpu: 0, now: 0)
    for kind in UInt8(1)...22 { log.miss(kind, lost: 1, suppressed: 0, first: 5, last: 5) }
    for time in [UInt64(4), 5, 6] { log.append(2, at: time, [0, time]) }
    let events = Self.read(log, with: &reader, names: &names, batch: size)
    #expect(
      events.map(\.time.nanosecondsSinceBoot) == [4, 5] + [UInt64](repeating: 5, count: 22) + [6])
    #expect(events.dropFirst(2).dropLast().map(\.value) == (1...22).map { UInt32($0) })
  }

  @Test("a record of an unknown kind ends the reading instead of guessing its length")
  func unknown() throws {
    var log = try FabricatedLog()
    var names = Self.names
    var reader = LogReader(cpu: 0, now: 0)
    log.append(2, at: 1, [0, 1])
    log.append(99, at: 2, [0, 0])
    #expect(Self.read(log, with: &reader, names: &names).count == 1)
    log.append(2, at: 3, [0, 2])
    #expect(Self.read(log, with: &reader, names: &names).map(\.a) == [2])
  }

  @Test("the upper bits of the clock come from the reader's own")
  func epoch() throws {
    var log = try FabricatedLog()
    var names = Self.names
    var reader = LogReader(cpu: 0, now: 3 << 56 | 99)
    log.append(2, at: 100, [0, 1])
    let events = Self.read(log, with: &reader, names: &names)
    #expect(events.map(\.time.nanosecondsSinceBoot) == [3 << 56 | 100])
  }
}
