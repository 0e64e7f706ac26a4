import TraceFormat
import Workloads

/// What a recorder can say of the locks of one class, and so what the analysis has to name and scope
/// them by: a hint, a static variable, or a caller.
struct LockLabel: Sendable, Hashable {
  /// How the recorder sees it.
  enum Sight: Hashable {
    /// A hint with an object of its own per instance.
    case hint(LockHint)
    /// A lock in an object of a slab cache of its own.
    case slab(String)
    /// A static variable.
    case variable(String)
    /// Nothing but who called.
    case caller(String)
  }

  let sight: Sight
  /// The name that the analysis gives the class.
  let className: String
  /// Which class it is.
  let number: Int

  /// The label of class `number`, as locks of that scope are known by in Linux 6.18; `taken`: those
  /// that other classes have.
  init(_ kind: LockKind, _ scope: Scope, number: Int, taken: [LockLabel]) {
    self.number = number
    let family = kind == .ticket ? "spinlock" : kind.rawValue
    let known: [(LockHint, LockKind)] = [
      (.mmapLock, .rwsem), (.sigLock, .spinlock), (.sigLock, .ticket), (.credGuard, .mutex),
    ]
    let free = known.first { hint, of in
      of == kind && !taken.contains { $0.sight == .hint(hint) }
    }
    let caller: String
    switch scope {
    case .process:
      if let (hint, _) = free {
        (sight, className) = (.hint(hint), hint == .sigLock ? "siglock" : Self.name(hint))
      } else {
        (sight, className) = (.slab("slab\(number)"), "slab\(number)+0x40 \(family)")
      }
      return
    case .cpu:
      (sight, className) = (.hint(.perCPU), "per-CPU \(number)")
      return
    case .task:
      (sight, className) = (.hint(.taskPI), "pi \(number)")
      return
    case .filesystem: caller = "jbd2_function\(number)"
    case .cgroup: caller = "mem_cgroup_function\(number)"
    case .device, .image:
      (sight, className) = (.variable("lock\(number)"), "lock\(number)")
      return
    }
    (sight, className) = (.caller(caller), "\(family) via \(caller)")
  }

  private static func name(_ hint: LockHint) -> String {
    hint == .mmapLock ? "mmap_lock" : "cred_guard_mutex"
  }

  /// Where instance `index` of the class lies in memory.
  func address(_ index: Int) -> UInt64 {
    if case .variable = sight {
      return 0xffff_ffff_8200_0000 + UInt64(number) << 20 + UInt64(index) * 64
    }
    return 0xffff_8880_0000_0040 + UInt64(number) << 32 + UInt64(index) << 12
  }

  /// What the recorder writes at its first sight of instance `index` on a CPU: its hint, the object
  /// that names it, and its slab cache.
  func sighting(_ index: Int) -> (hint: LockHint, object: UInt64, cache: UInt64) {
    switch sight {
    case .hint(let hint): (hint, address(index) & ~0xfff, 0)
    case .slab: (.slab, address(index) & ~0xfff, cacheAddress)
    case .variable: (.symbol, 0, 0)
    case .caller: (.unknown, 0, 0)
    }
  }

  private var cacheAddress: UInt64 { 0xffff_8881_0000_0000 + UInt64(number) << 12 }

  /// The function that takes the locks.
  private var function: UInt64 { 0xffff_ffff_8100_0000 + UInt64(number) << 12 }

  /// The stack under which they are taken.
  var stack: StackRecord {
    StackRecord(
      id: StackID(UInt32(number + 1)), frames: [0xffff_ffff_80ff_0010, function + 0x20])
  }

  /// The symbols behind the stack and the variable.
  var symbols: [SymbolRecord] {
    func record(_ address: UInt64, _ size: UInt32, _ type: Character, _ name: String)
      -> SymbolRecord
    {
      SymbolRecord(
        address: address, size: size, type: type.asciiValue ?? 0, name: name)
    }
    switch sight {
    case .hint: return [record(function, 4096, "t", "function\(number)")]
    case .slab(let cache):
      return [
        record(function, 4096, "t", "function\(number)"), record(cacheAddress, 0, "k", cache),
      ]
    case .variable(let name):
      return [
        record(function, 4096, "t", "function\(number)"), record(address(0), 1 << 20, "d", name),
      ]
    case .caller(let name): return [record(function, 4096, "t", name)]
    }
  }
}
