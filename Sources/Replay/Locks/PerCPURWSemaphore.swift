/// The per-CPU reader-writer semaphore: a reader touches its own CPU's counter alone; a writer waits
/// for an RCU grace period and then for every reader.
///
/// Readers pass freely while the writer waits for the grace period, then queue behind it; a release
/// grants the readers that wait, then the next writer begins. Source: kernel/locking/percpu-rwsem.c,
/// Linux 6.12 (`percpu_down_write`: rcu_sync_enter, then block, then wait for readers).
extension Engine {
  mutating func acquirePerCPU(_ lock: Int32, by task: Int32, write: Bool) -> Bool {
    let l = Int(lock)
    if !write {
      // `waking` marks a writer past its grace period.
      if locks[l].holder < 0 || !locks[l].waking {
        locks[l].readers += 1
        countUncontended(lock)
        return true
      }
      beginWait(lock, by: task, write: false)
      sleepOn(lock, task)
      return false
    }
    // Traced behind another writer alone: commit f3e3620f1a97, Linux 6.9.
    beginWait(lock, by: task, traced: false)
    if locks[l].holder >= 0 {
      sleepOn(lock, task)
      return false
    }
    claimPerCPU(lock, task)
    giveUpCPU(task)
    return false
  }

  /// Makes `task` the writer to be; its grace period begins.
  private mutating func claimPerCPU(_ lock: Int32, _ task: Int32) {
    let l = Int(lock)
    locks[l].holder = task
    locks[l].waking = false
    tasks[Int(task)].armed = queue.insert(
      at: now + costs.gracePeriod, handle: Int32(cpus.count) + task)
  }

  /// The writer's grace period is over: readers queue from now on.
  mutating func gracePeriodOver(_ task: Int32) {
    let lock = tasks[Int(task)].lock
    locks[Int(lock)].waking = true
    if locks[Int(lock)].readers == 0 { admitWriter(lock, by: task) }
  }

  private mutating func admitWriter(_ lock: Int32, by waker: Int32) {
    let writer = locks[Int(lock)].holder
    own(lock, by: writer)
    countWaited(lock, by: writer)
    rouse(writer, by: waker)
  }

  mutating func releasePerCPU(_ lock: Int32, by task: Int32, write: Bool) {
    let l = Int(lock)
    guard write else {
      locks[l].readers -= 1
      if locks[l].readers == 0, locks[l].holder >= 0, locks[l].waking {
        admitWriter(lock, by: task)
      }
      return
    }
    setFree(lock)
    locks[l].waking = false
    var waiter = locks[l].secondHead
    locks[l].secondHead = -1
    locks[l].secondTail = -1
    while waiter >= 0 {
      let next = tasks[Int(waiter)].lockNext
      if !tasks[Int(waiter)].write {
        locks[l].readers += 1
        countWaited(lock, by: waiter)
        rouse(waiter, by: task)
      } else if locks[l].holder < 0 {
        claimPerCPU(lock, waiter)
      } else {
        joinSleepers(lock, waiter)
      }
      waiter = next
    }
  }
}
