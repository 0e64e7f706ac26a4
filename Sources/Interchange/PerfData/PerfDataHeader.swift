/// What stands around the records of a perf.data file: how samples are laid out, the tracepoints'
/// descriptions, the kernel.
///
/// Source: tools/perf/Documentation/perf.data-file-format.txt and tools/perf/util/header.h (Linux
/// 6.1); tracing data: tools/perf/util/trace-event-info.c.
struct PerfDataHeader {
  /// `perf_event_attr.sample_type`, the same for every event of the file.
  let sampleType: UInt64
  /// Whether records other than samples end with an id part too (`sample_id_all`).
  let hasRecordIDs: Bool
  /// Where the records are.
  let records: Range<Int>
  /// Tracepoints by the number that starts their raw record.
  let formats: [UInt16: TracepointFormat]
  /// Feature strings by bit: 4 release, 6 architecture, 8 processor.
  let strings: [Int: String]
  /// CPUs online, feature 7.
  let onlineCPUs: UInt32

  private static let attributeSize = 48

  init(_ file: ForeignBytes) throws(InterchangeError) {
    let magic = file.bytes.prefix(8)
    if magic.elementsEqual("2ELIFREP".utf8) {
      throw file.fail("it was recorded on a big-endian machine", at: 0)
    }
    guard magic.elementsEqual("PERFILE2".utf8) else {
      throw file.fail("it does not start with PERFILE2", at: 0)
    }
    guard try file.integer(at: 8, as: UInt64.self) >= 104 else {
      throw file.fail("it was written to a pipe; write it to a file with perf record -o", at: 8)
    }
    let entrySize: UInt64 = try file.integer(at: 16)
    let attributes = try file.range(
      offset: file.integer(at: 24), length: file.integer(at: 32))
    records = try file.range(offset: file.integer(at: 40), length: file.integer(at: 48))
    guard entrySize >= UInt64(Self.attributeSize), entrySize <= UInt64(max(1, attributes.count))
    else { throw file.fail("it holds no events", at: 16) }

    var types: Set<UInt64> = []
    var flags: UInt64 = .max
    for entry in stride(
      from: attributes.lowerBound, to: attributes.upperBound - Int(entrySize) + 1,
      by: Int(entrySize))
    {
      // PERF_TYPE_TRACEPOINT; beside them perf records a dummy event for names and maps.
      if try file.integer(at: entry, as: UInt32.self) == 2 {
        types.insert(try file.integer(at: entry + 24))
      }
      flags &= try file.integer(at: entry + 40)
    }
    guard let sampleType = types.first else { throw file.fail("it holds no tracepoints", at: 24) }
    guard types.count == 1 else {
      throw file.fail("its events have different sample types; record them in one -e list", at: 24)
    }
    self.sampleType = sampleType
    // Bit 18 of the flags after read_format (include/uapi/linux/perf_event.h).
    hasRecordIDs = flags >> 18 & 1 == 1
    let features = try Self.features(file, after: records.upperBound)
    guard features[27] == nil else {
      throw file.fail("it is compressed; record without -z", at: 72)
    }
    guard let tracing = features[1] else {
      throw file.fail("it holds no tracepoints", at: 72)
    }
    formats = try TracingData(file, in: tracing).formats
    var strings: [Int: String] = [:]
    for bit in [4, 6, 8] {
      guard let section = features[bit], section.count > 4 else { continue }
      strings[bit] = file.text(at: section.lowerBound + 4, before: section.upperBound).text
    }
    self.strings = strings
    onlineCPUs =
      try features[7].map { section throws(InterchangeError) in
        try file.integer(at: section.lowerBound)
      } ?? 0
  }

  /// The feature sections, by bit: their places stand behind the records, in the order of the bits
  /// set in the header.
  private static func features(
    _ file: ForeignBytes, after end: Int
  ) throws(InterchangeError) -> [Int: Range<Int>] {
    var sections: [Int: Range<Int>] = [:]
    var position = end
    for bit in 0..<256 {
      let word: UInt64 = try file.integer(at: 72 + bit / 64 * 8)
      guard word >> UInt64(bit % 64) & 1 == 1 else { continue }
      sections[bit] = try file.range(
        offset: file.integer(at: position), length: file.integer(at: position + 8))
      position += 16
    }
    return sections
  }
}
