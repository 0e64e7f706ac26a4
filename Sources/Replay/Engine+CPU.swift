extension Engine {
  /// Adds the time since the last change to the CPU's category.
  @inline(__always)
  mutating func account(_ cpu: Int32) {
    let c = Int(cpu)
    totals[cpus[c].category.rawValue] += now - cpus[c].since
    cpus[c].since = now
  }

  /// Changes what the CPU's time counts as.
  @inline(__always)
  mutating func setCategory(_ cpu: Int32, _ category: Category) {
    let c = Int(cpu)
    guard cpus[c].category != category else { return }
    account(cpu)
    cpus[c].category = category
  }

  /// Counts `span` as `category` rather than `other`: it is part of a segment that counts as `other`.
  @inline(__always)
  mutating func shift(_ span: Double, to category: Category, from other: Category = .useful) {
    totals[category.rawValue] += span
    totals[other.rawValue] -= span
  }

  /// Occupies the CPU of `task` for `span` and what it carries; the event that ends it goes on with
  /// the task's next instruction.
  @inline(__always)
  mutating func startSegment(_ task: Int32, _ span: Double, mode: CPUState.Mode = .segment) {
    let t = Int(task)
    let cpu = tasks[t].cpu
    let c = Int(cpu)
    var length = span + tasks[t].carry
    tasks[t].carry = 0
    tasks[t].phase = .running
    if cpus[c].interruptedUntil > now {
      // Handlers that are running or on their way come first.
      let delay = min(cpus[c].interruptedUntil - now, cpus[c].handlersQueued)
      length += delay
      shift(delay, to: cpus[c].category)
    }
    if !tasks[t].serving {
      cpus[c].mode = mode
      cpus[c].taskCategory = .useful
      if cpus[c].runHead >= 0, mode == .segment, tasks[t].spinDepth == 0 {
        length = cutAtSlice(task, length)
      }
    }
    cpus[c].handlersQueued = 0
    setCategory(cpu, .useful)
    cpus[c].deadline = now + length
    cpus[c].armed = queue.insert(at: now + length, handle: cpu)
  }

  /// What of a segment fits into the slice; the rest stays with the task.
  private mutating func cutAtSlice(_ task: Int32, _ length: Double) -> Double {
    let cut = max(0, cpus[Int(tasks[Int(task)].cpu)].sliceEnd - now)
    guard length > cut else { return length }
    tasks[Int(task)].remaining += length - cut
    return cut
  }

  /// Prolongs the running segment by the handlers that interrupted it.
  mutating func payStolen(_ cpu: Int32) {
    let c = Int(cpu)
    let span = cpus[c].stolen
    cpus[c].stolen = 0
    cpus[c].deadline += span
    cpus[c].armed = queue.insert(at: cpus[c].deadline, handle: cpu)
  }

  /// Puts the current task, at the end of its slice, behind those that wait for its CPU.
  mutating func preempt(_ task: Int32) {
    let cpu = tasks[Int(task)].home
    tasks[Int(task)].phase = .ready
    ownerStopped(task)
    appendToRunQueue(task)
    dispatch(cpu, instead: task)
  }

  /// Takes the current task off its CPU, which turns to the next one.
  ///
  /// The caller has set the task's phase.
  mutating func leaveCPU(_ task: Int32) {
    ownerStopped(task)
    dispatch(tasks[Int(task)].home)
  }

  /// Gives the CPU to the waiting task that has had least of it; idle without one.
  ///
  /// A task that follows `previous` itself is not switched to.
  mutating func dispatch(_ cpu: Int32, instead previous: Int32 = -1) {
    let c = Int(cpu)
    let last = cpus[c].current
    if last >= 0 { tasks[Int(last)].used += now - cpus[c].dispatchedAt }
    let task = takeLeastUsed(cpu)
    guard task >= 0 else {
      cpus[c].current = -1
      cpus[c].mode = .idle
      cpus[c].taskCategory = .idle
      guard cpus[c].server < 0 else { return }
      cpus[c].armed = 0
      setCategory(cpu, .idle)
      if ringed > 0, let request = takeFromRing(of: cpus[c].oslet) { serve(request, on: cpu) }
      return
    }
    occupy(cpu, with: task, after: task == previous ? 0 : costs.contextSwitch)
  }

  /// Takes the task with the least CPU time, the first of equals, off the run queue; -1 for none.
  private mutating func takeLeastUsed(_ cpu: Int32) -> Int32 {
    let c = Int(cpu)
    var best = cpus[c].runHead
    guard best >= 0 else { return -1 }
    var beforeBest: Int32 = -1
    var before = best
    var candidate = tasks[Int(best)].next
    while candidate >= 0 {
      if tasks[Int(candidate)].used < tasks[Int(best)].used {
        best = candidate
        beforeBest = before
      }
      before = candidate
      candidate = tasks[Int(candidate)].next
    }
    let next = tasks[Int(best)].next
    if beforeBest >= 0 { tasks[Int(beforeBest)].next = next } else { cpus[c].runHead = next }
    if next < 0 { cpus[c].runTail = beforeBest }
    tasks[Int(best)].next = -1
    return best
  }

  /// Makes `task` current; it goes on after a switch that takes `span`.
  private mutating func occupy(_ cpu: Int32, with task: Int32, after span: Double) {
    let c = Int(cpu)
    cpus[c].current = task
    cpus[c].dispatchedAt = now
    cpus[c].sliceEnd = now + span + costs.slice
    cpus[c].leastUsed = max(cpus[c].leastUsed, tasks[Int(task)].used)
    if cpus[c].server >= 0 {
      tasks[Int(task)].phase = .running
      cpus[c].mode = .interrupted
      cpus[c].taskCategory = .useful
      cpus[c].left = span
    } else {
      startSegment(task, span)
    }
  }

  /// Ends the slice of the current task, which waits for nothing, at `end`.
  mutating func shortenSlice(_ cpu: Int32, to end: Double) {
    let c = Int(cpu)
    cpus[c].sliceEnd = end
    cutRunning(cpu)
  }

  /// Puts a task that has something to do on its CPU, or behind those that wait for it.
  ///
  /// A woken task is credited one slice at most for its sleep, and ends the slice of a running one that
  /// has had more CPU time by the granularity: `place_entity` and `wakeup_preempt_entity` of
  /// kernel/sched/fair.c (Linux 6.5), to which the lag of EEVDF (Linux 6.6) comes close.
  mutating func makeReady(_ task: Int32, awakened: Bool) {
    let cpu = tasks[Int(task)].home
    let c = Int(cpu)
    tasks[Int(task)].phase = .ready
    if awakened {
      tasks[Int(task)].used = max(tasks[Int(task)].used, cpus[c].leastUsed - costs.slice)
    }
    if cpus[c].current < 0 {
      occupy(cpu, with: task, after: awakened ? costs.idleExit : 0)
      return
    }
    appendToRunQueue(task)
    let current = cpus[c].current
    let lead = tasks[Int(current)].used + now - cpus[c].dispatchedAt - tasks[Int(task)].used
    if awakened, lead > costs.wakeupGranularity { cpus[c].sliceEnd = min(cpus[c].sliceEnd, now) }
    guard cpus[c].server < 0, tasks[Int(current)].spinDepth == 0 else { return }
    cutRunning(cpu)
    let end = max(now, cpus[c].sliceEnd)
    if cpus[c].mode == .spin, tasks[Int(current)].phase == .spinning {
      cpus[c].armed = queue.insert(at: end, handle: cpu)
    }
  }

  /// Ends the running segment with the slice; the rest stays with the task.
  private mutating func cutRunning(_ cpu: Int32) {
    let c = Int(cpu)
    let end = max(now, cpus[c].sliceEnd)
    guard cpus[c].mode == .segment, cpus[c].deadline > end else { return }
    tasks[Int(cpus[c].current)].remaining += cpus[c].deadline - end
    cpus[c].deadline = end
    cpus[c].armed = queue.insert(at: end, handle: cpu)
  }

  private mutating func appendToRunQueue(_ task: Int32) {
    let c = Int(tasks[Int(task)].home)
    tasks[Int(task)].next = -1
    if cpus[c].runTail >= 0 {
      tasks[Int(cpus[c].runTail)].next = task
    } else {
      cpus[c].runHead = task
    }
    cpus[c].runTail = task
  }
}
