import Measures
import Workloads

extension Engine {
  /// Plays the instructions of `task` until one takes time or has to wait.
  mutating func interpret(_ task: Int32) {
    let t = Int(task)
    if tasks[t].remaining > 0 {
      let rest = tasks[t].remaining
      tasks[t].remaining = 0
      startSegment(task, rest)
      return
    }
    tasks[t].phase = .running
    if tasks[t].retry {
      tasks[t].retry = false
      guard tryAgain(task) else { return }
    }
    var pc = Int(tasks[t].pc)
    while true {
      let instruction = program.code[pc]
      let a = Int(instruction.a)
      pc += 1
      switch instruction.opcode {
      case .run:
        var span = program.samplers[a].sample(&random, program.table)
        guard span + tasks[t].carry > 0 else { continue }
        if siblingSlowdown.working > 0 { span *= slowdown(on: Int(tasks[t].cpu)) }
        tasks[t].pc = Int32(truncatingIfNeeded: pc)
        startSegment(task, span)
        return
      case .enter:
        let lock = choose(task, a)
        slots[t * program.depth + Int(instruction.slot)].lock = lock
        guard acquire(lock, by: task, write: instruction.write) else {
          tasks[t].pc = Int32(truncatingIfNeeded: pc)
          return
        }
      case .release:
        let lock = slots[t * program.depth + Int(instruction.slot)].lock
        release(lock, by: task, write: instruction.write)
      case .jump:
        pc = a
      case .operation:
        operationsOfGroup[Int(tasks[t].group)] += program.amounts[a]
      case .cross:
        tasks[t].pc = Int32(truncatingIfNeeded: pc)
        guard cross(task, lockClass: a, instruction) else { return }
      case .acquire:
        let index = t * program.depth + Int(instruction.slot)
        if slots[index].stage != .local, tasks[t].carry > 0 {
          // Reading the request, or entering through the door, comes before the lock is asked for.
          tasks[t].pc = Int32(truncatingIfNeeded: pc - 1)
          startSegment(task, 0)
          return
        }
        tasks[t].pc = Int32(truncatingIfNeeded: pc)
        let lock = slots[index].lock
        guard acquire(lock, by: task, write: instruction.write) else { return }
      case .comeBack:
        tasks[t].pc = Int32(truncatingIfNeeded: pc)
        guard comeBack(task, lockClass: a, instruction) else { return }
      case .interrupt:
        tasks[t].pc = Int32(truncatingIfNeeded: pc)
        interrupt(task, program.interrupts[a])
        return
      case .sleep:
        let span = program.samplers[a].sample(&random, program.table)
        guard span > 0 else { continue }
        let owns = instruction.slot > 0
        if !owns, takeWake(task) { continue }
        tasks[t].pc = Int32(truncatingIfNeeded: pc)
        fallAsleep(task, span, owns: owns)
        return
      case .touch:
        tasks[t].pc = Int32(truncatingIfNeeded: pc)
        touch(choose(task, a), by: task)
      case .wake:
        wakeSleeper(ofGroup: a, by: task)
      }
    }
  }

  /// How many times longer a span takes on `cpu` by what the other threads of its core do as it begins.
  private func slowdown(on cpu: Int) -> Double {
    var factor = 1.0
    var sibling = Int(siblings[cpu])
    while sibling != cpu {
      switch cpus[sibling].mode {
      case .segment, .interrupted, .granted: factor += siblingSlowdown.working
      case .spin, .waiting:
        factor +=
          cpus[sibling].server >= 0 ? siblingSlowdown.working : siblingSlowdown.waiting
      case .idle: factor += cpus[sibling].server >= 0 ? siblingSlowdown.working : 0
      }
      sibling = Int(siblings[sibling])
    }
    return factor
  }

  /// One of the instances that `task` may use of a class.
  ///
  /// A task that another OSlet serves uses what that one keeps for itself.
  @inline(__always)
  mutating func choose(_ task: Int32, _ lockClass: Int) -> Int32 {
    var binding = bindings[Int(task) * classCount + lockClass]
    if tasks[Int(task)].serving {
      let oslet = Int(cpus[Int(tasks[Int(task)].cpu)].oslet)
      let home = homes[oslet * classCount + lockClass]
      if home.count > 0 { binding = home }
    }
    guard binding.count > 1 else { return binding.first }
    return binding.first + Int32(random.index(below: Int(binding.count)))
  }
}
