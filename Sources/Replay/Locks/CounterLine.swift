/// A line that every step modifies atomically, without any lock.
///
/// Atomics on one line are served one after the other, each moving the line to the next CPU: R.
/// Russell's case of a cost without a wait (LKML 2001-12-06). All of it counts as line transfer.
extension Engine {
  mutating func touch(_ lock: Int32, by task: Int32) {
    let lockClass = Int(locks[Int(lock)].lockClass)
    counters[lockClass].acquisitions += 1
    counters[lockClass].wait += moveLine(lock, by: task, lines: locks[Int(lock)].lines)
  }

  /// Moves `lines` of `lock` to the CPU of `task` in its turn, as part of the task's next step, and
  /// returns the wait for that turn.
  mutating func moveLine(_ lock: Int32, by task: Int32, lines: Double) -> Double {
    let l = Int(lock)
    let cpu = tasks[Int(task)].cpu
    let transfer = lines * travel(from: locks[l].lastCPU, to: cpu)
    locks[l].lastCPU = cpu
    // The task gets here after what it already carries.
    let arrival = now + tasks[Int(task)].carry
    let wait = max(0, locks[l].freeAt - arrival)
    locks[l].freeAt = arrival + wait + transfer
    locks[l].busy += transfer
    let span = wait + transfer
    tasks[Int(task)].carry += span
    shift(span, to: .lineTransfer)
    return wait
  }
}
