extension Workload {
  /// The workload with the fixes applied, and what had to be assumed, one line each.
  ///
  /// `shard` multiplies the instances of a class; `perCPU` narrows its scope to a CPU; `lockless`
  /// lets its readers pass without a lock; `numaHandover` turns queued spinlocks into the NUMA-aware
  /// kind; `broadcastTLB` replaces the IPIs of TLB shootdowns by `tlbBroadcast` of the sender's own
  /// time. `split` changes which instance a CPU uses and is left to the scenario.
  ///
  /// - Throws: `WorkloadError.unknownName` for a class that the workload does not have.
  func applying(
    _ fixes: [Fix], tlbBroadcast: Distribution
  ) throws(WorkloadError) -> (Workload, notes: [String]) {
    var fixed = self
    var notes: [String] = []
    for fix in fixes {
      switch fix {
      case .numaHandover:
        for index in fixed.classes.indices where fixed.classes[index].kind == .spinlock {
          fixed.classes[index].kind = .cna
        }
      case .shard(let name, let ways):
        let index = try fixed.index(ofClass: name)
        let (count, overflow) = fixed.classes[index].instances.multipliedReportingOverflow(by: ways)
        guard !overflow else { throw .range("shard of '\(name)' in \(ways) ways: too many") }
        fixed.classes[index].instances = count
      case .perCPU(let name):
        fixed.classes[try fixed.index(ofClass: name)].scope = .cpu
      case .lockless(let name):
        notes += try fixed.unlockReaders(of: name)
      case .broadcastTLB:
        for index in fixed.tasks.indices {
          fixed.tasks[index].loop = fixed.tasks[index].loop.map { step in
            step.mapped { inner in
              if case .ipi(let call) = inner, call.function.contains("flush_tlb") {
                return .run(tlbBroadcast)
              }
              return inner
            }
          }
        }
      case .split(let name, _):
        _ = try fixed.index(ofClass: name)
      }
    }
    return (fixed, notes)
  }

  /// The position of a class.
  ///
  /// - Throws: `WorkloadError.unknownName`, naming the classes there are.
  func index(ofClass name: String) throws(WorkloadError) -> Int {
    guard let index = classes.firstIndex(where: { $0.name == name }) else {
      let known = classes.prefix(12).map(\.name).joined(separator: ", ")
      throw .unknownName(
        "the layout names class '\(name)', which the workload does not have; it has: \(known)"
          + (classes.count > 12 ? ", ..." : ""))
    }
    return index
  }

  /// Moves the read acquisitions of a class to a class of kind `rcu` beside it.
  ///
  /// A kind without readers says nothing of reads: then every acquisition passes, the best case.
  private mutating func unlockReaders(of name: String) throws(WorkloadError) -> [String] {
    let index = try index(ofClass: name)
    let writers = classes[index]
    guard writers.kind.hasReaders else {
      classes[index].kind = .rcu
      return [
        "lockless \(name): a \(writers.kind.rawValue) does not tell reads from writes; every "
          + "acquisition passes without it, the best case"
      ]
    }
    var readers = writers
    readers.name = "\(name) readers"
    readers.kind = .rcu
    readers.mode = .read
    classes.append(readers)
    for task in tasks.indices {
      tasks[task].loop = tasks[task].loop.map { step in
        step.mapped { inner in
          if case .acquire(var acquisition) = inner, acquisition.lockClass == name,
            (acquisition.mode ?? writers.mode) == .read
          {
            acquisition.lockClass = readers.name
            return .acquire(acquisition)
          }
          return inner
        }
      }
    }
    return []
  }
}

extension Step {
  /// The step after `change`, applied to what it nests first.
  func mapped(_ change: (Step) -> Step) -> Step {
    if case .acquire(var acquisition) = self {
      acquisition.nested = acquisition.nested.map { $0.mapped(change) }
      return change(.acquire(acquisition))
    }
    return change(self)
  }
}
