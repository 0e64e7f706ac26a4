/// The queued reader-writer spinlock: readers together, writers alone, whoever waits in FIFO order.
///
/// A reader that finds no writer owning or waiting enters with one atomic on the lock word; every
/// other one queues. When a reader comes to the head of the queue, the readers right behind it enter
/// with it. Each reader moves the lock word at entry and at exit; a writer moves all lines. Source:
/// kernel/locking/qrwlock.c, Linux 6.12 (W. Long, Linux 3.16).
extension Engine {
  mutating func acquireRWLock(_ lock: Int32, by task: Int32, write: Bool) -> Bool {
    let l = Int(lock)
    tasks[Int(task)].spinDepth += 1
    let enters = locks[l].head < 0 && (write ? locks[l].isFree : locks[l].holder < 0)
    if enters {
      enterRWLock(lock, task, write: write)
      countUncontended(lock)
      return true
    }
    beginWait(lock, by: task, write: write)
    joinSpinners(lock, task)
    return false
  }

  mutating func releaseRWLock(_ lock: Int32, by task: Int32, write: Bool) {
    let l = Int(lock)
    tasks[Int(task)].spinDepth -= 1
    leaveAsReaderOrWriter(lock, task, write: write)
    while locks[l].head >= 0 {
      let next = locks[l].head
      let writes = tasks[Int(next)].write
      guard writes ? locks[l].isFree : locks[l].holder < 0 else { break }
      _ = firstSpinner(lock)
      enterRWLock(lock, next, write: writes)
      countWaited(lock, by: next)
      resume(next)
      if writes { break }
    }
  }

  /// Makes `task` the writer or one of the readers.
  mutating func enterRWLock(_ lock: Int32, _ task: Int32, write: Bool) {
    let l = Int(lock)
    if write {
      own(lock, by: task)
    } else {
      locks[l].readers += 1
      if locks[l].busySince < 0 { locks[l].busySince = now }
      _ = moveLine(lock, by: task, lines: min(1, locks[l].lines))
    }
  }

  /// Ends one ownership.
  mutating func leaveAsReaderOrWriter(_ lock: Int32, _ task: Int32, write: Bool) {
    let l = Int(lock)
    if write {
      setFree(lock)
    } else {
      locks[l].readers -= 1
      _ = moveLine(lock, by: task, lines: min(1, locks[l].lines))
      if locks[l].readers == 0 { setFree(lock) }
    }
  }
}
