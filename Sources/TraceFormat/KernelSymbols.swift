/// A kernel's symbols by address, from the text of /proc/kallsyms: sorted addresses beside one block of
/// names, because a kernel has some hundred thousand of them.
public struct KernelSymbols: Sendable {
  private var text: [UInt8] = []
  private var addresses: [UInt64] = []
  /// Where each line's type letter stands in `text`.
  private var letters: [UInt32] = []

  /// Why there are no symbols, or nil when there are.
  public private(set) var missing: String?

  /// Whether static data is in the table (CONFIG_KALLSYMS_ALL); without it no lock has a name of
  /// its own.
  public private(set) var holdsData = false

  /// No symbols, and why.
  public init(missing reason: String) { missing = reason }

  /// The symbols of a text in the form of /proc/kallsyms: `address type name [module]` lines.
  public init(parsing text: [UInt8]) {
    self.text = text
    var order: [(address: UInt64, letter: UInt32)] = []
    order.reserveCapacity(text.count / 40)
    var dataCount = 0
    var at = 0
    while at < text.count {
      let end = text[at...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
      var address: UInt64 = 0
      var digits = 0
      while at + digits < end, let digit = hexadecimal(text[at + digits]) {
        address = address << 4 | digit
        digits += 1
      }
      let letter = at + digits + 1
      if digits > 0, letter + 2 < end, address != 0 {
        order.append((address, UInt32(letter)))
        if Self.isData(text[letter]) { dataCount += 1 }
      }
      at = end + 1
    }
    // Without CONFIG_KALLSYMS_ALL the only data in the table are markers of sections, each of which
    // would own every lock of its section.
    holdsData = dataCount > order.count / 20
    if !holdsData { order.removeAll { Self.isData(text[Int($0.letter)]) } }
    if order.isEmpty { missing = "all addresses are hidden (kptr_restrict, and no CAP_SYSLOG)" }
    order.sort { ($0.address, $0.letter) < ($1.address, $1.letter) }
    addresses = order.map(\.address)
    letters = order.map(\.letter)
  }

  /// The symbol that holds an address: the last one that starts at or before it, unless the
  /// address lies beyond any symbol's reach.
  ///
  /// O(log symbols).
  public func symbol(at address: UInt64) -> SymbolRecord? {
    var low = 0
    var high = addresses.count
    while low < high {
      let middle = (low + high) / 2
      if addresses[middle] <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let start = addresses[low - 1]
    let size = low < addresses.count ? addresses[low] - start : 4096
    // The last symbol before a hole must not own the hole: no function is so long, though some
    // tables are.
    let reach: UInt64 = Self.isData(text[Int(letters[low - 1])]) ? 1 << 22 : 1 << 16
    guard address - start < reach else { return nil }
    let letter = Int(letters[low - 1])
    return SymbolRecord(
      address: start, size: UInt32(clamping: size), type: text[letter], name: name(at: letter))
  }

  /// Whether a type letter is data: initialised, zeroed or read-only, as nm says it.
  public static func isData(_ letter: UInt8) -> Bool { "dDbBrR".utf8.contains(letter) }

  /// The range of a symbol by its exact name.
  ///
  /// O(symbols).
  public func range(named wanted: String) -> Range<UInt64>? {
    for index in letters.indices where name(at: Int(letters[index]), is: wanted) {
      let end = index + 1 < addresses.count ? addresses[index + 1] : addresses[index] + 4096
      return addresses[index]..<max(end, addresses[index] + 1)
    }
    return nil
  }

  /// The name after a type letter; a module in brackets stays with it: `ext4_sync_file [ext4]`.
  private func name(at letter: Int) -> String {
    let end = text[letter...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
    let bytes = text[min(letter + 2, end)..<end].map { $0 == UInt8(ascii: "\t") ? 32 : $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func name(at letter: Int, is wanted: String) -> Bool {
    let bytes = wanted.utf8
    guard letter + 2 + bytes.count <= text.count,
      text[(letter + 2)..<(letter + 2 + bytes.count)].elementsEqual(bytes)
    else { return false }
    let end = letter + 2 + bytes.count
    return end == text.count || text[end] == UInt8(ascii: "\n") || text[end] == UInt8(ascii: "\t")
  }
}

/// The value of a hexadecimal digit, lower case as the kernel writes it.
private func hexadecimal(_ character: UInt8) -> UInt64? {
  switch character {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(character - UInt8(ascii: "0"))
  case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(character - UInt8(ascii: "a")) + 10
  default: nil
  }
}
