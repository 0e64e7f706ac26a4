import Workloads

/// Requests of other OSlets on the CPUs of their owner.
///
/// One ring per OSlet, first in first out. A CPU that is idle or spinning looks into it at all times;
/// one that computes looks when a step ends, or at once when a notification interrupts it. A request
/// runs ahead of the CPU's own task; one that has to wait for a lock of the owner steps aside
/// meanwhile, so that the owner's CPUs never wait for each other's requests in a circle.
extension Engine {
  /// Hands a request to a CPU of `oslet`, or puts it on its ring.
  mutating func request(_ task: Int32, of oslet: Int32, notified: Bool) {
    let o = Int(oslet)
    let range = oslets[o].cpus
    let lower = Int32(range.lowerBound)
    let upper = Int32(range.upperBound)
    var cpu = rings[o].cursor
    for _ in 0..<range.count {
      cpu = cpu + 1 < upper ? cpu + 1 : lower
      if cpus[Int(cpu)].isAttentive {
        rings[o].cursor = cpu
        serve(task, on: cpu)
        return
      }
    }
    if notified {
      cpu = rings[o].cursor + 1 < upper ? rings[o].cursor + 1 : lower
      rings[o].cursor = cpu
      serve(task, on: cpu)
      return
    }
    tasks[Int(task)].next = -1
    if rings[o].tail >= 0 {
      tasks[Int(rings[o].tail)].next = task
    } else {
      rings[o].head = task
    }
    rings[o].tail = task
    ringed += 1
  }

  /// Takes the first request off the ring of `oslet`; nil when there is none.
  mutating func takeFromRing(of oslet: Int32) -> Int32? {
    let o = Int(oslet)
    let task = rings[o].head
    guard task >= 0 else { return nil }
    rings[o].head = tasks[Int(task)].next
    if rings[o].head < 0 { rings[o].tail = -1 }
    ringed -= 1
    return task
  }

  /// Serves a request on `cpu` ahead of its own task; behind the request it is serving, if any.
  mutating func serve(_ task: Int32, on cpu: Int32) {
    let c = Int(cpu)
    tasks[Int(task)].cpu = cpu
    if cpus[c].server >= 0 {
      tasks[Int(task)].next = -1
      if cpus[c].serverTail >= 0 {
        tasks[Int(cpus[c].serverTail)].next = task
      } else {
        cpus[c].serverHead = task
      }
      cpus[c].serverTail = task
      return
    }
    if cpus[c].mode == .segment || cpus[c].mode == .waiting {
      cpus[c].left = cpus[c].deadline - now + cpus[c].stolen
      cpus[c].stolen = 0
      cpus[c].mode = .interrupted
    }
    cpus[c].armed = 0
    cpus[c].server = task
    cpus[c].serverSince = now
    setCategory(cpu, .useful)
    runnable.append(task)
  }

  /// The request being served is done or waits for a lock: the next one, or the CPU's own task again.
  mutating func serverDone(on cpu: Int32) {
    let c = Int(cpu)
    served[Int(cpus[c].oslet)] += now - cpus[c].serverSince
    cpus[c].server = -1
    let next = cpus[c].serverHead
    if next >= 0 {
      cpus[c].serverHead = tasks[Int(next)].next
      if cpus[c].serverHead < 0 { cpus[c].serverTail = -1 }
      serve(next, on: cpu)
      return
    }
    if ringed > 0, let request = takeFromRing(of: cpus[c].oslet) {
      serve(request, on: cpu)
      return
    }
    cpus[c].armed = 0
    switch cpus[c].mode {
    case .idle:
      if cpus[c].runHead >= 0 { dispatch(cpu) } else { setCategory(cpu, .idle) }
    case .spin:
      setCategory(cpu, cpus[c].taskCategory)
      if cpus[c].runHead >= 0 { endAtSlice(cpu) }
    case .interrupted, .segment, .waiting:
      cpus[c].mode = .segment
      setCategory(cpu, .useful)
      cpus[c].deadline = now + cpus[c].left + cpus[c].stolen
      cpus[c].stolen = 0
      cpus[c].armed = queue.insert(at: cpus[c].deadline, handle: cpu)
    case .granted:
      resume(cpus[c].current)
    }
  }
}
