/// Where the time of a CPU goes.
enum Category: Int {
  case useful, lockWait, lineTransfer, ipi, message, idle
}

/// What one CPU does: the task that is current, the tasks behind it, and the requests of other OSlets
/// that it serves ahead of both.
struct CPUState {
  /// What the current task does with the CPU.
  enum Mode: UInt8 {
    /// There is none.
    case idle
    /// It computes until `deadline`.
    case segment
    /// It waits for interrupts to be acknowledged until `deadline`; handlers cost it nothing.
    case waiting
    /// It spins.
    case spin
    /// A request of another OSlet interrupted it; `left` nanoseconds of its segment remain.
    case interrupted
    /// A request interrupted it while it spun, and it has since been granted what it spun for.
    case granted
  }

  /// Its OSlet.
  let oslet: Int32
  /// The current task; -1 for none.
  var current: Int32 = -1
  /// The request being served; -1 for none.
  var server: Int32 = -1
  /// Tasks that wait for the CPU, how many they are, and the sum of their virtual times.
  var runHead: Int32 = -1
  var runTail: Int32 = -1
  var waiting: Int32 = 0
  var waitingVirtualTime = 0.0
  /// Requests that wait for it.
  var serverHead: Int32 = -1
  var serverTail: Int32 = -1
  /// The sequence number of the event that ends what it does.
  var armed: UInt32 = 0
  var mode = Mode.idle
  /// What the current task's time counts as, and what time counts as now.
  var taskCategory = Category.idle
  var category = Category.idle
  /// Since when it does.
  var since = 0.0
  var deadline = 0.0
  var left = 0.0
  /// Handler time not yet added to `deadline`.
  var stolen = 0.0
  /// Until when handlers keep it busy, and how much of that the next segment has to wait for.
  var interruptedUntil = 0.0
  var handlersQueued = 0.0
  /// When the last interrupt sent to it arrives.
  var interruptArrival = 0.0
  /// While its current task polls: the slot of the reply it polls for; -1 where the task may not give
  /// the CPU up meanwhile.
  var polledSlot: Int32 = -1
  /// Since when it serves the request.
  var serverSince = 0.0
  /// When the current task got the CPU, and when its slice ends.
  var dispatchedAt = 0.0
  var sliceEnd = 0.0
  /// The mean virtual time of its tasks when one last left it.
  var virtualTime = 0.0
  /// When it next compares itself with the CPUs behind its cache, and with those of its image.
  var nextBalance = 0.0
  var nextWideBalance = 0.0

  init(oslet: Int32) { self.oslet = oslet }

  /// Whether it has no task, as the scheduler sees it: a request is served ahead of tasks, like an
  /// interrupt, and does not make it busy (`available_idle_cpu`, kernel/sched/syscalls.c, Linux 6.12).
  var isIdle: Bool { mode == .idle }

  /// Whether its current task polls for a reply.
  var isPolling: Bool { mode == .spin && taskCategory == .message }

  /// Whether it would see a message at once: nothing to do but look.
  var isAttentive: Bool { server < 0 && (mode == .idle || mode == .spin) }
}
