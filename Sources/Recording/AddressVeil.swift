import Glibc

/// Gives kernel addresses other values, which say nothing of where this kernel lies in memory
/// (KASLR), so that a trace can be shown to others.
///
/// Identity stays: an address has one value throughout a trace, another in the next. So does place within
/// a page, and so within a cache line; and within a function, so that frames still lie in
/// their symbols. Values are taken from 0xffff000000000000 up, where x86-64 has no address.
///
/// The key is 128 random bits that are nowhere written down.
struct AddressVeil: Sendable {
  private let key: (UInt64, UInt64)
  /// Values found lately, by a hash of their address.
  private var lately = [(address: UInt64, value: UInt64)](repeating: (0, 0), count: 4096)

  /// A veil with a key of its own.
  init() {
    var generator = SystemRandomNumberGenerator()
    self.init(key: (generator.next(), generator.next()))
  }

  /// A veil with this key.
  init(key: (UInt64, UInt64)) { self.key = key }

  /// The value of an address, where it was found lately; 0 is none and stays.
  func known(_ address: UInt64) -> UInt64? {
    let entry = lately[Self.slot(address)]
    return entry.address == address ? entry.value : nil
  }

  /// The value of an address, which lies in the symbol that begins at `start` where there is one.
  mutating func hide(_ address: UInt64, inSymbolAt start: UInt64? = nil) -> UInt64 {
    if address == 0 { return 0 }
    let base = start ?? address
    // 34 bits of hash for the page, and the place in it. Symbols have a half of their own: they are
    // longer than a page and would meet others.
    let half: UInt64 = start == nil ? 0xffff_0000_0000_0000 : 0xffff_4000_0000_0000
    let page = (hash(base >> 12) & 0x3_ffff_ffff) << 12
    let value = (half | page | base & 0xfff) &+ (address &- base)
    lately[Self.slot(address)] = (address, value)
    return value
  }

  /// Fibonacci hashing, as in Probes/stack.h.
  private static func slot(_ address: UInt64) -> Int {
    Int(truncatingIfNeeded: (address &* 0x9e37_79b9_7f4a_7c15) >> 52)
  }

  /// SipHash-2-4 of one word (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012).
  func hash(_ word: UInt64) -> UInt64 {
    var v0 = key.0 ^ 0x736f_6d65_7073_6575
    var v1 = key.1 ^ 0x646f_7261_6e64_6f6d
    var v2 = key.0 ^ 0x6c79_6765_6e65_7261
    var v3 = key.1 ^ 0x7465_6462_7974_6573
    func rotate(_ value: UInt64, _ by: UInt64) -> UInt64 { value << by | value >> (64 - by) }
    func round() {
      v0 = v0 &+ v1
      v1 = rotate(v1, 13) ^ v0
      v0 = rotate(v0, 32)
      v2 = v2 &+ v3
      v3 = rotate(v3, 16) ^ v2
      v0 = v0 &+ v3
      v3 = rotate(v3, 21) ^ v0
      v2 = v2 &+ v1
      v1 = rotate(v1, 17) ^ v2
      v2 = rotate(v2, 32)
    }
    // The word, then the last block: its length, 8, in the upper byte.
    for block in [word, 8 << 56] {
      v3 ^= block
      round()
      round()
      v0 ^= block
    }
    v2 ^= 0xff
    for _ in 0..<4 { round() }
    return v0 ^ v1 ^ v2 ^ v3
  }
}
