import Measures
import TraceFormat

/// Waits by lock and stack, over a whole trace.
struct StackedWaits {
  /// A lock's waits of one kind (LCB_F flags).
  struct Lock {
    var address: UInt64
    var flags: UInt32
    /// Waits that ended.
    var count = 0
    /// Their sum.
    var total = Nanoseconds.zero
    /// Of it, the waits with a stack, by stack.
    var stacked: [StackID: Nanoseconds] = [:]

    /// The whole wait divided among the stacks as the waits that have one, by stack number.
    ///
    /// Under `none` where no wait has a stack.
    var shares: [(stack: StackID, wait: Nanoseconds)] {
      let known = stacked.values.reduce(0) { $0 + $1.value }
      guard known > 0 else { return [(.none, total)] }
      return stacked.sorted { $0.key.rawValue < $1.key.rawValue }.map { stack, wait in
        (stack, total * (wait.value / known))
      }
    }

    /// The lock's symbol, or its address, behind its flags: `SPIN tasklist_lock`.
    func name(in symbols: SymbolTable) -> String {
      LockFlags(rawValue: flags).text + " "
        + (symbols.name(at: address) ?? "0x" + String(address, radix: 16))
    }
  }

  /// By address, then flags.
  let locks: [Lock]
  /// Begins and ends without a partner.
  let orphans: Int

  private struct Key: Hashable {
    var address: UInt64
    var flags: UInt32
  }

  /// The waits of every event that `reader` still gives; one that failed (`ret` below 0) waited too.
  init(reading reader: inout TraceReader) throws(InterchangeError) {
    var pairing = WaitPairing()
    var places: [Key: Int] = [:]
    var locks: [Lock] = []
    var batch: [Event] = []
    while try reader.fill(&batch) {
      for event in batch {
        guard let wait = pairing.add(event) else { continue }
        let key = Key(address: wait.begin.a, flags: wait.begin.value)
        let place = places[key] ?? locks.count
        if place == locks.count {
          places[key] = place
          locks.append(Lock(address: key.address, flags: key.flags))
        }
        locks[place].count += 1
        locks[place].total += wait.duration
        if wait.begin.stack != .none {
          locks[place].stacked[wait.begin.stack, default: .zero] += wait.duration
        }
      }
    }
    self.locks = locks.sorted { ($0.address, $0.flags) < ($1.address, $1.flags) }
    orphans = pairing.orphans + pairing.openCount
  }
}
