/// What the next event of a CPU will say, from what the block said so far.
///
/// Writer and reader run the same predictor, so what it guesses right need not be written. The task
/// is the one last switched to; the first argument is what it was last time for this kind and task
/// (a task waits for the lock it waited for, wakes whom it woke); the other members are what they
/// were last time for this kind and first argument. Tables are indexed by hash and hold no key: a
/// collision is a wrong guess, never a wrong event.
@safe struct EventPredictor: ~Copyable {
  private static let contexts = 512
  private static let companions = 256
  private static let slots = 256
  private static let size = contexts + 3 * companions + 3 * slots

  // SAFETY: owned by this value; every index into them below is a hash cut to the table's size, a
  // byte, or a constant.
  private let tables: UnsafeMutablePointer<UInt64>
  private let recipes: UnsafeMutablePointer<UInt8>

  /// The task that the next event is expected of.
  var task: Int32 = 0

  init() {
    unsafe tables = .allocate(capacity: Self.size)
    unsafe tables.initialize(repeating: 0, count: Self.size)
    unsafe recipes = .allocate(capacity: 32)
    unsafe recipes.initialize(repeating: 0, count: 32)
    for kind in EventKind.allCases {
      unsafe recipes[Int(kind.rawValue)] = Self.recipe(for: kind)
    }
  }

  deinit {
    unsafe tables.deallocate()
    unsafe recipes.deallocate()
  }

  /// Forgets everything; at the start of each block, so that a block needs no other to be read.
  mutating func reset(task: Int32) {
    unsafe tables.update(repeating: 0, count: Self.size)
    self.task = task
  }

  // How a kind is predicted: the class in bits 0-4 (kinds that share their first argument have the
  // same one), and the three bits below.
  private static let byTask: UInt8 = 0x20
  private static let companionsByTask: UInt8 = 0x40
  private static let wakes: UInt8 = 0x80

  private static func recipe(for kind: EventKind) -> UInt8 {
    let own = kind.rawValue
    switch kind {
    case .contentionBegin, .contentionEnd, .lockSeen:
      return EventKind.contentionBegin.rawValue | byTask
    case .csdFunctionEntry, .csdFunctionExit: return EventKind.csdFunctionEntry.rawValue
    case .schedSwitch: return own | byTask | companionsByTask
    case .schedWaking: return own | byTask | wakes
    // Class 0 is the task last woken from this CPU, whoever woke it.
    case .schedWakeup, .schedMigrate: return 0
    case .csdQueue, .ipiSendCPU, .ipiSendMask, .tlbFlush: return own | byTask
    case .callFunctionEntry, .callFunctionExit, .callFunctionSingleEntry,
      .callFunctionSingleExit, .rescheduleEntry, .rescheduleExit, .fork, .exec, .exit, .gap,
      .trigger, .progress:
      return own
    }
  }

  // 2^64 over the golden ratio: Knuth, The Art of Computer Programming 3, 6.4, multiplicative
  // hashing.
  @inline(__always)
  private static func hash(_ key: UInt64, bits: UInt64) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> (64 - bits))
  }

  /// Where the first argument of an event of this kind and task is expected.
  @inline(__always)
  func context(kind: UInt8, task: Int32) -> Int {
    let recipe = unsafe recipes[Int(kind & 31)]
    let who = recipe & Self.byTask == 0 ? 0 : UInt64(UInt32(bitPattern: task))
    return Self.hash(who &* 32 &+ UInt64(recipe & 31), bits: 9)
  }

  /// Where the other members are expected.
  @inline(__always)
  func companion(kind: UInt8, task: Int32, a: UInt64) -> Int {
    let recipe = unsafe recipes[Int(kind & 31)]
    let key = recipe & Self.companionsByTask == 0 ? a : UInt64(UInt32(bitPattern: task))
    return Self.contexts + Self.hash((key &* 0xFF51_AFD7_ED55_8CCD) &+ UInt64(kind), bits: 8)
  }

  @inline(__always)
  func a(at context: Int) -> UInt64 { unsafe tables[context] }
  @inline(__always)
  func b(at companion: Int) -> UInt64 { unsafe tables[companion] }
  @inline(__always)
  func c(at companion: Int) -> UInt64 { unsafe tables[companion + Self.companions] }
  @inline(__always)
  func value(at companion: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: unsafe tables[companion + 2 * Self.companions])
  }

  /// Learns the first argument, and who runs next.
  @inline(__always)
  mutating func learn(kind: UInt8, task: Int32, a: UInt64, at context: Int) {
    unsafe tables[context] = a
    if unsafe recipes[Int(kind & 31)] & Self.wakes != 0 {
      unsafe tables[Self.hash(0, bits: 9)] = a
    }
    self.task = kind == EventKind.schedSwitch.rawValue ? Int32(truncatingIfNeeded: a) : task
  }

  @inline(__always)
  func learn(b: UInt64, at companion: Int) { unsafe tables[companion] = b }
  @inline(__always)
  func learn(c: UInt64, at companion: Int) { unsafe tables[companion + Self.companions] = c }
  @inline(__always)
  func learn(value: UInt32, at companion: Int) {
    unsafe tables[companion + 2 * Self.companions] = UInt64(value)
  }

  /// The slot of a word in the cache of `member` (0 a, 1 b, 2 c); never the escape.
  @inline(__always)
  static func slot(of word: UInt64) -> UInt8 {
    UInt8(truncatingIfNeeded: min(hash(word, bits: 8), 254))
  }

  @inline(__always)
  private static func cell(_ slot: UInt8, _ member: Int) -> Int {
    contexts + 3 * companions + member * slots + Int(slot)
  }

  @inline(__always)
  func word(at slot: UInt8, of member: Int) -> UInt64 {
    unsafe tables[Self.cell(slot, member)]
  }
  @inline(__always)
  func learn(word: UInt64, at slot: UInt8, of member: Int) {
    unsafe tables[Self.cell(slot, member)] = word
  }
}
