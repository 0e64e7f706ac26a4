/// The kernel addresses that a trace refers to and that still want a name.
///
/// Called for every IPI and queued function: a small table of addresses met lately answers nearly
/// always, so the set behind it sees an address a few times and not a million.
struct AddressBook {
  private var lately = [UInt64](repeating: 0, count: 1024)
  private var known: Set<UInt64> = []
  private var fresh: [UInt64] = []

  /// Notes an address; 0 is none.
  mutating func note(_ address: UInt64) {
    // Fibonacci hashing, as in Probes/stack.h.
    let slot = Int(truncatingIfNeeded: (address &* 0x9e37_79b9_7f4a_7c15) >> 54)
    if lately[slot] == address { return }
    lately[slot] = address
    if known.insert(address).inserted { fresh.append(address) }
  }

  /// The addresses noted since the last call, ascending.
  mutating func take() -> [UInt64] {
    defer { fresh.removeAll(keepingCapacity: true) }
    return fresh.sorted()
  }
}
