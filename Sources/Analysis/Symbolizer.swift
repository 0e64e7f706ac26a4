import TraceFormat

/// Names kernel addresses by the trace's symbol table.
struct Symbolizer: Sendable {
  /// Symbols of one sort, by address.
  private struct Index {
    var starts: [UInt64]
    var records: [SymbolRecord]

    init(_ symbols: [SymbolRecord]) {
      records = symbols.sorted { ($0.address, $0.name) < ($1.address, $1.name) }
      starts = records.map(\.address)
    }

    /// The symbol whose bytes hold `address`; one of unknown size reaches `reach` bytes at most, and
    /// never into the next.
    func symbol(at address: UInt64, reach: UInt64) -> SymbolRecord? {
      var low = 0
      var high = starts.count
      while low < high {
        let middle = (low + high) / 2
        if starts[middle] <= address { low = middle + 1 } else { high = middle }
      }
      guard low > 0 else { return nil }
      let record = records[low - 1]
      let size = record.size == 0 ? reach : UInt64(record.size)
      return address - record.address < size ? record : nil
    }
  }

  private let code: Index
  private let data: Index
  private let caches: Index
  private let fields: Index

  /// A symbolizer of `symbols`, in any order.
  ///
  /// Type letters are those of /proc/kallsyms (nm(1)); `k` is a slab cache that the recorder named,
  /// `f` a field of its objects.
  init(_ symbols: [SymbolRecord]) {
    func sort(_ letters: String) -> Index {
      let letters = Set(letters.utf8)
      return Index(symbols.filter { letters.contains($0.type) })
    }
    code = sort("tTwW")
    data = Index(
      symbols.filter { "dDbBrRvVaA".utf8.contains($0.type) && !Self.isBoundary($0.name) })
    caches = sort("k")
    fields = sort("f")
  }

  /// Whether the linker made it to mark the ends of a section: what lies behind it is not its.
  private static func isBoundary(_ name: String) -> Bool {
    ["__start_", "__stop_", "__begin_", "__end_", "_end", "__bss_", "_sdata", "_edata"]
      .contains { name.hasPrefix($0) }
  }

  /// The name of the function that holds a code address, or nil.
  ///
  /// O(log symbols), as the others.
  func function(at address: UInt64) -> String? { code.symbol(at: address, reach: 1 << 20)?.name }

  /// The name of the static variable that holds a data address, or nil.
  func variable(at address: UInt64) -> String? { data.symbol(at: address, reach: 4096)?.name }

  /// The name of what lies at an offset in a slab cache's objects, or nil.
  func field(_ cache: UInt64, offset: UInt64) -> String? {
    guard offset < 1 << 16 else { return nil }
    return fields.symbol(
      at: SymbolRecord.fieldAddress(cache: cache, offset: offset), reach: 1)?.name
  }

  /// The name of a slab cache, or nil.
  func cache(_ cache: UInt64) -> String? { caches.symbol(at: cache, reach: 1)?.name }
}
