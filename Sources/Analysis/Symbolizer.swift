import TraceFormat

/// Names kernel addresses by the trace's symbol table.
struct Symbolizer: Sendable {
  private let starts: [UInt64]
  private let records: [SymbolRecord]

  /// A symbolizer of `symbols`, in any order.
  init(_ symbols: [SymbolRecord]) {
    records = symbols.sorted { ($0.address, $0.name) < ($1.address, $1.name) }
    starts = records.map(\.address)
  }

  /// The symbol whose bytes hold `address`; one of unknown size reaches to the next.
  ///
  /// O(log symbols).
  func symbol(at address: UInt64) -> SymbolRecord? {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let record = records[low - 1]
    guard record.size == 0 || address - record.address < UInt64(record.size) else { return nil }
    return record
  }

  /// The name of the symbol that holds a code address, without offset, or nil.
  func function(at address: UInt64) -> String? {
    guard address != 0, let symbol = symbol(at: address), symbol.isCode else { return nil }
    return symbol.name
  }

  /// The name of the static variable that holds a data address, or nil.
  func variable(at address: UInt64) -> String? {
    guard let symbol = symbol(at: address), !symbol.isCode else { return nil }
    return symbol.name
  }

  /// The name of exactly this address, whatever it is (a slab cache the recorder named), or nil.
  func name(exactly address: UInt64) -> String? {
    guard address != 0, let symbol = symbol(at: address), symbol.address == address else {
      return nil
    }
    return symbol.name
  }
}

extension SymbolRecord {
  /// Whether it is code: t, T, w or W of /proc/kallsyms (nm(1)).
  fileprivate var isCode: Bool {
    [UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "w"), UInt8(ascii: "W")].contains(type)
  }
}
