import Measures
import Testing
import TraceFormat

@Suite("Damaged traces")
struct DamageTests {
  /// A trace of a few blocks, small enough to cut at every byte.
  static let trace = RecordedTrace(
    facts: .unknown, events: schedulingEvents(seed: 7, count: 300, cpus: 2),
    stacks: [StackRecord(id: StackID(1), frames: [0xffff_ffff_8100_0000])],
    symbols: [SymbolRecord(address: 0xffff_ffff_8100_0000, size: 16, type: 84, name: "start")],
    tasks: [TaskRecord(task: TaskID(1), process: TaskID(1), name: "init", cgroup: "/")])

  /// Several event blocks a CPU, as a recorder that drains every 50 events writes them.
  static func bytes() throws(TraceError) -> [UInt8] {
    var writer = try TraceWriter(facts: trace.facts)
    try writer.append(tasks: trace.tasks)
    try writer.append(symbols: trace.symbols)
    try writer.append(stacks: trace.stacks)
    for start in stride(from: 0, to: trace.events.count, by: 50) {
      let part = trace.events[start..<min(start + 50, trace.events.count)]
      for cpu in UInt16(0)..<2 {
        try writer.append(events: part.filter { $0.cpu == cpu }, cpu: cpu)
      }
    }
    return try writer.finish(facts: trace.facts)
  }

  @Test("a cut at any byte leaves the whole blocks before it, and says where")
  func cuts() throws {
    let bytes = try Self.bytes()
    var most = 0
    for length in 0..<bytes.count {
      let prefix = Array(bytes[..<length])
      guard length >= 24 else {
        do throws(TraceError) {
          _ = try TraceReader(bytes: prefix)
          Issue.record("opened \(length) bytes")
        } catch {
          #expect(error == .notATrace || error == .damagedHeader)
        }
        continue
      }
      var reader = try TraceReader(bytes: prefix)
      guard case .cut(let at, let ignored) = reader.ending else {
        Issue.record("complete at \(length) bytes")
        continue
      }
      #expect(at + ignored == UInt64(length))
      let count = try RecordedTrace(reading: &reader).events.count
      #expect(count >= most)
      #expect(UInt64(count) == reader.eventCount)
      #expect(reader.damaged == [])
      most = count
    }
    #expect(most == Self.trace.events.count)
  }

  @Test("a flipped bit anywhere is noticed, and costs no more than its block")
  func flips() throws {
    let bytes = try Self.bytes()
    var random = SeededGenerator(seed: 11)
    let all = Self.trace.events
    let known = Set(all)
    for offset in bytes.indices {
      var damaged = bytes
      damaged[offset] ^= 1 << UInt8(random.index(below: 8))
      do throws(TraceError) {
        var reader = try TraceReader(bytes: damaged)
        let events = try RecordedTrace(reading: &reader).events
        #expect(offset >= 24)
        #expect(reader.damaged.count == 1 || reader.ending != .complete, "byte \(offset)")
        let lost = reader.damaged.reduce(0) { $0 + Int($1.events) }
        if reader.ending == .complete {
          #expect(events.count + lost == all.count, "byte \(offset)")
        }
        #expect(all.count - events.count <= 50, "byte \(offset)")
        #expect(events.allSatisfy(known.contains), "byte \(offset)")
      } catch {
        #expect(offset < 24, "byte \(offset): \(error)")
      }
    }
  }

  @Test("a damaged event block is counted with its CPU and times")
  func account() throws {
    var bytes = try RecordedTrace(events: Self.trace.events).bytes()
    // The payload of CPU 1's block ends before the last facts (with their header) and the end block.
    let clean = try TraceReader(bytes: bytes)
    #expect(clean.ending == .complete)
    let magic: [UInt8] = Array("OSBK".utf8)
    let starts = bytes.indices.filter { bytes[$0...].starts(with: magic) }
    let block = try #require(starts.last { bytes[$0 + 4] == BlockType.events.rawValue })
    bytes[block + 60] ^= 0xFF
    var reader = try TraceReader(bytes: bytes)
    let events = try RecordedTrace(reading: &reader).events
    let lost = Self.trace.events.filter { $0.cpu == 1 }
    let region = try #require(reader.damaged.first)
    #expect(reader.damaged.count == 1)
    #expect(region.offset == UInt64(block))
    #expect(region.reason == .checksum)
    #expect(region.type == .events)
    #expect(region.cpu == 1)
    #expect(region.events == UInt64(lost.count))
    #expect(region.times?.lowerBound == lost.first?.time)
    #expect(region.times?.upperBound == lost.last?.time)
    #expect(events == Self.trace.events.filter { $0.cpu == 0 })
  }

  @Test("what is no trace says so in its own words")
  func strangers() throws {
    func error(_ bytes: [UInt8]) -> TraceError? {
      do throws(TraceError) { _ = try TraceReader(bytes: bytes) } catch { return error }
      return nil
    }
    let bytes = try RecordedTrace().bytes()
    #expect(error([]) == .notATrace)
    #expect(error(Array("PERFILE2".utf8) + [UInt8](repeating: 0, count: 100)) == .notATrace)
    var other = bytes
    other[12...15].reverse()
    #expect(error(other) == .byteOrder)
    other = bytes
    other[8] = 2
    #expect(error(other) == .damagedHeader)
    #expect(
      TraceError.notATrace.description == "not an OSlet trace: it does not start as one does")
  }

  @Test("bytes behind the end are reported")
  func trailing() throws {
    let bytes = try RecordedTrace().bytes()
    let reader = try TraceReader(bytes: bytes + [1, 2, 3])
    #expect(reader.ending == .complete)
    #expect(reader.damaged.map(\.reason) == [.trailing])
    #expect(reader.damaged.map(\.length) == [3])
  }
}
