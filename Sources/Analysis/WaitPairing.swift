import Measures
import TraceFormat

/// Pairs begins and ends of lock waits.
///
/// The key is the task, or the CPU's own idle task: a spinner keeps its task because it keeps its CPU,
/// and a sleeper keeps its task, on PREEMPT_RT too. Interrupts nest, so a task has a stack of open
/// waits, and an end closes the youngest one on its lock. Rules and their reasons are in
/// docs/inference.md.
struct WaitPairing: Sendable {
  /// A wait that has begun and not ended.
  private struct Open {
    var begin: UInt64
    /// When the phase it is in began.
    var phase: UInt64
    var asleep: UInt64
    /// How long the task had been without a CPU when it began.
    var off: UInt64
    var lock: Int32
    var stack: StackID
    /// The next older open wait of the task (or of the free list), or -1.
    var below: Int32
    /// Neighbours among the open waits of the lock, or -1.
    var older: Int32
    var younger: Int32
    /// The CPU of its last begin.
    var cpu: UInt16
    var flags: LockFlags
    /// Whether its present phase sleeps.
    var sleeping: Bool
    /// Whether it is on a mutex's wait list.
    var listed = false
    /// Whether the recorder walked the waiter's stack.
    var walked: Bool
    /// When and by whom it was woken from the sleep it is in, and the clock of the lock's last traced owner then.
    var woken: UInt64 = 0
    var waker: Int32 = -1
    var ownerThen = OwnerClock()
    /// The waker's clock then.
    var wakerThen = OwnerClock()
    /// Who owned the lock alone when it began, or -1.
    var owner: Int32 = -1
  }

  private var pool: [Open] = []
  private var free: Int32 = -1
  /// The youngest open wait by task handle; -1: none.
  private var tops: [Int32] = []
  /// Time spent spinning in traced waits, by task handle.
  private var spun: [UInt64] = []
  /// The waits, in order of their ends.
  private(set) var waits: [Wait] = []
  /// What could not be paired.
  private(set) var account = PairingAccount()

  /// Takes a contention_begin of `task`.
  ///
  /// - Parameters:
  ///   - owner: the task that it says has the lock, alone or as one of the readers; -1: none.
  ///   - off: how long the waiter has been without a CPU so far, nanoseconds.
  mutating func begin(
    _ event: Event, task: Int32, owner: Int32 = -1, off: UInt64, locks: inout LockLedger
  ) {
    let flags = LockFlags(rawValue: event.value)
    let family = LockFamily(flags)
    let lock = locks.instance(event.a, family)
    let now = event.time.nanosecondsSinceBoot
    let sleeps = !flags.contains(.spin)
    // Who is named while its own wait is open has just got the lock: the end of that is on its way.
    if owner >= 0, owner != task, !event.owner.reads, find(lock, task: owner) == nil {
      let oldest = locks.instances[Int(lock)].oldest
      locks.names(
        owner, of: lock, queued: oldest < 0 ? nil : pool[Int(oldest)].begin, now: now)
    }
    if let open = find(lock, task: task) {
      closeAbove(open, task: task, locks: &locks)
      if family == .mutex, pool[Int(open)].sleeping != sleeps, now >= pool[Int(open)].phase {
        // Spin, sleep, spin again are one wait with one end: commit dc1f7893a70f, Linux 5.19.
        account.merged += 1
        if pool[Int(open)].sleeping { pool[Int(open)].asleep &+= now - pool[Int(open)].phase }
        pool[Int(open)].sleeping = sleeps
        pool[Int(open)].woken = 0
        if sleeps { list(open, now: now, locks: &locks) }
        pool[Int(open)].phase = now
        pool[Int(open)].cpu = event.cpu
        if pool[Int(open)].stack == .none { pool[Int(open)].stack = event.stack }
        if event.stack != .none { pool[Int(open)].walked = true }
        return
      }
      abandonTop(task: task, locks: &locks)
    } else if !family.spins {
      // Whoever begins to wait for a lock that sleeps is not spinning: those ends were missed.
      while let top = top(task), locks.instances[Int(pool[Int(top)].lock)].family.spins {
        abandonTop(task: task, locks: &locks)
      }
    }
    push(event, lock: lock, flags: flags, sleeps: sleeps, task: task, off: off, locks: &locks)
    if let made = top(task), !event.owner.reads { pool[Int(made)].owner = owner }
  }

  /// Says that `task` was woken: where it sleeps for a lock, whoever had that gives it back now.
  mutating func woken(
    task: Int32, by waker: Int32, now: UInt64, tasks: TaskLedger, locks: LockLedger
  ) {
    guard let open = top(task), pool[Int(open)].sleeping, now > pool[Int(open)].phase else {
      return
    }
    pool[Int(open)].woken = now
    pool[Int(open)].waker = waker
    pool[Int(open)].ownerThen = clock(
      of: locks.instances[Int(pool[Int(open)].lock)].owner, now: now, tasks: tasks)
    pool[Int(open)].wakerThen = clock(of: waker, now: now, tasks: tasks)
  }

  /// What `owner` spent without a CPU, and spinning for other locks, up to `now`.
  private func clock(of owner: Int32, now: UInt64, tasks: TaskLedger) -> OwnerClock {
    guard owner >= 0 else { return OwnerClock() }
    return OwnerClock(
      off: tasks.tasks[Int(owner)].off(at: now),
      spun: Int(owner) < spun.count ? spun[Int(owner)] : 0,
      slept: tasks.tasks[Int(owner)].slept)
  }

  /// Takes a contention_end of `task`.
  mutating func end(_ event: Event, task: Int32, tasks: TaskLedger, locks: inout LockLedger) {
    let now = event.time.nanosecondsSinceBoot
    let acquired = event.value == 0
    guard let open = find(event.a, task: task, locks: locks) else {
      account.endsWithoutBegin += 1
      if let lock = locks.known(event.a) {
        locks.instances[Int(lock)].orphans += 1
        if acquired { locks.acquiredByUnknown(lock, end: now) }
      }
      return
    }
    closeAbove(open, task: task, locks: &locks)
    let wait = pool[Int(open)]
    let inOrder = wait.older < 0
    let family = locks.instances[Int(wait.lock)].family
    let listedSince = locks.instances[Int(wait.lock)].listedSince
    pop(task: task, locks: &locks, now: now)
    guard now >= wait.begin, now >= wait.phase else {
      account.negative += 1
      return
    }
    account.paired += 1
    if !acquired { account.notAcquired += 1 }
    // Who spins for a lock that sleeps gives way to others all the same (mutex_optimistic_spin).
    let off = tasks.tasks[Int(task)].off
    let asleep = min(
      now - wait.begin,
      max(wait.asleep &+ (wait.sleeping ? now - wait.phase : 0), off &- min(off, wait.off)))
    while spun.count <= Int(task) { spun.append(0) }
    spun[Int(task)] &+= now - wait.begin - asleep
    waits.append(
      Wait(
        end: now, length: now - wait.begin, asleep: asleep,
        met: (wait.sleeping && wait.woken > wait.begin ? wait.woken : now) - wait.begin,
        lock: wait.lock, task: task,
        owner: family == .percpuRwsem && wait.woken > wait.begin ? wait.waker : wait.owner,
        stack: wait.stack, cpu: event.cpu, flags: UInt8(truncatingIfNeeded: wait.flags.rawValue),
        acquired: acquired, isWalked: wait.walked && asleep == 0))
    guard acquired else { return }
    let isFIFO = family == .spinlock
    if !inOrder, isFIFO { account.overtakes += 1 }
    let oldest = locks.instances[Int(wait.lock)].oldest
    let queued = oldest < 0 ? wait.begin : min(wait.begin, pool[Int(oldest)].begin)
    // Who was woken by the release had the lock free from then on.
    let isWoken = wait.sleeping && wait.woken > 0 && wait.woken <= now
    let owner = locks.instances[Int(wait.lock)].owner
    let own = clock(of: task, now: now, tasks: tasks)
    if family == .rwlock || family == .rwsem {
      if wait.flags.contains(.read) {
        locks.readerEnters(wait.lock, task, now: now, clock: own)
      } else {
        locks.writerEnters(
          wait.lock, after: isWoken ? wait.waker : nil, now: isWoken ? wait.woken : now,
          clock: isWoken ? wait.wakerThen : OwnerClock(), isWalked: wait.walked && !isWoken)
      }
    }
    locks.acquired(
      wait.lock, queued: family == .mutex ? listedSince : isFIFO && !inOrder ? nil : queued,
      spinningSince: family == .mutex && inOrder && asleep == 0 ? wait.begin : nil,
      released: isWoken ? wait.woken : nil, byOwner: !isWoken || wait.waker == owner,
      begin: wait.begin, end: now,
      exclusive: !wait.flags.contains(.read), spinning: !wait.sleeping,
      isWalked: wait.walked && asleep == 0,
      before: isWoken ? wait.ownerThen : clock(of: owner, now: now, tasks: tasks), by: task,
      clock: own)
  }

  private mutating func list(_ open: Int32, now: UInt64, locks: inout LockLedger) {
    guard !pool[Int(open)].listed else { return }
    pool[Int(open)].listed = true
    locks.sleeperJoins(pool[Int(open)].lock, now: now)
  }

  /// Says that `task` was switched out: a waiter that spins with preemption off cannot be, so its
  /// end was missed.
  mutating func switchedOut(task: Int32, locks: inout LockLedger) {
    while let top = top(task), locks.instances[Int(pool[Int(top)].lock)].family.spins {
      abandonTop(task: task, locks: &locks)
    }
  }

  /// Whether `task` waits for a lock that lets it sleep.
  func isWaiting(task: Int32) -> Bool { top(task) != nil }

  /// The lock that `task` began to wait for last and still does; nil for none.
  func waited(by task: Int32) -> Int32? { top(task).map { pool[Int($0)].lock } }

  /// Says that `task` is no more.
  mutating func exited(task: Int32, locks: inout LockLedger) {
    while top(task) != nil { abandonTop(task: task, locks: &locks) }
  }

  /// Says that contention events are missing on `cpu`: no wait begun there can be trusted, nor any
  /// "who had it last".
  mutating func broken(cpu: UInt16, locks: inout LockLedger) {
    locks.forget()
    let before = account.beginsWithoutEnd
    for task in tops.indices where tops[task] >= 0 && isOpen(task, on: cpu) {
      exited(task: Int32(truncatingIfNeeded: task), locks: &locks)
    }
    account.brokenByLoss += account.beginsWithoutEnd - before
    account.beginsWithoutEnd = before
  }

  /// Counts what is still open at the end of the trace.
  mutating func finish(locks: inout LockLedger) {
    for task in tops.indices { exited(task: Int32(truncatingIfNeeded: task), locks: &locks) }
  }

  private func isOpen(_ task: Int, on cpu: UInt16) -> Bool {
    var open = tops[task]
    while open >= 0 {
      if pool[Int(open)].cpu == cpu { return true }
      open = pool[Int(open)].below
    }
    return false
  }

  // MARK: the stacks

  private func top(_ task: Int32) -> Int32? {
    guard Int(task) < tops.count, tops[Int(task)] >= 0 else { return nil }
    return tops[Int(task)]
  }

  private mutating func setTop(_ task: Int32, _ open: Int32) {
    while tops.count <= Int(task) { tops.append(-1) }
    tops[Int(task)] = open
  }

  private func find(_ lock: Int32, task: Int32) -> Int32? {
    var open = top(task) ?? -1
    while open >= 0, pool[Int(open)].lock != lock { open = pool[Int(open)].below }
    return open < 0 ? nil : open
  }

  private func find(_ address: UInt64, task: Int32, locks: LockLedger) -> Int32? {
    var open = top(task) ?? -1
    while open >= 0 {
      let place = locks.instances[Int(pool[Int(open)].lock)].place
      if locks.places[Int(place)].address == address { return open }
      open = pool[Int(open)].below
    }
    return nil
  }

  private mutating func push(
    _ event: Event, lock: Int32, flags: LockFlags, sleeps: Bool, task: Int32, off: UInt64,
    locks: inout LockLedger
  ) {
    let older = locks.instances[Int(lock)].youngest
    let now = event.time.nanosecondsSinceBoot
    if event.stack != .none { locks.instances[Int(lock)].lastStack = event.stack }
    // Stacks are sampled by lock: one stands for the waits up to the next.
    let stack = locks.instances[Int(lock)].lastStack
    let made = Open(
      begin: now, phase: now, asleep: 0, off: off, lock: lock, stack: stack, below: top(task) ?? -1,
      older: older, younger: -1, cpu: event.cpu, flags: flags, sleeping: sleeps,
      walked: event.stack != .none)
    let index: Int32
    if free >= 0 {
      index = free
      free = pool[Int(index)].below
      pool[Int(index)] = made
    } else {
      index = Int32(truncatingIfNeeded: pool.count)
      pool.append(made)
    }
    if older >= 0 { pool[Int(older)].younger = index }
    if locks.instances[Int(lock)].oldest < 0 { locks.instances[Int(lock)].oldest = index }
    locks.instances[Int(lock)].youngest = index
    if flags.contains(.write) { locks.instances[Int(lock)].writers += 1 }
    setTop(task, index)
    guard locks.instances[Int(lock)].family == .mutex else { return }
    locks.arrives(lock, now: now)
    if sleeps { list(index, now: now, locks: &locks) }
  }

  private mutating func pop(task: Int32, locks: inout LockLedger, now: UInt64? = nil) {
    guard let index = top(task) else { return }
    let open = pool[Int(index)]
    if open.listed { locks.sleeperLeaves(open.lock, now: now) }
    setTop(task, open.below)
    let lock = Int(open.lock)
    if open.flags.contains(.write) { locks.instances[lock].writers -= 1 }
    if open.older >= 0 { pool[Int(open.older)].younger = open.younger }
    if open.younger >= 0 { pool[Int(open.younger)].older = open.older }
    if locks.instances[lock].oldest == index { locks.instances[lock].oldest = open.younger }
    if locks.instances[lock].youngest == index { locks.instances[lock].youngest = open.older }
    pool[Int(index)].below = free
    free = index
  }

  private mutating func abandonTop(task: Int32, locks: inout LockLedger) {
    guard let index = top(task) else { return }
    account.beginsWithoutEnd += 1
    locks.instances[Int(pool[Int(index)].lock)].orphans += 1
    pop(task: task, locks: &locks)
  }

  /// Abandons the waits younger than `open`: they nested inside it, so their ends were missed.
  private mutating func closeAbove(_ open: Int32, task: Int32, locks: inout LockLedger) {
    while let top = top(task), top != open { abandonTop(task: task, locks: &locks) }
  }
}
