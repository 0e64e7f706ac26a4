import Measures
import Testing

@testable import TraceFormat

/// Traces whose checksums are right and whose contents are not: what a checksum cannot keep out.
@Suite("Hostile traces")
struct HostileTests {
  /// The bytes of a trace with one block, `mutate` applied to its payload or header and the checksums
  /// made to fit again.
  private func trace(
    _ header: BlockHeader, payload: [UInt8], keepLength: Bool = false
  ) -> [UInt8] {
    var header = header
    if !keepLength { header.storedLength = UInt32(payload.count) }
    header.payloadChecksum = crc32(of: payload[...])
    var bytes = ByteWriter()
    bytes.append(contentsOf: FileHeader.bytes())
    header.store(into: &bytes)
    bytes.append(contentsOf: payload)
    return bytes.bytes
  }

  private func blocks(of trace: RecordedTrace) throws -> [(BlockHeader, [UInt8])] {
    let bytes = try trace.bytes()
    var blocks: [(BlockHeader, [UInt8])] = []
    var offset = FileHeader.size
    while offset < bytes.count {
      let start = offset + BlockHeader.size
      let header = try #require(BlockHeader(bytes[offset..<start]))
      offset = start + Int(header.storedLength)
      blocks.append((header, Array(bytes[start..<offset])))
    }
    return blocks
  }

  /// Reads all there is; what comes must be ascending, what does not must be a typed error.
  private func readAll(_ bytes: [UInt8]) {
    do throws(TraceError) {
      var reader = try TraceReader(bytes: bytes)
      var last = TraceTime.zero
      while let event = try reader.next() {
        #expect(event.time >= last)
        last = event.time
      }
    } catch {
      #expect(!error.description.isEmpty)
    }
  }

  @Test("payloads with any byte changed or cut", arguments: [0] as [UInt64])
  func payloads(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed, stream: 1)
    let small = RecordedTrace(
      events: arbitraryTrace(seed: seed, events: 30).events,
      stacks: arbitraryTrace(seed: seed).stacks, symbols: arbitraryTrace(seed: seed).symbols,
      tasks: arbitraryTrace(seed: seed).tasks, losses: arbitraryTrace(seed: seed).losses)
    for (header, payload) in try blocks(of: small) {
      for index in payload.indices {
        var changed = payload
        changed[index] = UInt8(truncatingIfNeeded: random.next())
        readAll(trace(header, payload: changed))
        readAll(trace(header, payload: Array(payload[..<index])))
      }
    }
  }

  @Test("headers with any field changed")
  func headers() throws {
    var random = SeededGenerator(seed: 3)
    let events = RecordedTrace(events: schedulingEvents(seed: 1, count: 400, cpus: 2))
    for (header, payload) in try blocks(of: events) {
      for _ in 0..<300 {
        var changed = header
        let bits = random.next() >> UInt64(random.index(below: 64))
        switch random.index(below: 8) {
        case 0: changed.type = UInt8(truncatingIfNeeded: bits)
        case 1: changed.codec = UInt8(truncatingIfNeeded: bits)
        case 2: changed.count = UInt32(truncatingIfNeeded: bits)
        case 3: changed.rawLength = UInt32(truncatingIfNeeded: bits)
        case 4: changed.storedLength = UInt32(truncatingIfNeeded: bits)
        case 5: changed.first = bits
        case 6: changed.last = bits
        default: changed.eventsBefore = .max - bits
        }
        readAll(trace(changed, payload: payload, keepLength: true))
      }
    }
  }

  @Test("bytes of chance behind a good header", arguments: 0..<50 as Range<UInt64>)
  func chance(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var bytes = FileHeader.bytes()
    for _ in 0..<random.index(below: 2000) {
      bytes.append(UInt8(truncatingIfNeeded: random.next()))
    }
    readAll(bytes)
  }

  @Test("a varint that does not end, and one too large")
  func varints() {
    var endless = ByteReader([0x80, 0x80][...])
    #expect(throws: TraceError.malformed(.truncated, offset: 2)) {
      let _: UInt64 = try endless.varint()
    }
    var large = ByteReader([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02][...])
    #expect(throws: TraceError.malformed(.numberTooLarge, offset: 10)) {
      let _: UInt64 = try large.varint()
    }
    var tooWide = ByteReader([0xFF, 0xFF, 0x7F][...])
    #expect(throws: TraceError.malformed(.numberTooLarge, offset: 3)) {
      let _: UInt16 = try tooWide.varint()
    }
    var most = ByteWriter()
    most.append(varint: .max)
    var reader = ByteReader(most.bytes[...])
    let number: UInt64? = try? reader.varint()
    #expect(number == .max)
  }

  @Test("the checksum is zlib's CRC-32")
  func checksum() {
    // The check value of CRC-32/ISO-HDLC: crc32 of "123456789".
    #expect(crc32(of: Array("123456789".utf8)[...]) == 0xCBF4_3926)
    #expect(crc32(of: []) == 0)
  }
}
