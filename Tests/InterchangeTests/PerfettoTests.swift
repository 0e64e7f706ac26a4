import Interchange
import Testing
import TraceFormat

@Suite("Perfetto")
struct PerfettoTests {
  private func packets() throws -> [ProtobufMessage] {
    try ProtobufMessage(exported(.perfetto)).fields.map { field in
      #expect(field.number == 1)
      guard case .bytes(let bytes) = field.value else { throw TraceError.notATrace }
      return try ProtobufMessage(bytes)
    }
  }

  @Test("waits, runs and handlers are slices that begin and end on described tracks")
  func slices() throws {
    var tracks: [UInt64: String] = [:]
    var open: [UInt64: [String]] = [:]
    var closed: [String] = []
    var starts: [String: UInt64] = [:]
    for packet in try packets() {
      if let descriptor = try packet.message(60) {
        let uuid = try #require(descriptor.number(1))
        tracks[uuid] = try descriptor.text(2) ?? descriptor.message(4)?.text(5)
        continue
      }
      let event = try #require(try packet.message(11))
      let track = try #require(event.number(11))
      let time = try #require(packet.number(8))
      let place = try #require(tracks[track])
      switch event.number(9) {
      case 1:
        let name = try #require(event.text(23))
        open[track, default: []].append(name)
        starts[name] = time
      case 2:
        let innermost = open[track]?.popLast()
        let name = try #require(innermost)
        closed.append("\(place): \(name) \(starts[name] ?? 0)-\(time)")
      default: #expect(event.number(9) == 3)
      }
    }
    #expect(open.values.allSatisfy { $0.isEmpty })
    #expect(
      closed == [
        "a, \"b\": wait rename_lock 1000-4000",
        "reader: wait rename_lock 3500-5500",
        "CPU 0: reader 8000-20000",
        "a, \"b\": wait 0xffff888100000040 6000-21000",
        "CPU 1 interrupts: flush_tlb_func 23100-23900",
        "CPU 1 interrupts: call_function_single 23000-24000",
        "CPU 0: a, \"b\" 20000-27000",
      ])
  }

  @Test("an arrow leads from the queued call to the function it runs")
  func flow() throws {
    let events = try packets().compactMap { try $0.message(11) }
    let start = try #require(events.first { $0.number(47) != nil })
    let end = try #require(events.first { $0.number(48) != nil })
    #expect(start.number(47) == end.number(48))
    #expect(start.text(23) == "csd to CPU 1")
    #expect(end.text(23) == "flush_tlb_func")
  }

  @Test("times are the trace's, whatever the event")
  func instants() throws {
    let instants = try packets().filter { try $0.message(11)?.number(9) == 3 }
    #expect(instants.map { $0.number(8) } == [22_000, 22_100, 26_000])
  }
}
