/// Where one task stands.
struct TaskState {
  /// What a task is doing between two events.
  enum Phase: UInt8 {
    /// Computing, or about to.
    case running
    /// Spinning on its CPU for a lock.
    case spinning
    /// Spinning on its CPU for the reply of another OSlet.
    case polling
    /// In its CPU's run queue.
    case ready
    /// Off its CPU until a time.
    case asleep
    /// Off its CPU until a lock is its own or worth another try.
    case blocked
    /// Off its CPU until a reply arrives.
    case away
    /// Served by another OSlet and waiting there for a lock, occupying nothing.
    case parked
  }

  /// The next instruction.
  var pc: Int32
  /// The CPU it executes on: `home`, or one of the OSlet that serves it.
  var cpu: Int32
  /// The CPU of its own image that it has, waits for, or had last.
  var home: Int32
  /// Its group, process, and number in the bindings.
  let group: Int32
  let process: Int32
  /// The next task in a run queue or ring.
  var next: Int32 = -1
  /// The next task in a lock's queue, and the previous one in a list of sleepers.
  var lockNext: Int32 = -1
  var lockPrevious: Int32 = -1
  /// The instance it waits for, or last asked for.
  var lock: Int32 = -1
  /// Locks it owns or waits for whose kind forbids preemption.
  var spinDepth: Int32 = 0
  /// The sequence number of its timer, if one is set.
  var armed: UInt32 = 0
  var phase: Phase = .ready
  /// Whether it executes on another OSlet's CPU, ahead of what runs there.
  var serving = false
  /// Whether its message is a reply, and the slot the message is about.
  var homeward = false
  var slot: Int32 = -1
  /// Whether it asks for `lock` again before it goes on.
  var retry = false
  /// Whether it is on a list of sleepers.
  var isListed = false
  /// Whether it waits to own `lock` alone.
  var write = true
  /// Whether its wait is one that tracepoints show (not the pending bit of a queued spinlock).
  var traced = false
  /// Time it must still spend before its next step ends: moved lines, wake-ups.
  var carry = 0.0
  /// What is left of a step that was preempted.
  var remaining = 0.0
  /// The CPU time it has had, by which its scheduler compares it with others, and at which its
  /// request is served.
  var virtualTime = 0.0
  var deadline = 0.0
  /// How far it was behind the others of its CPU when it went to sleep.
  var lag = 0.0
  /// When it last left a CPU.
  var lastRan = 0.0
  /// When it began to wait for `lock`.
  var waitSince = 0.0
  /// When that wait passed the tracepoint.
  var tracedSince = 0.0

  init(pc: Int32, home: Int32, group: Int32, process: Int32) {
    self.pc = pc
    cpu = home
    self.home = home
    self.group = group
    self.process = process
  }

  /// Whether it occupies a CPU, as a spinner on its lock sees it.
  var isOnCPU: Bool {
    switch phase {
    case .running, .spinning, .polling, .parked: true
    case .ready, .asleep, .blocked, .away: false
    }
  }
}

/// One acquisition in progress: element `task * depth + nesting`.
struct Slot {
  /// How far a crossing has come.
  enum Stage: UInt8 {
    /// The acquisition stays where the task is.
    case local
    /// The sender has paid for the message it is about to send.
    case paid
    /// The task is at the owner, or on its way.
    case remote
    /// The owner has paid for the reply it is about to send.
    case replied
    /// The task entered the owner's code on its own CPU.
    case door
  }

  /// The instance.
  var lock: Int32 = -1
  var stage = Stage.local
  /// Where the task came from when another OSlet serves it.
  var origin: Int32 = -1
  /// Whether it was itself serving there.
  var originServing = false
  /// Whether the caller sleeps until the reply.
  var sleeps = false
}
