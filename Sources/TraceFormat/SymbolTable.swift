/// The kernel symbols that a trace refers to, by address.
public struct SymbolTable: Hashable, Sendable {
  /// Ascending in address.
  public let records: [SymbolRecord]

  /// A table of these symbols; of several at one address the first counts.
  public init(_ records: [SymbolRecord]) {
    self.records = records.sorted { $0.address < $1.address }
  }

  /// The symbol that `address` lies in and how far behind its start; nil where there is none.
  ///
  /// O(log symbols).
  public func symbol(at address: UInt64) -> (symbol: SymbolRecord, offset: UInt64)? {
    var low = 0
    var high = records.count
    while low < high {
      let middle = (low + high) / 2
      if records[middle].address <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    var found = low - 1
    while found > 0, records[found - 1].address == records[found].address { found -= 1 }
    let symbol = records[found]
    let offset = address - symbol.address
    guard symbol.size == 0 || offset < UInt64(symbol.size) else { return nil }
    return (symbol, offset)
  }

  /// `address` as perf writes it: `name+0x1c`, the bare name at offset zero, nil where there is no
  /// symbol.
  public func name(at address: UInt64) -> String? {
    guard let (symbol, offset) = symbol(at: address) else { return nil }
    return offset == 0 ? symbol.name : "\(symbol.name)+0x" + String(offset, radix: 16)
  }
}
