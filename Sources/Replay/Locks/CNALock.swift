/// The compact NUMA-aware queued spinlock: the next owner is the first waiter of the releaser's
/// socket; those passed over wait in a second queue.
///
/// The second queue comes first again when the first holds nobody of this socket, or when one socket
/// kept the lock longer than a threshold. Sources: D. Dice and A. Kogan, "Compact NUMA-aware locks",
/// EuroSys 2019; A. Kogan, "Add NUMA-awareness to qspinlock", LKML v15, 2021 (kernel/locking/
/// qspinlock_cna.h: threshold by time, 1 ms).
extension Engine {
  mutating func releaseCNA(_ lock: Int32, by task: Int32) {
    tasks[Int(task)].spinDepth -= 1
    let l = Int(lock)
    guard locks[l].head >= 0 || locks[l].secondHead >= 0 else {
      setFree(lock)
      return
    }
    let socket = sockets[Int(tasks[Int(task)].cpu)]
    if now - locks[l].socketSince < costs.cnaThreshold, let next = nextOnSocket(lock, socket) {
      handOver(lock, to: next)
      return
    }
    // The second queue, spliced before what is left of the first.
    if locks[l].secondHead >= 0 {
      tasks[Int(locks[l].secondTail)].lockNext = locks[l].head
      if locks[l].head < 0 { locks[l].tail = locks[l].secondTail }
      locks[l].head = locks[l].secondHead
      locks[l].secondHead = -1
      locks[l].secondTail = -1
    }
    locks[l].socketSince = now
    handOver(lock, to: firstSpinner(lock))
  }

  /// The first of the main queue on `socket`, those before it moved to the second queue; nil without
  /// one, and then nobody moved.
  private mutating func nextOnSocket(_ lock: Int32, _ socket: Int32) -> Int32? {
    let l = Int(lock)
    var last: Int32 = -1
    var candidate = locks[l].head
    while candidate >= 0, sockets[Int(tasks[Int(candidate)].cpu)] != socket {
      last = candidate
      candidate = tasks[Int(candidate)].lockNext
    }
    guard candidate >= 0 else { return nil }
    if last >= 0 {
      if locks[l].secondTail >= 0 {
        tasks[Int(locks[l].secondTail)].lockNext = locks[l].head
      } else {
        locks[l].secondHead = locks[l].head
      }
      locks[l].secondTail = last
      tasks[Int(last)].lockNext = -1
      locks[l].head = candidate
    }
    return firstSpinner(lock)
  }

  private mutating func handOver(_ lock: Int32, to next: Int32) {
    own(lock, by: next)
    countWaited(lock, by: next)
    resume(next)
  }
}
