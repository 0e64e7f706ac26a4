import Workloads

/// Which CPU of its image a task waits for: chosen when it wakes, and changed when CPUs are loaded
/// unequally.
///
/// Source: kernel/sched/fair.c, Linux 6.12; the functions are named below. Not modelled: the limit to
/// the scan for an idle CPU (SIS_UTIL), the last but one CPU (`recent_used_cpu`), asymmetric capacity,
/// and the caches that a task has to fill again where it moves.
extension Engine {
  /// The CPU that `task` gets when `waker` wakes it (-1: a timer or a reply on its own CPU).
  ///
  /// Its last CPU if that is idle; else an idle one behind the cache of its last CPU, or of the waker's
  /// where fewer tasks are; else the one of the two with fewer tasks (`select_task_rq_fair`,
  /// `wake_affine_weight`, `select_idle_sibling`). A task that slept for less time than it was ahead of
  /// the others has not left its run queue and stays there (DELAY_DEQUEUE).
  func cpuForWaking(_ task: Int32, by waker: Int32) -> Int {
    let last = Int(tasks[Int(task)].home)
    if cpus[last].isIdle { return last }
    let isDelayed = tasks[Int(task)].lag < 0 && tasks[Int(task)].virtualTime > meanVirtualTime(last)
    if isDelayed { return last }
    var target = last
    if waker >= 0 {
      let other = Int(tasks[Int(waker)].cpu)
      if cpus[other].oslet == cpus[last].oslet, load(of: other) + 1 < load(of: last) {
        target = other
      }
    }
    return idleCPU(near: target) ?? target
  }

  /// The next idle CPU after `cpu` behind its last-level cache; one whose whole core is idle first
  /// (`select_idle_core`, `select_idle_cpu`).
  private func idleCPU(near cpu: Int) -> Int? {
    let domain = scheduling.domains[Int(scheduling.ofCPU[cpu])]
    guard domain.idle > 0 else { return nil }
    let members = scheduling.members
    var found: Int?
    var place = Int(domain.first)
    while members[place] != Int32(cpu) { place += 1 }
    for _ in 0..<domain.count {
      let candidate = Int(members[place])
      if cpus[candidate].isIdle {
        if siblingIsIdle(candidate) { return candidate }
        found = found ?? candidate
      }
      place = place + 1 < Int(domain.first + domain.count) ? place + 1 : Int(domain.first)
    }
    return found
  }

  /// An idle CPU anywhere in an image.
  private func idleCPU(ofImage oslet: Int) -> Int? {
    for domain in scheduling.firstOfOSlet[oslet]..<scheduling.firstOfOSlet[oslet + 1]
    where scheduling.domains[Int(domain)].idle > 0 {
      let first = scheduling.members[Int(scheduling.domains[Int(domain)].first)]
      if let idle = idleCPU(near: Int(first)) { return idle }
    }
    return nil
  }

  /// Whether the other hardware threads of a CPU's core have nothing to run; those of another image
  /// are out of its sight.
  private func siblingIsIdle(_ cpu: Int) -> Bool {
    var sibling = Int(siblings[cpu])
    while sibling != cpu {
      if cpus[sibling].current >= 0, cpus[sibling].oslet == cpus[cpu].oslet { return false }
      sibling = Int(siblings[sibling])
    }
    return true
  }

  /// A waiting task for a CPU that would go idle, taken from the CPU of its image with most of them,
  /// behind the same cache if there is one; -1 for none (`sched_balance_newidle`).
  mutating func pull(to cpu: Int) -> Int32 {
    let oslet = Int(cpus[cpu].oslet)
    guard scheduling.waiting[oslet] > 0 else { return -1 }
    let near = Int(scheduling.ofCPU[cpu])
    let task = pull(to: cpu, from: near)
    if task >= 0 { return task }
    for domain in scheduling.firstOfOSlet[oslet]..<scheduling.firstOfOSlet[oslet + 1]
    where Int(domain) != near {
      let task = pull(to: cpu, from: Int(domain))
      if task >= 0 { return task }
    }
    return -1
  }

  private mutating func pull(to cpu: Int, from domain: Int) -> Int32 {
    guard scheduling.domains[domain].waiting > 0 else { return -1 }
    var busiest = -1
    var most: Int32 = 0
    let first = Int(scheduling.domains[domain].first)
    for place in first..<first + Int(scheduling.domains[domain].count) {
      let candidate = Int(scheduling.members[place])
      if cpus[candidate].waiting > most {
        most = cpus[candidate].waiting
        busiest = candidate
      }
    }
    guard busiest >= 0 else { return -1 }
    return detach(from: busiest, to: cpu)
  }

  /// Takes the first waiting task whose caches have gone cold from one CPU to another, where it is
  /// neither queued nor current; -1 for none (`can_migrate_task`, `task_hot`).
  private mutating func detach(from source: Int, to cpu: Int) -> Int32 {
    var previous: Int32 = -1
    var task = cpus[source].runHead
    while task >= 0, now - tasks[Int(task)].lastRan < costs.migration {
      previous = task
      task = tasks[Int(task)].next
    }
    guard task >= 0 else { return -1 }
    let behind = lag(tasks[Int(task)].virtualTime, on: source)
    removeFromRunQueue(task, after: previous, of: source)
    move(task, to: cpu)
    place(task, on: cpu, lag: behind)
    return task
  }

  /// Gives a waiting task of `cpu`, whose slice is over, to a CPU that has less to do.
  ///
  /// To an idle one at any tick (`nohz_balancer_kick`); to one that runs fewer tasks, even by one,
  /// every 16 ms for each CPU behind the cache, or in the image, less a tick
  /// (`get_sd_balance_interval`, busy factor 16; an imbalance of less than a task moves one as well
  /// after a failed attempt, `detach_tasks`). The kernel's less loaded CPU pulls; here the busier gives.
  mutating func balance(_ cpu: Int) {
    guard cpus[cpu].waiting > 0 else { return }
    let oslet = Int(cpus[cpu].oslet)
    let image = oslets[oslet].cpus
    if let idle = idleCPU(near: cpu) ?? idleCPU(ofImage: oslet) {
      give(from: cpu, to: idle)
      return
    }
    let domain = scheduling.domains[Int(scheduling.ofCPU[cpu])]
    if now >= cpus[cpu].nextBalance {
      cpus[cpu].nextBalance = now + interval(Int(domain.count))
      let range = Int(domain.first)..<Int(domain.first + domain.count)
      if let least = leastLoaded(range.map { Int(scheduling.members[$0]) }, below: load(of: cpu)) {
        cpus[least].nextBalance = cpus[cpu].nextBalance
        give(from: cpu, to: least)
        return
      }
    }
    guard Int(domain.count) < image.count, now >= cpus[cpu].nextWideBalance else { return }
    cpus[cpu].nextWideBalance = now + interval(image.count)
    if let least = leastLoaded(image, below: load(of: cpu)) {
      cpus[least].nextWideBalance = cpus[cpu].nextWideBalance
      give(from: cpu, to: least)
    }
  }

  private func interval(_ cpus: Int) -> Double { 16e6 * Double(cpus) - costs.tick }

  private func leastLoaded(_ candidates: some Sequence<Int>, below limit: Int32) -> Int? {
    var best: Int?
    var least = limit
    for candidate in candidates where load(of: candidate) < least {
      least = load(of: candidate)
      best = candidate
    }
    return best
  }

  private mutating func give(from source: Int, to cpu: Int) {
    let task = detach(from: source, to: cpu)
    guard task >= 0 else { return }
    if cpus[cpu].isIdle {
      occupy(Int32(cpu), with: task, after: costs.idleExit)
    } else {
      enqueue(task, on: cpu)
    }
  }

  /// Makes `cpu` the one a task waits for; what is kept per CPU it finds there.
  mutating func move(_ task: Int32, to cpu: Int) {
    let t = Int(task)
    guard tasks[t].home != Int32(cpu) else { return }
    tasks[t].home = Int32(cpu)
    tasks[t].cpu = Int32(cpu)
    let process = Int(tasks[t].process)
    let place = processCPUs[process].firstIndex { $0 >= cpu } ?? processCPUs[process].count
    if place == processCPUs[process].count || processCPUs[process][place] != cpu {
      processCPUs[process].insert(Int32(cpu), at: place)
    }
    for (i, lockClass) in classesPerCPU.enumerated() {
      let binding = bindingsPerCPU[cpu * classesPerCPU.count + i]
      if binding.count > 0 { bindings[t * classCount + lockClass] = binding }
    }
  }
}
