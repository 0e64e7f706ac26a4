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
        let span = program.samplers[a].sample(&random, program.table)
        guard span + tasks[t].carry > 0 else { continue }
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
        operations += program.amounts[a]
      case .cross:
        tasks[t].pc = Int32(truncatingIfNeeded: pc)
        guard cross(task, lockClass: a, instruction) else { return }
      case .acquire:
        tasks[t].pc = Int32(truncatingIfNeeded: pc)
        let lock = slots[t * program.depth + Int(instruction.slot)].lock
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
        tasks[t].pc = Int32(truncatingIfNeeded: pc)
        fallAsleep(task, span)
        return
      case .touch:
        tasks[t].pc = Int32(truncatingIfNeeded: pc)
        touch(choose(task, a), by: task)
      case .wake:
        wakeSleeper(ofGroup: a, by: task)
      }
    }
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
