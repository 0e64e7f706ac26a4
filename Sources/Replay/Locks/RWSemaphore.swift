/// The reader-writer semaphore: writers spin while a writer runs, readers sleep; a release wakes one
/// writer or all waiting readers.
///
/// A reader enters while no writer owns it and nobody waits; since Linux 5.11 ("locking/rwsem: Remove
/// reader optimistic spinning") it never spins. A writer spins behind an OSQ while the owning writer is
/// on its CPU. A release grants the lock to every waiting reader when a reader is first (phase-fair),
/// wakes the writer when a writer is; a first waiter of more than 4 ms goes before spinners
/// (RWSEM_WAIT_TIMEOUT). Source: kernel/locking/rwsem.c, Linux 6.12 (`rwsem_mark_wake`).
extension Engine {
  /// RWSEM_WAIT_TIMEOUT, nanoseconds.
  private var starvation: Double { 4_000_000 }

  mutating func acquireRWSemaphore(_ lock: Int32, by task: Int32, write: Bool) -> Bool {
    let l = Int(lock)
    let enters: Bool
    if write {
      enters = locks[l].isFree
    } else {
      // With waiters only a lock that no other reader owns may be stolen
      // (`rwsem_down_read_slowpath`, rcnt > 1).
      enters = locks[l].holder < 0 && (locks[l].secondHead < 0 || locks[l].readers == 0)
    }
    if enters {
      enterRWLock(lock, task, write: write)
      countUncontended(lock)
      return true
    }
    // The tracepoint stands behind the optimistic spin (`rwsem_down_write_slowpath`).
    let spins = write && maySpin(lock, task)
    beginWait(lock, by: task, write: write, traced: !spins)
    if spins {
      joinSpinners(lock, task)
    } else {
      sleepOn(lock, task)
    }
    return false
  }

  mutating func releaseRWSemaphore(_ lock: Int32, by task: Int32, write: Bool) {
    let l = Int(lock)
    leaveAsReaderOrWriter(lock, task, write: write)
    guard locks[l].isFree else { return }
    let first = locks[l].secondHead
    let starved = first >= 0 && now - tasks[Int(first)].waitSince > starvation
    if !starved {
      let spinner = firstSpinner(lock)
      if spinner >= 0 {
        own(lock, by: spinner)
        countWaited(lock, by: spinner)
        resume(spinner)
        return
      }
    }
    guard first >= 0 else { return }
    if !tasks[Int(first)].write {
      grantReaders(lock, by: task)
    } else if starved {
      _ = firstSleeper(lock)
      locks[l].waking = false
      tasks[Int(first)].retry = false
      own(lock, by: first)
      countWaited(lock, by: first)
      rouse(first, by: task)
    } else {
      wakeFirstSleeper(lock, by: task)
    }
  }

  /// Makes every waiting reader an owner; writers keep their order.
  private mutating func grantReaders(_ lock: Int32, by waker: Int32) {
    let l = Int(lock)
    var waiter = locks[l].secondHead
    locks[l].secondHead = -1
    locks[l].secondTail = -1
    while waiter >= 0 {
      let next = tasks[Int(waiter)].lockNext
      if tasks[Int(waiter)].write {
        joinSleepers(lock, waiter)
      } else {
        enterRWLock(lock, waiter, write: false)
        countWaited(lock, by: waiter)
        rouse(waiter, by: waker)
      }
      waiter = next
    }
  }

  mutating func retryRWSemaphore(_ lock: Int32, by task: Int32) -> Bool {
    let l = Int(lock)
    locks[l].waking = false
    if locks[l].isFree, locks[l].secondHead == task {
      _ = firstSleeper(lock)
      own(lock, by: task)
      countWaited(lock, by: task)
      return true
    }
    giveUpCPU(task)
    return false
  }
}
