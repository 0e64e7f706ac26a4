import Measures
import Testing
import TraceFormat

@Suite("Binary form")
struct BinaryRoundTripTests {
  @Test("binary and back is the same trace, whatever the bits", arguments: 0..<20 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    let trace = arbitraryTrace(seed: seed)
    var reader = try TraceReader(bytes: trace.bytes())
    #expect(reader.ending == .complete)
    #expect(reader.eventCount == UInt64(trace.events.count))
    #expect(reader.facts == trace.facts)
    #expect(reader.stacks.records == trace.stacks)
    #expect(reader.symbols == SymbolTable(trace.symbols))
    #expect(reader.tasks == TaskTable(trace.tasks))
    #expect(reader.losses == LossAccount(trace.losses))
    let first = try #require(trace.events.first)
    let last = try #require(trace.events.last)
    #expect(reader.times == first.time...last.time)
    #expect(try RecordedTrace(reading: &reader).events == trace.events)
    #expect(reader.damaged == [])
  }

  @Test("more events than a block takes, on CPUs whose times interleave")
  func manyBlocks() throws {
    let events = schedulingEvents(seed: 1, count: 100_000, cpus: 3)
    let trace = RecordedTrace(events: events)
    var reader = try TraceReader(bytes: trace.bytes())
    #expect(try RecordedTrace(reading: &reader).events == trace.events)
    reader.rewind()
    var batch: [Event] = []
    var all: [Event] = []
    while try reader.nextBatch(into: &batch) { all += batch }
    #expect(all == trace.events)
  }

  @Test("equal times come by CPU, then as they were recorded")
  func ties() throws {
    let time = TraceTime(nanosecondsSinceBoot: 5)
    let events = (0..<2000).map { index in
      Event(time: time, cpu: UInt16(index % 2), task: TaskID(1), kind: .exit, c: UInt64(index))
    }
    var reader = try TraceReader(bytes: RecordedTrace(events: events).bytes())
    let numbers = try RecordedTrace(reading: &reader).events.map { Int($0.c) }
    #expect(
      numbers == Array(stride(from: 0, to: 2000, by: 2)) + Array(stride(from: 1, to: 2000, by: 2)))
  }

  @Test("events that come out of order are given in order")
  func disorder() throws {
    let events = schedulingEvents(seed: 2, count: 1000, cpus: 1)
    var writer = try TraceWriter(facts: .unknown)
    // The second half first, and each half backwards.
    try writer.append(events: Array(events[500...].reversed()), cpu: 0)
    try writer.append(events: Array(events[..<500].reversed()), cpu: 0)
    var reader = try TraceReader(bytes: writer.finish(facts: .unknown))
    #expect(try RecordedTrace(reading: &reader).events == events)
  }

  @Test("a slice holds the events from its start to before its end")
  func slice() throws {
    let trace = RecordedTrace(events: schedulingEvents(seed: 3, count: 50_000, cpus: 2))
    var reader = try TraceReader(bytes: trace.bytes())
    let from = trace.events[20_000].time
    let to = trace.events[45_000].time
    reader.select(from: from, to: to)
    let expected = trace.events.filter { $0.time >= from && $0.time < to }
    #expect(try RecordedTrace(reading: &reader).events == expected)
    reader.select(from: nil, to: from)
    #expect(try RecordedTrace(reading: &reader).events == trace.events.filter { $0.time < from })
    reader.select(from: to, to: nil)
    #expect(try RecordedTrace(reading: &reader).events == trace.events.filter { $0.time >= to })
  }

  @Test("a trace of nothing")
  func empty() throws {
    var reader = try TraceReader(bytes: RecordedTrace().bytes())
    #expect(try reader.next() == nil)
    #expect(reader.times == nil)
    #expect(reader.ending == .complete)
  }

  @Test("an event of another CPU is refused")
  func wrongCPU() throws {
    var writer = try TraceWriter(facts: .unknown)
    let events = [Event(time: .zero, cpu: 1, task: .idle, kind: .exit)]
    do throws(TraceError) {
      try writer.append(events: events, cpu: 0)
      Issue.record("taken")
    } catch {
      #expect(error == .wrongCPU(index: 0))
    }
  }

  @Test("the same trace is the same bytes")
  func deterministic() throws {
    let trace = RecordedTrace(events: schedulingEvents(seed: 4, count: 20_000, cpus: 2))
    #expect(try trace.bytes() == trace.bytes())
  }
}
