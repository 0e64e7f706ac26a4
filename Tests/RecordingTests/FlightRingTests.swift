import Glibc
import Measures
import Testing
import TraceFormat

@testable import Recording

@Suite("Flight ring")
struct FlightRingTests {
  static let facts = TraceFacts(
    writer: "test", command: [], kernel: KernelFacts.running(),
    topology: TopologyFacts.running(), regimes: [:],
    clock: ClockFacts(startMonotonic: 0, startRealtime: 1000), recorderProcess: 1, events: [:])

  /// Ten events of a CPU, from `time` on.
  static func drain(_ ring: inout FlightRing, at time: UInt64, _ counts: inout [UInt64]) throws {
    let events = (0..<10).map {
      Event(
        time: TraceTime(nanosecondsSinceBoot: time + $0), cpu: 0, task: TaskID(7),
        kind: .contentionEnd, a: time &* 0x9E37_79B9_7F4A_7C15)
    }
    try ring.append(events: events.span, cpu: 0)
    counts[Int(EventKind.contentionEnd.rawValue)] += 10
    ring.endDrain(start: time + 10, counts: counts)
  }

  static func written(_ ring: FlightRing) throws -> (facts: TraceFacts, events: [Event]) {
    let folder = OutputFileTests.Folder()
    let descriptor = try OutputFile.open("\(folder.path)/t")
    defer { close(descriptor) }
    _ = try ring.write(descriptor: descriptor, facts: facts)
    var reader = try TraceReader(path: "\(folder.path)/t")
    #expect(reader.ending == .complete)
    var events: [Event] = []
    while let event = try reader.next() { events.append(event) }
    #expect(UInt64(events.count) == reader.eventCount)
    return (reader.facts, events)
  }

  @Test("keeps the latest drains whole, in its memory, and says from when on")
  func eviction() throws {
    var ring = try FlightRing(limit: 4000)
    var counts = [UInt64](repeating: 0, count: 24)
    for index in 1...5000 { try Self.drain(&ring, at: UInt64(index) * 100, &counts) }
    #expect(ring.byteCount <= 4000)
    let start = try #require(ring.start)
    let (facts, events) = try Self.written(ring)
    #expect(UInt64(events.count) == ring.counts[Int(EventKind.contentionEnd.rawValue)])
    #expect(events.count >= 100 && events.count % 10 == 0)
    // The last drain that went began at `start`, behind its events.
    #expect(events.first?.time.nanosecondsSinceBoot == start + 90)
    #expect(events.last?.time.nanosecondsSinceBoot == 500_009)
    #expect(facts.clock.startMonotonic == start)
    #expect(facts.clock.startRealtime == start + 1000)
  }

  @Test("keeps the last of a time, and not much more")
  func time() throws {
    var ring = try FlightRing(limit: 1 << 20, span: 1000)
    var counts = [UInt64](repeating: 0, count: 27)
    for index in 1...50 {
      try Self.drain(&ring, at: UInt64(index) * 100, &counts)
      let held = UInt64(index) * 100 + 10 - (ring.start ?? 110)
      #expect(held >= min(1000, UInt64(index - 1) * 100) && held <= 1100)
    }
  }

  @Test("a drain larger than its memory is kept alone")
  func large() throws {
    var ring = try FlightRing(limit: 1)
    var counts = [UInt64](repeating: 0, count: 24)
    for index in 1...3 { try Self.drain(&ring, at: UInt64(index) * 100, &counts) }
    #expect(try Self.written(ring).events.map(\.time.nanosecondsSinceBoot) == Array(300..<310))
    // What ends a recording comes behind it, and began earlier.
    ring.endDrain(start: 305, counts: counts)
    #expect(ring.start == 210)
    #expect(try Self.written(ring).events.map(\.time.nanosecondsSinceBoot) == Array(300..<310))
  }

  @Test("what comes late goes with the drain of its time, and with it")
  func late() throws {
    var ring = try FlightRing(limit: 1 << 20, span: 250)
    var counts = [UInt64](repeating: 0, count: Int(EventKind.allCases.count) + 1)
    for index in 1...5 { try Self.drain(&ring, at: UInt64(index) * 100, &counts) }
    // Ring: the drains of 300, 400 and 500, which began at 310, 410 and 510; what began at 210 is gone.
    #expect(ring.start == 210)
    let late = [150, 220, 330, 405, 520].map {
      Event(
        time: TraceTime(nanosecondsSinceBoot: $0), cpu: 1, task: .idle, kind: .contentionBegin, a: 1
      )
    }
    try ring.append(events: late.span, cpu: 1)
    counts[Int(EventKind.contentionBegin.rawValue)] += 5
    ring.endDrain(start: 530, counts: counts)
    func held() throws -> [UInt64] {
      let (facts, events) = try Self.written(ring)
      #expect(events.allSatisfy { $0.time.nanosecondsSinceBoot >= facts.clock.startMonotonic })
      let begun = events.filter { $0.kind == .contentionBegin }
      #expect(UInt64(begun.count) == ring.counts[Int(EventKind.contentionBegin.rawValue)])
      return begun.map(\.time.nanosecondsSinceBoot)
    }
    #expect(ring.start == 210)
    #expect(try held() == [220, 330, 405, 520])
    try Self.drain(&ring, at: 600, &counts)
    #expect(ring.start == 310)
    #expect(try held() == [330, 405, 520])
    try Self.drain(&ring, at: 700, &counts)
    #expect(ring.start == 410)
    #expect(try held() == [520])
  }

  @Test("a lock's first sight outlives its event, at the ring's start; losses go with theirs")
  func locks() throws {
    var ring = try FlightRing(limit: 1)
    var counts = [UInt64](repeating: 0, count: 24)
    let time = TraceTime(nanosecondsSinceBoot: 50)
    let seen = Event(
      time: time, cpu: 0, task: TaskID(7), kind: .lockSeen, a: 0xbeef,
      value: LockHint.mmapLock.rawValue)
    var unknown = seen
    unknown.value = LockHint.unknown.rawValue
    try ring.append(events: [seen, unknown].span, cpu: 0)
    ring.append(losses: [
      LossRecord(cpu: 0, kind: .exit, lost: 3, suppressed: 0, first: time, last: time)
    ])
    ring.endDrain(start: 60, counts: counts)
    #expect(ring.losses.map(\.lost) == [3])
    try Self.drain(&ring, at: 100, &counts)
    #expect(ring.losses == [])
    let (_, events) = try Self.written(ring)
    #expect(events.count == 11)
    #expect(events[0].kind == .lockSeen)
    #expect(events[0].value == LockHint.mmapLock.rawValue)
    #expect(events[0].time.nanosecondsSinceBoot == 60)
  }
}
