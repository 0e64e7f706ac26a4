import Measures
import TraceFormat

/// Which class each lock instance belongs to, and what the classes are called.
///
/// In this order: what the recorder's hint says; the static variable that holds the lock; who takes it
/// and nothing else (`LockRole`); the caller seen most often on that instance. A class never has a bare
/// address for a name. A kmalloc cache says nothing of a lock and comes after `LockRole`.
struct LockNaming: Sendable {
  /// One class of instances.
  struct Role: Sendable {
    var name: String
    var family: LockFamily
    /// What named it.
    var origin: Origin
  }
  /// What named a class.
  enum Origin: Sendable { case hint(LockHint), variable, role, caller, none }

  /// The classes, in order of first sight.
  private(set) var roles: [Role] = []
  /// The class of each instance.
  private(set) var roleOf: [Int32] = []

  /// Names every instance of `locks`.
  init(_ locks: LockLedger, waits: [Wait], callers: CallerTable, symbols: Symbolizer) {
    var known: [String: Int32] = [:]
    let usual = Self.usualCallers(locks, waits: waits, callers: callers)
    for (index, instance) in locks.instances.enumerated() {
      let place = locks.places[Int(instance.place)]
      let role = Self.role(
        place, instance.family, caller: usual[index] < 0 ? nil : callers.names[Int(usual[index])],
        symbols: symbols)
      let key = "\(instance.family.rawValue) \(role.name)"
      if let found = known[key] {
        roleOf.append(found)
      } else {
        let made = Int32(truncatingIfNeeded: roles.count)
        known[key] = made
        roles.append(role)
        roleOf.append(made)
      }
    }
    separateNames()
  }

  private static func role(
    _ place: LockLedger.Place, _ family: LockFamily, caller: String?, symbols: Symbolizer
  ) -> Role {
    func named(_ name: String, _ origin: Origin) -> Role {
      Role(name: name, family: family, origin: origin)
    }
    let via = caller.map { " via " + $0 } ?? ""
    let known = caller.flatMap { LockRole.name(family, caller: $0) }
    switch place.hint {
    case .mmapLock: return named("mmap_lock", .hint(.mmapLock))
    case .sigLock: return named("siglock", .hint(.sigLock))
    case .pageTableLock, .filesLock, .taskPI, .credGuard:
      return named(place.hint.name, .hint(place.hint))
    case .runQueue: return named("rq lock", .hint(.runQueue))
    case .zone: return named("zone or lru lock" + via, .hint(.zone))
    case .slab:
      if place.address >= place.object,
        let field = symbols.field(place.cache, offset: place.address - place.object)
      {
        return named(field, .hint(.slab))
      }
      if let cache = symbols.cache(place.cache) {
        if cache.hasPrefix("kmalloc-"), let known { return named(known, .role) }
        return named(
          slab(cache, place, family) + (cache.hasPrefix("kmalloc-") ? via : ""), .hint(.slab))
      }
    case .perCPU:
      let name = symbols.variable(at: place.address) ?? "per-CPU \(family.name)" + via
      return named(name, .hint(.perCPU))
    case .symbol, .unknown: break
    }
    if let variable = symbols.variable(at: place.address) { return named(variable, .variable) }
    if let known { return named(known, .role) }
    if let caller { return named("\(family.name) via \(caller)", .caller) }
    return named("\(family.name), unsampled", .none)
  }

  /// A lock inside a slab object: which cache, and which of the object's locks by its offset.
  ///
  /// Objects of one kmalloc cache have nothing in common but their size, so offsets in them mean
  /// nothing, and the caller is named instead.
  private static func slab(
    _ cache: String, _ place: LockLedger.Place, _ family: LockFamily
  ) -> String {
    guard !cache.hasPrefix("kmalloc-"), place.object > 0, place.address >= place.object else {
      return "\(cache) \(family.name)"
    }
    return "\(cache)+0x\(String(place.address - place.object, radix: 16)) \(family.name)"
  }

  /// The caller seen most often on each instance, the first seen of equals; -1 without any.
  private static func usualCallers(
    _ locks: LockLedger, waits: [Wait], callers: CallerTable
  ) -> [Int32] {
    var seen = PairTally()
    for wait in waits {
      let caller = callers.caller(wait.stack)
      if caller >= 0 { seen.add(wait.lock, caller) }
    }
    var usual = locks.instances.map { callers.caller(locks.places[Int($0.place)].stack) }
    var most = Array(repeating: UInt64(0), count: usual.count)
    for entry in seen.entries where entry.count > most[Int(entry.first)] {
      most[Int(entry.first)] = entry.count
      usual[Int(entry.first)] = entry.second
    }
    return usual
  }

  /// Two families may give one name (an rwsem and a spinlock inside one static variable).
  private mutating func separateNames() {
    var uses: [String: Int] = [:]
    for role in roles { uses[role.name, default: 0] += 1 }
    for index in roles.indices where uses[roles[index].name, default: 0] > 1 {
      roles[index].name += " (\(roles[index].family.name))"
    }
  }
}
