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

  /// Puts the current task, at the end of its slice, among those that wait for its CPU.
  mutating func preempt(_ task: Int32) {
    let cpu = Int(tasks[Int(task)].home)
    tasks[Int(task)].phase = .ready
    ownerStopped(task)
    retire(task, from: cpu)
    // A nanosecond is more than what sums of times are rounded by.
    if tasks[Int(task)].virtualTime + 1 >= tasks[Int(task)].deadline {
      tasks[Int(task)].deadline = tasks[Int(task)].virtualTime + slice(on: cpu)
    }
    appendToRunQueue(task, of: cpu)
    balance(cpu)
    dispatch(Int32(cpu), instead: task)
  }

  /// Takes the current task off its CPU, which turns to the next one.
  ///
  /// The caller has set the task's phase.
  ///
  /// - Parameter owning: how many nested acquisitions it owns on that CPU; nil for all.
  mutating func leaveCPU(_ task: Int32, owning: Int? = nil) {
    let cpu = Int(tasks[Int(task)].home)
    ownerStopped(task, owning: owning)
    tasks[Int(task)].lag = lag(currentVirtualTime(cpu), on: cpu)
    retire(task, from: cpu)
    dispatch(Int32(cpu))
  }

  /// Ends what the current task has of its CPU for now.
  private mutating func retire(_ task: Int32, from cpu: Int) {
    cpus[cpu].virtualTime = meanVirtualTime(cpu)
    tasks[Int(task)].virtualTime = currentVirtualTime(cpu)
    tasks[Int(task)].lastRan = now
    cpus[cpu].current = -1
  }

  /// Gives a CPU without a current task to the waiting one that is next, or to one that waits
  /// elsewhere; idle without one.
  ///
  /// A task that follows `previous` itself is not switched to.
  mutating func dispatch(_ cpu: Int32, instead previous: Int32 = -1) {
    let c = Int(cpu)
    let next = nextToRun(c)
    var task = next.task
    if task >= 0 {
      removeFromRunQueue(task, after: next.previous, of: c)
    } else {
      task = pull(to: c)
    }
    guard task >= 0 else {
      rest(cpu)
      return
    }
    occupy(cpu, with: task, after: task == previous ? 0 : costs.contextSwitch)
  }

  /// Lets a CPU idle, or take a request of another OSlet.
  private mutating func rest(_ cpu: Int32) {
    let c = Int(cpu)
    if cpus[c].mode != .idle { scheduling.domains[Int(scheduling.ofCPU[c])].idle += 1 }
    cpus[c].mode = .idle
    cpus[c].taskCategory = .idle
    guard cpus[c].server < 0 else { return }
    cpus[c].armed = 0
    setCategory(cpu, .idle)
    if ringed > 0, let request = takeFromRing(of: cpus[c].oslet) { serve(request, on: cpu) }
  }

  /// Makes `task` current on a CPU that has none; it goes on after a switch that takes `span`.
  mutating func occupy(_ cpu: Int32, with task: Int32, after span: Double) {
    let c = Int(cpu)
    if cpus[c].mode == .idle { scheduling.domains[Int(scheduling.ofCPU[c])].idle -= 1 }
    cpus[c].current = task
    cpus[c].dispatchedAt = now
    cpus[c].sliceEnd = endOfSlice(task, from: now + span)
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

  /// Puts a task on the CPU it was placed on, or among those that wait for it, at time zero.
  mutating func start(_ task: Int32) {
    let cpu = Int(tasks[Int(task)].home)
    tasks[Int(task)].phase = .ready
    tasks[Int(task)].deadline = tasks[Int(task)].virtualTime + slice(on: cpu)
    if cpus[cpu].current < 0 {
      occupy(Int32(cpu), with: task, after: 0)
    } else {
      enqueue(task, on: cpu)
    }
  }

  /// Puts a task that slept, and that `waker` (-1: nobody) wakes, on a CPU of its image, or among those
  /// that wait for one; an idle CPU takes `latency` to run it.
  mutating func makeReady(_ task: Int32, by waker: Int32, after latency: Double) {
    let t = Int(task)
    let cpu = cpuForWaking(task, by: waker)
    tasks[t].phase = .ready
    // What it was ahead it is no more, unless its own CPU has not made up for it (DELAY_DEQUEUE).
    let isDelayed =
      tasks[t].lag < 0 && tasks[t].home == Int32(cpu)
      && tasks[t].virtualTime > meanVirtualTime(cpu)
    move(task, to: cpu)
    if !isDelayed { place(task, on: cpu, lag: max(0, tasks[t].lag)) }
    guard cpus[cpu].current >= 0 else {
      occupy(Int32(cpu), with: task, after: latency)
      return
    }
    enqueue(task, on: cpu)
    if preemptsCurrent(task, on: cpu) {
      cpus[cpu].sliceEnd = now
      endAtSlice(Int32(cpu))
    }
  }

  /// Puts a task among those that wait for a busy CPU, whose current task's slice counts from now on;
  /// a CPU that is between two tasks, and is given one by balancing, has no slice to count.
  mutating func enqueue(_ task: Int32, on cpu: Int) {
    appendToRunQueue(task, of: cpu)
    if cpus[cpu].current >= 0, cpus[cpu].sliceEnd <= now {
      // A task that was alone got slice after slice.
      let slice = slice(on: cpu)
      let whole = costs.tick > 0 ? (slice / costs.tick).rounded(.up) * costs.tick : slice
      let over = ((now - cpus[cpu].sliceEnd) / whole).rounded(.down) + 1
      cpus[cpu].sliceEnd += over * whole
      tasks[Int(cpus[cpu].current)].deadline =
        tasks[Int(cpus[cpu].current)].virtualTime + cpus[cpu].sliceEnd - cpus[cpu].dispatchedAt
    }
    endAtSlice(Int32(cpu))
  }

  /// Lets the current task of a CPU for which others wait end with its slice.
  mutating func endAtSlice(_ cpu: Int32) {
    let c = Int(cpu)
    let current = cpus[c].current
    guard current >= 0, cpus[c].server < 0 else { return }
    if cpus[c].isPolling {
      guard cpus[c].polledSlot >= 0 else { return }
      cpus[c].armed = queue.insert(at: max(now, cpus[c].sliceEnd), handle: cpu)
      return
    }
    guard tasks[Int(current)].spinDepth == 0 else { return }
    cutRunning(cpu)
    if cpus[c].mode == .spin, tasks[Int(current)].phase == .spinning {
      cpus[c].armed = queue.insert(at: max(now, cpus[c].sliceEnd), handle: cpu)
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
}
