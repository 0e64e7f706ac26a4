/// Where a tracepoint's fields are in its raw record, by the kernel's own description of it
/// (/sys/kernel/tracing/events/*/*/format, kept inside perf.data).
struct TracepointFormat {
  /// A field: its bytes, and whether they are a `__data_loc` (offset in the low half, length in the
  /// high half of 32 bits; Documentation/trace/events.rst).
  struct Field {
    var offset: Int
    var size: Int
    var isSigned: Bool
    var isDynamic: Bool
    var isRelative: Bool
  }

  /// `contention_begin`.
  let name: String
  /// The number that starts each raw record.
  let id: UInt16
  private let fields: [String: Field]

  /// Reads the description; nil where it has no name or number.
  init?(_ text: String) {
    var name: String?
    var id: UInt16?
    var fields: [String: Field] = [:]
    for line in text.split(separator: "\n") {
      if line.hasPrefix("name: ") { name = String(line.dropFirst(6)) }
      if line.hasPrefix("ID: ") { id = UInt16(line.dropFirst(4)) }
      guard let start = line.firstRange(of: "field:") else { continue }
      var declaration = ""
      var values: [String: Int] = [:]
      for (index, part) in line[start.upperBound...].split(separator: ";").enumerated() {
        if index == 0 {
          declaration = String(part)
          continue
        }
        let pair = part.split(separator: ":")
        guard pair.count == 2 else { continue }
        values[String(pair[0].filter { !$0.isWhitespace })] = Int(pair[1])
      }
      guard let offset = values["offset"], let size = values["size"],
        // A raw record's length has 16 bits.
        0...0xFFFF ~= offset, 0...0xFFFF ~= size
      else {
        continue
      }
      // `pid_t prev_pid`, `char prev_comm[16]`, `__data_loc cpumask_t cpumask`.
      let word = declaration.split(separator: " ").last.map(String.init) ?? ""
      fields[word.split(separator: "[").first.map(String.init) ?? word] = Field(
        offset: offset, size: size, isSigned: values["signed"] == 1,
        isDynamic: declaration.hasPrefix("__data_loc") || declaration.hasPrefix("__rel_loc"),
        isRelative: declaration.hasPrefix("__rel_loc"))
    }
    guard let name, let id else { return nil }
    self.name = name
    self.id = id
    self.fields = fields
  }

  /// The field of this name; nil where this kernel's tracepoint has none.
  func field(_ name: String) -> Field? { fields[name] }
}
