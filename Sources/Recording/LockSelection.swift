import CBPF
import TraceFormat

/// The locks that `record -L` names, as the probes look for them.
struct LockSelection: Sendable {
  /// Addresses: those of a lock, or of the static variable that holds it.
  private(set) var ranges: [Range<UInt64>] = []
  /// Bit h is set for the locks that the probes know by the hint h.
  private(set) var hints: UInt64 = 0
  /// Slab caches in whose objects the locks lie.
  private(set) var caches: [String] = []

  /// Locks of the current task's own objects, which a probe knows by comparing addresses.
  private static let hinted: [LockHint] = [
    .mmapLock, .sigLock, .pageTableLock, .filesLock, .taskPI, .credGuard,
  ]

  /// The locks of these names: an address, a static variable, a lock that the probes know by what
  /// it belongs to, or a slab cache.
  ///
  /// `symbols` and `knownCaches` are asked for only where a name wants them.
  init(
    _ names: [String], symbols: () -> KernelSymbols = { .read() },
    knownCaches: () -> Set<String> = Self.slabCaches
  ) throws(RecordError) {
    var table: KernelSymbols?
    for name in names {
      if let address = Self.address(name) {
        ranges.append(address..<(address + 1))
        continue
      }
      if let hint = Self.hinted.first(where: { $0.name == name }) {
        hints |= 1 << UInt64(hint.rawValue)
        continue
      }
      let symbols = table ?? symbols()
      table = symbols
      if let variable = symbols.range(named: name) {
        ranges.append(variable)
      } else if name.utf8.count < Int(OSLET_SLAB_NAME), knownCaches().contains(name) {
        caches.append(name)
      } else {
        throw .badOption("-L", reason: Self.unknown(name, symbols))
      }
    }
    let most = Int(OSLET_LOCK_RANGES)
    if ranges.count > most || caches.count > most {
      throw .badOption("-L", reason: "at most \(most) addresses and \(most) caches")
    }
  }

  /// A kernel address: hexadecimal with 0x, or of at least eight digits without.
  private static func address(_ text: String) -> UInt64? {
    let digits = text.hasPrefix("0x") ? text.dropFirst(2) : text[...]
    guard text.hasPrefix("0x") || digits.count >= 8 else { return nil }
    return UInt64(digits, radix: 16).flatMap { $0 == .max ? nil : $0 }
  }

  /// The caches of /proc/slabinfo.
  static func slabCaches() -> Set<String> {
    let lines = KernelFile.text("/proc/slabinfo")?.split(separator: "\n") ?? []
    return Set(lines.dropFirst(2).compactMap { $0.split(separator: " ").first.map(String.init) })
  }

  private static func unknown(_ name: String, _ symbols: KernelSymbols) -> String {
    var reason = "no lock \"\(name)\": neither an address, nor a slab cache, nor one of "
    reason += hinted.map(\.name).joined(separator: ", ")
    if let missing = symbols.missing { return reason + "; of variables \(missing)" }
    return reason
      + (symbols.holdsData
        ? ", nor a static variable"
        : "; this kernel names no variables (CONFIG_KALLSYMS_ALL)")
  }
}
