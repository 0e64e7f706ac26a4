import Workloads

extension Engine {
  /// Asks for `lock`; true when `task` owns it now, else it waits and will go on when it does.
  @inline(__always)
  mutating func acquire(_ lock: Int32, by task: Int32, write: Bool) -> Bool {
    let l = Int(lock)
    switch locks[l].kind {
    case .spinlock, .mcs:
      return acquireQueued(lock, by: task)
    case .ticket, .tas, .cna: return acquireSpinning(lock, by: task)
    case .rwlock: return acquireRWLock(lock, by: task, write: write)
    case .mutex: return acquireMutex(lock, by: task)
    case .rwsem: return acquireRWSemaphore(lock, by: task, write: write)
    case .percpuRwsem: return acquirePerCPU(lock, by: task, write: write)
    case .rtmutex: return acquireRTMutex(lock, by: task)
    case .futex: return acquireFutex(lock, by: task)
    case .counter:
      touch(lock, by: task)
      return true
    case .rcu:
      counters[Int(locks[l].lockClass)].acquisitions += 1
      return true
    }
  }

  /// Gives `lock` back.
  @inline(__always)
  mutating func release(_ lock: Int32, by task: Int32, write: Bool) {
    switch locks[Int(lock)].kind {
    case .spinlock, .mcs: releaseQueued(lock, by: task)
    case .ticket: releaseTicket(lock, by: task)
    case .tas: releaseTestAndSet(lock, by: task)
    case .cna: releaseCNA(lock, by: task)
    case .rwlock: releaseRWLock(lock, by: task, write: write)
    case .mutex: releaseMutex(lock, by: task)
    case .rwsem: releaseRWSemaphore(lock, by: task, write: write)
    case .percpuRwsem: releasePerCPU(lock, by: task, write: write)
    case .rtmutex: releaseRTMutex(lock, by: task)
    case .futex: releaseFutex(lock, by: task)
    case .counter, .rcu: break
    }
  }

  /// Lets a task that was woken for a lock ask again; true when it owns it now.
  mutating func tryAgain(_ task: Int32) -> Bool {
    let lock = tasks[Int(task)].lock
    switch locks[Int(lock)].kind {
    case .mutex: return retryMutex(lock, by: task)
    case .rwsem: return retryRWSemaphore(lock, by: task)
    case .futex: return retryFutex(lock, by: task)
    default: return true
    }
  }

  /// Makes `task` the one owner of `lock` and moves the lines to its CPU.
  ///
  /// The first acquisition after another CPU's pays for the lines whether or not anybody waited:
  /// on a 4-way machine dcache_lock cost all its time in transfers without any wait (R. Russell,
  /// LKML 2001-12-06). `extra` is transfer time beyond them, of the discipline's own traffic.
  @inline(__always)
  mutating func own(_ lock: Int32, by task: Int32, extra: Double = 0) {
    let l = Int(lock)
    locks[l].holder = task
    if locks[l].busySince < 0 { locks[l].busySince = now }
    let cpu = tasks[Int(task)].cpu
    let lines = locks[l].lines
    let span = (lines > 0 ? lines * travel(from: locks[l].lastCPU, to: cpu) : 0) + extra
    locks[l].lastCPU = cpu
    if span > 0 {
      tasks[Int(task)].carry += span
      shift(span, to: .lineTransfer)
    }
  }

  /// Ends the ownership of `lock` with nobody to take it.
  @inline(__always)
  mutating func setFree(_ lock: Int32) {
    let l = Int(lock)
    locks[l].holder = -1
    if locks[l].readers == 0 {
      locks[l].busy += now - locks[l].busySince
      locks[l].busySince = -1
    }
  }

  /// Counts an acquisition that did not wait.
  @inline(__always)
  mutating func countUncontended(_ lock: Int32) {
    counters[Int(locks[Int(lock)].lockClass)].acquisitions += 1
  }

  /// Counts an acquisition whose wait ends now.
  @inline(__always)
  mutating func countWaited(_ lock: Int32, by task: Int32) {
    let t = Int(task)
    let wait = now - tasks[t].waitSince
    let lockClass = Int(locks[Int(lock)].lockClass)
    counters[lockClass].acquisitions += 1
    counters[lockClass].wait += wait
    if tasks[t].traced { countTraced(now - tasks[t].tracedSince, of: lockClass) }
  }

  /// Counts a wait that the tracepoints show.
  @inline(__always)
  mutating func countTraced(_ wait: Double, of lockClass: Int) {
    counters[lockClass].traced += 1
    counters[lockClass].tracedWait += tracepoints.length(wait, of: lockClass)
  }

  /// Notes that `task` begins to wait for `lock`; `traced`: where a tracepoint shows it.
  @inline(__always)
  mutating func beginWait(_ lock: Int32, by task: Int32, write: Bool = true, traced: Bool = true) {
    let t = Int(task)
    tasks[t].lock = lock
    tasks[t].write = write
    tasks[t].waitSince = now
    tasks[t].traced = traced
    tasks[t].tracedSince = now
  }

  /// Puts `task` at the end of the lock's spinning queue and lets its CPU spin.
  @inline(__always)
  mutating func joinSpinners(_ lock: Int32, _ task: Int32) {
    let l = Int(lock)
    tasks[Int(task)].lockNext = -1
    if locks[l].tail >= 0 {
      tasks[Int(locks[l].tail)].lockNext = task
    } else {
      locks[l].head = task
    }
    locks[l].tail = task
    locks[l].spinners += 1
    spin(task)
  }

  /// The CPU of `task` spins from now on; a task that another OSlet serves occupies nothing there.
  @inline(__always)
  mutating func spin(_ task: Int32, as category: Category = .lockWait) {
    let t = Int(task)
    if tasks[t].serving {
      tasks[t].phase = .parked
      serverDone(on: tasks[t].cpu)
      return
    }
    let cpu = tasks[t].cpu
    let c = Int(cpu)
    tasks[t].phase = category == .message ? .polling : .spinning
    cpus[c].mode = .spin
    cpus[c].taskCategory = category
    cpus[c].armed = 0
    setCategory(cpu, category)
    if cpus[c].runHead >= 0 { endAtSlice(cpu) }
    if ringed > 0, let request = takeFromRing(of: cpus[c].oslet) { serve(request, on: cpu) }
  }

  /// Takes the first of the lock's spinning queue; -1 when it is empty.
  @inline(__always)
  mutating func firstSpinner(_ lock: Int32) -> Int32 {
    let l = Int(lock)
    let task = locks[l].head
    guard task >= 0 else { return -1 }
    locks[l].head = tasks[Int(task)].lockNext
    if locks[l].head < 0 { locks[l].tail = -1 }
    locks[l].spinners -= 1
    return task
  }

  /// Takes `task`, which follows `previous` (-1: none), out of the lock's spinning queue.
  mutating func removeSpinner(_ lock: Int32, _ task: Int32, after previous: Int32) {
    let l = Int(lock)
    let next = tasks[Int(task)].lockNext
    if previous >= 0 { tasks[Int(previous)].lockNext = next } else { locks[l].head = next }
    if next < 0 { locks[l].tail = previous }
    locks[l].spinners -= 1
  }

  /// Lets a spinning task go on at this instant.
  @inline(__always)
  mutating func resume(_ task: Int32) { runnable.append(task) }
}
