/// What a task group does, flattened: one array of instructions for all groups, nested acquisitions
/// unrolled between their acquire and release.
struct Program {
  /// What one instruction does.
  enum Opcode: UInt8 {
    /// Computes for a span drawn from sampler `a`.
    case run
    /// Chooses an instance of class `a` that no layout policy touches, and acquires it.
    case enter
    /// Chooses an instance of class `a`; where another OSlet owns it, goes there.
    case cross
    /// Acquires the instance that `cross` chose.
    case acquire
    /// Releases the instance in the slot.
    case release
    /// Comes back from where `cross` went; for a replicated class, waits for every replica.
    case comeBack
    /// Sends interrupt `a` of the table.
    case interrupt
    /// Gives up the CPU for a span drawn from sampler `a`; in a hold where `slot` is not 0.
    case sleep
    /// Modifies a line of class `a`.
    case touch
    /// Wakes a sleeping task of group `a`.
    case wake
    /// Counts amount `a` of the table.
    case operation
    /// Goes to instruction `a`.
    case jump
  }

  /// One instruction.
  struct Instruction {
    var opcode: Opcode
    /// For acquisitions: alone rather than with other readers.
    var write = true
    /// The nesting depth, which for acquisitions names the task's slot.
    var slot: UInt8 = 0
    var a: Int32 = 0
    /// For `comeBack`: the sampler of the time the lock was owned.
    var b: Int32 = 0
  }

  /// An interrupt to send.
  struct Interrupt {
    var targets: Targets
    var count: Int32
    var waits: Bool
    var handler: Int32
  }
  /// Whom an interrupt goes to.
  enum Targets: UInt8 { case some, all, mm }

  /// All instructions.
  var code: [Instruction] = []
  /// The first instruction of each task group, and where its tasks may stand.
  var entry: [Int32] = []
  var phases: [LoopPhases] = []
  /// Spans.
  var samplers: [Sampler] = []
  /// Columns of empirical spans.
  var table = AliasTable()
  /// Interrupts.
  var interrupts: [Interrupt] = []
  /// Amounts of `operation`.
  var amounts: [Double] = []
  /// Slots a task needs: the deepest nesting.
  var depth = 1
  /// Whether any group wakes another.
  var wakes = false
  /// By group: whether its tasks lose their CPU to any other that wakes.
  var isBackground: [Bool] = []
  var hasBackground = false
  /// By group: whether any group wakes it, and its tasks in the recording.
  var isWoken: [Bool] = []
  var members: [Int32] = []
}
