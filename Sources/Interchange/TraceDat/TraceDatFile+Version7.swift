import TraceFormat

extension TraceDatFile {
  /// Version 7: sections, some of them compressed, to which options point.
  init(version7 file: ForeignBytes, at start: ForeignCursor) throws(InterchangeError) {
    var cursor = start
    guard try cursor.integer(as: UInt8.self) == 0 else {
      throw file.fail("it was recorded on a big-endian machine", at: cursor.position - 1)
    }
    _ = try cursor.integer(as: UInt8.self)  // size of long
    let pageSize = Int(try cursor.integer(as: UInt32.self))
    let compression = cursor.text()
    _ = cursor.text()  // its version
    guard ["none", "zstd", ""].contains(compression) else {
      throw file.fail(
        "it is compressed with \(compression); trace-cmd convert --compression none unpacks it",
        at: start.position)
    }
    let sections = TraceDatSections(file)
    var places: [UInt16: UInt64] = [:]
    var buffer: (place: UInt64, cpus: [(cpu: UInt32, offset: UInt64, size: UInt64)])?
    var options = TraceDatOptions()
    var next: UInt64 = try cursor.integer()
    // Option sections form a chain; no file has this many.
    for _ in 0..<1000 where next != 0 {
      let section = try sections.content(at: next)
      next = 0
      var list = ForeignCursor(section, in: section.bytes.indices)
      while list.position < list.end {
        let id: UInt16 = try list.integer()
        var value = ForeignCursor(section, in: try list.take(list.integer(as: UInt32.self)))
        switch id {
        case 0:
          next = try value.integer()
        // The first buffer is the top instance's.
        case 3 where buffer == nil:
          let place: UInt64 = try value.integer()
          _ = value.text()  // its name
          options.clock = value.text()
          _ = try value.integer(as: UInt32.self)  // page size
          var cpus: [(cpu: UInt32, offset: UInt64, size: UInt64)] = []
          for _ in 0..<(try value.integer(as: UInt32.self)) {
            cpus.append((try value.integer(), try value.integer(), try value.integer()))
          }
          buffer = (place, cpus)
        case 16...21: places[id] = try value.integer()
        default: try options.set(id, value)
        }
        if id == 0 { break }
      }
    }
    func part(_ id: UInt16) throws(InterchangeError) -> ForeignBytes? {
      guard let place = places[id] else { return nil }
      return try sections.content(at: place)
    }
    guard let systems = try part(18) else {
      throw file.fail("it describes no events", at: cursor.position)
    }
    self.init(tracing: try TracingData(pageSize: pageSize, own: part(17), systems: systems))
    self.options = options
    if let text = try part(19) { symbols = try Self.text(text, length: UInt32.self) }
    if let text = try part(21) { commandLines = try Self.text(text, length: UInt64.self) }
    guard let buffer else { throw file.fail("it holds no events", at: cursor.position) }
    let (isPacked, content) = try sections.header(at: buffer.place)
    for log in buffer.cpus {
      if isPacked {
        // Chunks say themselves where they end; the size does not count their number.
        guard let start = Int(exactly: log.offset), content.contains(start) else {
          throw file.fail("CPU \(log.cpu) lies outside of its section", at: content.lowerBound)
        }
        let bytes = try sections.unpacked(chunks: start..<content.upperBound)
        logs.append(Log(cpu: Int(log.cpu), bytes: bytes, range: bytes.bytes.indices))
      } else {
        let range = try file.range(offset: log.offset, length: log.size)
        logs.append(Log(cpu: Int(log.cpu), bytes: file, range: range))
      }
    }
  }

  /// The text behind its length.
  private static func text<Length: FixedWidthInteger & BitwiseCopyable>(
    _ section: ForeignBytes, length: Length.Type
  ) throws(InterchangeError) -> String {
    var cursor = ForeignCursor(section, in: section.bytes.indices)
    let range = try cursor.take(cursor.integer(as: Length.self))
    return String(decoding: section.bytes[range], as: UTF8.self)
  }
}
