/// The order in which the tasks of one CPU get it: earliest eligible virtual deadline first.
///
/// A task's virtual time is the CPU time it has had; the CPU's is the mean over its tasks. A task that
/// has had no more than the mean is eligible; among the eligible the earliest deadline, one slice after
/// the virtual time at which a task began its request, runs next, until the slice is over. What a task
/// was ahead or behind when it left (its lag, at most two slices) it is again when it comes back.
/// Sources: I. Stoica and H. Abdel-Wahab, "Earliest eligible virtual deadline first", 1995;
/// kernel/sched/fair.c, Linux 6.12: `avg_vruntime`, `pick_eevdf` (RUN_TO_PARITY), `place_entity`,
/// `update_entity_lag`, `update_deadline`. All tasks but those of background
/// groups have the weight of nice 0 in one group.
extension Engine {
  /// The virtual time of the current task of a CPU that has one.
  @inline(__always)
  func currentVirtualTime(_ cpu: Int) -> Double {
    tasks[Int(cpus[cpu].current)].virtualTime + now - cpus[cpu].dispatchedAt
  }

  /// Tasks that are on a CPU or in its run queue.
  @inline(__always)
  func load(of cpu: Int) -> Int32 { cpus[cpu].waiting + (cpus[cpu].current >= 0 ? 1 : 0) }

  /// The mean virtual time of a CPU's tasks; of a CPU without any what it was last.
  func meanVirtualTime(_ cpu: Int) -> Double {
    let count = load(of: cpu)
    guard count > 0 else { return cpus[cpu].virtualTime }
    let current = cpus[cpu].current >= 0 ? currentVirtualTime(cpu) : 0
    return (cpus[cpu].waitingVirtualTime + current) / Double(count)
  }

  /// How far `task`, which leaves its CPU or queue, is behind the mean.
  func lag(_ virtualTime: Double, on cpu: Int) -> Double {
    let most = 2 * slice(on: cpu)
    return min(max(meanVirtualTime(cpu) - virtualTime, -most), most)
  }

  /// Gives a task that comes to `cpu` a virtual time there that keeps its lag, and a new deadline.
  ///
  /// The lag is scaled up, since the task's own arrival moves the mean towards it.
  mutating func place(_ task: Int32, on cpu: Int, lag: Double) {
    let others = Double(load(of: cpu))
    let scaled = others > 0 ? lag * (others + 1) / others : 0
    let virtualTime = meanVirtualTime(cpu) - scaled
    tasks[Int(task)].virtualTime = virtualTime
    tasks[Int(task)].deadline = virtualTime + slice(on: cpu)
  }

  /// Puts a task at the end of a CPU's run queue.
  mutating func appendToRunQueue(_ task: Int32, of cpu: Int) {
    tasks[Int(task)].next = -1
    if cpus[cpu].runTail >= 0 {
      tasks[Int(cpus[cpu].runTail)].next = task
    } else {
      cpus[cpu].runHead = task
    }
    cpus[cpu].runTail = task
    countWaiting(1, task, on: cpu)
  }

  /// Takes `task`, which follows `previous` (-1: none), out of a CPU's run queue.
  mutating func removeFromRunQueue(_ task: Int32, after previous: Int32, of cpu: Int) {
    let next = tasks[Int(task)].next
    if previous >= 0 { tasks[Int(previous)].next = next } else { cpus[cpu].runHead = next }
    if next < 0 { cpus[cpu].runTail = previous }
    tasks[Int(task)].next = -1
    countWaiting(-1, task, on: cpu)
  }

  private mutating func countWaiting(_ change: Int32, _ task: Int32, on cpu: Int) {
    cpus[cpu].waiting += change
    cpus[cpu].waitingVirtualTime += Double(change) * tasks[Int(task)].virtualTime
    if cpus[cpu].waiting == 0 { cpus[cpu].waitingVirtualTime = 0 }
    scheduling.domains[Int(scheduling.ofCPU[cpu])].waiting += change
    scheduling.waiting[Int(cpus[cpu].oslet)] += change
  }

  /// The waiting task that runs next, with the one before it in the queue; -1 for none.
  func nextToRun(_ cpu: Int) -> (task: Int32, previous: Int32) {
    let head = cpus[cpu].runHead
    guard head >= 0, tasks[Int(head)].next >= 0 else { return (head, -1) }
    let mean = meanVirtualTime(cpu)
    let hasForeground = program.hasBackground && self.hasForeground(cpu)
    var best: (task: Int32, previous: Int32) = (-1, -1)
    var least = best
    var previous: Int32 = -1
    var candidate = head
    while candidate >= 0 {
      let task = tasks[Int(candidate)]
      if hasForeground, isBackground(candidate), !isDue(task, on: cpu) {
        previous = candidate
        candidate = task.next
        continue
      }
      if task.virtualTime <= mean,
        best.task < 0 || task.deadline < tasks[Int(best.task)].deadline
      {
        best = (candidate, previous)
      }
      if least.task < 0 || task.virtualTime < tasks[Int(least.task)].virtualTime {
        least = (candidate, previous)
      }
      previous = candidate
      candidate = task.next
    }
    // Without a current task the one that has had least is eligible but for rounding.
    return best.task >= 0 ? best : least
  }

  /// Whether `task` is of a group of next to no weight beside the others: it loses its CPU to any of
  /// them that wakes, and while one waits it runs only when its own turn is due.
  @inline(__always)
  private func isBackground(_ task: Int32) -> Bool {
    program.hasBackground && program.isBackground[Int(tasks[Int(task)].group)]
  }

  /// A slice of nice 0 is due once in as many as nice -20 outweighs it (88761 to 1024,
  /// `sched_prio_to_weight`, kernel/sched/core.c, Linux 6.12).
  private func isDue(_ task: TaskState, on cpu: Int) -> Bool {
    now - task.lastRan >= slice(on: cpu) * 88_761 / 1_024
  }

  private func hasForeground(_ cpu: Int) -> Bool {
    var task = cpus[cpu].runHead
    while task >= 0 {
      if !isBackground(task) { return true }
      task = tasks[Int(task)].next
    }
    return false
  }

  /// Whether the woken `task`, which waits for a busy CPU, takes it from the current one: that one has
  /// had more than the mean, and the woken one's deadline is the earliest.
  func preemptsCurrent(_ task: Int32, on cpu: Int) -> Bool {
    let current = isBackground(cpus[cpu].current)
    if current != isBackground(task) { return current }
    return currentVirtualTime(cpu) > meanVirtualTime(cpu) && nextToRun(cpu).task == task
  }

  /// When the slice that `task` gets at `start` is over: the first tick after its request is served.
  ///
  /// Without a high-resolution tick of its own the scheduler looks at a running task in the periodic
  /// tick alone (`task_tick_fair`; HRTICK is off by default, kernel/sched/features.h, Linux 6.12).
  func endOfSlice(_ task: Int32, from start: Double) -> Double {
    let rest = tasks[Int(task)].deadline - tasks[Int(task)].virtualTime
    guard costs.tick > 0 else { return start + rest }
    return ((start + rest) / costs.tick).rounded(.up) * costs.tick
  }

  /// How long a request of a task on `cpu` is.
  @inline(__always)
  func slice(on cpu: Int) -> Double { slices[Int(cpus[cpu].oslet)] }
}
