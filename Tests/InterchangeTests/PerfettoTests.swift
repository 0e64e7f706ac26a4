import Interchange
import Testing
import TraceFormat

@Suite("Perfetto")
struct PerfettoTests {
  /// A message taken apart: field numbers with their numbers or bytes, in order.
  struct Message {
    enum Value: Equatable {
      case number(UInt64)
      case bytes([UInt8])
    }

    var fields: [(number: UInt64, value: Value)] = []

    /// Reads the wire format (protobuf.dev, "Encoding") without help from the writer.
    init(_ bytes: [UInt8]) throws {
      var position = 0
      func varint() throws -> UInt64 {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while true {
          let byte = try #require(position < bytes.count ? bytes[position] : nil)
          position += 1
          number |= UInt64(byte & 0x7F) << shift
          if byte < 0x80 { return number }
          shift += 7
        }
      }
      while position < bytes.count {
        let tag = try varint()
        switch tag & 7 {
        case 0: fields.append((tag >> 3, .number(try varint())))
        case 1:
          let eight = bytes[position..<(position + 8)]
          position += 8
          fields.append((tag >> 3, .number(eight.reversed().reduce(0) { $0 << 8 | UInt64($1) })))
        case 2:
          let length = Int(try varint())
          fields.append((tag >> 3, .bytes(Array(bytes[position..<(position + length)]))))
          position += length
        default: Issue.record("wire type \(tag & 7)")
        }
      }
    }

    func number(_ field: UInt64) -> UInt64? {
      for case (field, .number(let number)) in fields { return number }
      return nil
    }
    func text(_ field: UInt64) -> String? {
      for case (field, .bytes(let bytes)) in fields {
        return String(decoding: bytes, as: UTF8.self)
      }
      return nil
    }
    func message(_ field: UInt64) throws -> Message? {
      for case (field, .bytes(let bytes)) in fields { return try Message(bytes) }
      return nil
    }
  }

  private func packets() throws -> [Message] {
    try Message(exported(.perfetto)).fields.map { field in
      #expect(field.number == 1)
      guard case .bytes(let bytes) = field.value else { throw TraceError.notATrace }
      return try Message(bytes)
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
