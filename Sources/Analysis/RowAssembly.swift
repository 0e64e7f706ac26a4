import TraceFormat

/// The waits of a trace, row by row, by everything but class.
struct RowAssembly {
  let locks: [WaitRow]
  let callers: [WaitRow]
  let tasks: [WaitRow]
  let processes: [WaitRow]
  let cgroups: [WaitRow]
  let cpus: [WaitRow]

  /// Sums `waits` six ways.
  init(
    waits: [Wait], total: Double, naming: LockNaming, callers: CallerTable, locks: LockLedger,
    identities: [TaskNaming.Identity], tasks ledger: [TaskLedger.Task]
  ) {
    self.locks = WaitSummary(waits, keys: locks.instances.count) { Int($0.lock) }
      .rows(
        total: total,
        name: { lock in
          // An address would undo the kernel's address randomisation for whoever reads the report.
          "\(naming.roles[Int(naming.roleOf[lock])].name) #\(lock)"
        },
        kind: { locks.instances[$0.key].family.name($0.mode) })
    self.callers = WaitSummary(waits, keys: callers.names.count + 1) {
      Int(callers.caller($0.stack)) + 1
    }.rows(total: total, name: { $0 == 0 ? "[no stack]" : callers.names[$0 - 1] })
    tasks = WaitSummary(waits, keys: ledger.count) { Int($0.task) }
      .rows(
        total: total,
        name: { task in
          ledger[task].id == 0
            ? "idle/\(ledger[task].idleOf)" : "\(identities[task].name)/\(ledger[task].id)"
        })
    let processes = Self.numbered(identities) { "\($0.name)/\($0.process)" }
    let byProcess = Self.numbered(identities) { "\($0.process)" }
    self.processes = WaitSummary(waits, keys: byProcess.names.count) {
      Int(byProcess.number[Int($0.task)])
    }.rows(
      total: total,
      name: { process in
        let first = byProcess.number.firstIndex(of: Int32(process)) ?? 0
        return processes.names[Int(processes.number[first])]
      })
    let cgroups = Self.numbered(identities) { $0.cgroup.isEmpty ? "[unknown]" : $0.cgroup }
    self.cgroups = WaitSummary(waits, keys: cgroups.names.count) {
      Int(cgroups.number[Int($0.task)])
    }.rows(total: total, name: { cgroups.names[$0] })
    let widest = waits.reduce(0) { max($0, Int($1.cpu)) }
    cpus = WaitSummary(waits, keys: widest + 1) { Int($0.cpu) }
      .rows(total: total, name: { "\($0)" })
  }

  /// Numbers the distinct names of `identities`, in order of first sight.
  private static func numbered(
    _ identities: [TaskNaming.Identity], _ name: (TaskNaming.Identity) -> String
  ) -> (names: [String], number: [Int32]) {
    var names: [String] = []
    var known: [String: Int32] = [:]
    let number = identities.map { identity in
      let name = name(identity)
      if let found = known[name] { return found }
      let made = Int32(truncatingIfNeeded: names.count)
      known[name] = made
      names.append(name)
      return made
    }
    return (names, number)
  }
}
