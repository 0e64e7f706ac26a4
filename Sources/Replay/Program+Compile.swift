import Workloads

extension Program {
  /// Compiles the task groups of `workload`.
  ///
  /// - Parameter plain: Per class, whether every acquisition stays where the task is.
  init(_ workload: Workload, plain: [Bool]) {
    var compiler = Compiler(workload: workload, plain: plain)
    for group in workload.tasks { compiler.compile(group) }
    self = compiler.program
  }

  private struct Compiler {
    let plain: [Bool]
    let classes: [LockClass]
    let classIndex: [String: Int32]
    let groupIndex: [String: Int32]
    var program = Program()

    init(workload: Workload, plain: [Bool]) {
      self.plain = plain
      classes = workload.classes
      func numbered(_ names: [String]) -> [String: Int32] {
        var index: [String: Int32] = [:]
        for (i, name) in names.enumerated() where index[name] == nil { index[name] = Int32(i) }
        return index
      }
      classIndex = numbered(workload.classes.map(\.name))
      groupIndex = numbered(workload.tasks.map(\.name))
      program.isBackground = workload.tasks.map { $0.background ?? false }
      program.hasBackground = program.isBackground.contains(true)
      program.isWoken = workload.tasks.map { _ in false }
      program.members = workload.tasks.map { Int32(clamping: $0.count) }
    }

    mutating func compile(_ group: TaskGroup) {
      let start = Int32(program.code.count)
      program.entry.append(start)
      var phases = LoopPhases()
      for step in group.loop {
        phases.add(step, pc: Int32(program.code.count))
        compile([step], depth: 0)
      }
      program.phases.append(phases)
      if !Self.counts(group.loop) { emit(.operation, amount(1)) }
      emit(.jump, start)
    }

    private static func counts(_ steps: [Step]) -> Bool {
      steps.contains { step in
        switch step {
        case .operation(let n): n > 0
        case .acquire(let acquisition): counts(acquisition.nested)
        default: false
        }
      }
    }

    private mutating func compile(_ steps: [Step], depth: Int) {
      for step in steps {
        switch step {
        case .run(let span): emit(.run, sampler(span))
        case .sleep(let span):
          program.code.append(
            Instruction(opcode: .sleep, slot: UInt8(depth), a: sampler(span)))
        case .touch(let name): emit(.touch, index(name))
        case .wake(let name):
          program.wakes = true
          let group = groupIndex[name] ?? 0
          program.isWoken[Int(group)] = true
          emit(.wake, group)
        case .operation(let n): emit(.operation, amount(n))
        case .ipi(let interrupt): emit(.interrupt, table(interrupt))
        case .acquire(let acquisition): compile(acquisition, depth: depth)
        }
      }
    }

    private mutating func compile(_ acquisition: Acquisition, depth: Int) {
      precondition(depth < 255, "acquisitions nest at most 255 deep")
      let lockClass = index(acquisition.lockClass)
      let traits = classes[Int(lockClass)]
      // A class of kind counter is one modified line, whatever its owner does with it.
      if traits.kind == .counter {
        emit(.touch, lockClass)
        emit(.run, sampler(acquisition.hold))
        compile(acquisition.nested, depth: depth)
        return
      }
      let write = !traits.kind.hasReaders || (acquisition.mode ?? traits.mode) == .write
      program.depth = max(program.depth, depth + 1)
      let isPlain = plain[Int(lockClass)]
      func lock(_ opcode: Opcode) -> Instruction {
        Instruction(opcode: opcode, write: write, slot: UInt8(depth), a: lockClass)
      }
      if isPlain {
        program.code.append(lock(.enter))
      } else {
        program.code.append(lock(.cross))
        program.code.append(lock(.acquire))
      }
      let hold = sampler(acquisition.hold)
      emit(.run, hold)
      compile(acquisition.nested, depth: depth + 1)
      program.code.append(lock(.release))
      if !isPlain {
        var back = lock(.comeBack)
        back.b = hold
        program.code.append(back)
      }
    }

    private mutating func emit(_ opcode: Opcode, _ a: Int32) {
      program.code.append(Instruction(opcode: opcode, a: a))
    }

    private func index(_ name: String) -> Int32 { classIndex[name] ?? 0 }

    private mutating func amount(_ n: Double) -> Int32 {
      program.amounts.append(n)
      return Int32(program.amounts.count - 1)
    }

    private mutating func sampler(_ span: Distribution) -> Int32 {
      program.samplers.append(Sampler(span, table: &program.table))
      return Int32(program.samplers.count - 1)
    }

    private mutating func table(_ interrupt: Workloads.Interrupt) -> Int32 {
      let (targets, count): (Targets, Int) =
        switch interrupt.targets {
        case .one: (.some, 1)
        case .count(let n): (.some, n)
        case .all: (.all, 0)
        case .mm: (.mm, 0)
        }
      program.interrupts.append(
        Program.Interrupt(
          targets: targets, count: Int32(count), waits: interrupt.waits,
          handler: sampler(interrupt.handler)))
      return Int32(program.interrupts.count - 1)
    }
  }
}
