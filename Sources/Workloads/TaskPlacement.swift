/// The tasks of a scenario at their places.
struct TaskPlacement {
  /// The tasks, ordered by OSlet, then by process.
  var tasks: [Scenario.PlacedTask] = []
  /// The copy of the recorded load each task belongs to.
  var copyOfTask: [Int32] = []
  /// Address spaces over the scenario.
  var processCount: Int
  /// Copies of the recorded load.
  var copies: Int
  /// What had to be bent, one line each.
  var notes: [String] = []

  /// Places the load on the OSlets that run tasks; several tasks may share a CPU.
  ///
  /// - Throws: `WorkloadError.range` for a placement that the workload cannot support.
  init(
    _ load: GrownLoad, workload: Workload, placement: Placement, oslets: [Scenario.OSlet],
    osletOfCPU: [Int32]
  ) throws(WorkloadError) {
    processCount = load.processes.count
    copies = load.copies
    switch placement {
    case .spread:
      dealWhole(load, Array(load.processes.indices), workload, oslets) { rooms, index in
        rooms.next(load.processes[index].groups.count)
      }
    case .process:
      let largestFirst = load.processes.indices.sorted {
        (-load.processes[$0].groups.count, $0) < (-load.processes[$1].groups.count, $1)
      }
      dealWhole(load, largestFirst, workload, oslets) { rooms, index in
        rooms.leastLoaded(load.processes[index].groups.count)
      }
    case .cpu:
      try placeByCPU(load, workload: workload, oslets: oslets, osletOfCPU: osletOfCPU)
    case .graph:
      let homes = try MeetingGraph(load, workload, oslets).homes()
      dealWhole(load, Array(load.processes.indices), workload, oslets) { _, index in homes[index] }
    }
  }

  /// Deals the processes in `order`; `choose` gives one OSlet for all of its tasks, or one for each.
  private mutating func dealWhole(
    _ load: GrownLoad, _ order: [Int], _ workload: Workload, _ oslets: [Scenario.OSlet],
    choose: (inout OSletRooms, Int) -> [Int]
  ) {
    var rooms = OSletRooms(oslets, tasks: load.taskCount)
    var byOSlet: [[(process: Int, group: Int32)]] = Array(repeating: [], count: oslets.count)
    var split: [String: Int] = [:]
    for index in order {
      let process = load.processes[index]
      let homes = choose(&rooms, index)
      if Set(homes).count > 1 { split[process.name ?? "", default: 0] += 1 }
      for (position, group) in process.groups.enumerated() {
        byOSlet[homes.count == 1 ? homes[0] : homes[position]].append((index, group))
      }
    }
    for name in split.keys.sorted() {
      notes.append(
        "process '\(name)' is larger than an OSlet of \(rooms.largest) CPUs: \(split[name] ?? 0) "
          + "split over several OSlets, its own locks owned by the OSlet of its first task")
    }
    let weights = workload.tasks.map(\.busyShare)
    for (oslet, members) in byOSlet.enumerated() {
      place(members, of: load, on: Int32(oslet), cpus: oslets[oslet].cpus, weights: weights)
    }
  }

  /// Spreads one OSlet's tasks over its CPUs: the busiest first, each to the CPU least loaded.
  private mutating func place(
    _ members: [(process: Int, group: Int32)], of load: GrownLoad, on oslet: Int32,
    cpus: Range<Int>, weights: [Double]
  ) {
    var loads = LeastLoaded(count: cpus.count)
    var cpuOf = [Int32](repeating: 0, count: members.count)
    let busiest = members.indices.sorted {
      (-weights[Int(members[$0].group)], $0) < (-weights[Int(members[$1].group)], $1)
    }
    for index in busiest {
      cpuOf[index] = Int32(cpus.lowerBound + loads.add(weights[Int(members[index].group)]))
    }
    for (index, member) in members.enumerated() {
      tasks.append(
        Scenario.PlacedTask(
          group: member.group, process: Int32(member.process), cpu: cpuOf[index], oslet: oslet))
      copyOfTask.append(Int32(load.processes[member.process].copy))
    }
  }

  /// Copy c of a load recorded on n CPUs goes to CPUs c n to c n + n - 1, each task where it ran.
  private mutating func placeByCPU(
    _ load: GrownLoad, workload: Workload, oslets: [Scenario.OSlet], osletOfCPU: [Int32]
  ) throws(WorkloadError) {
    guard workload.tasks.allSatisfy({ $0.cpus?.count == $0.count }) else {
      throw .range(
        "placement cpu: the workload does not say on which CPU each task ran ('cpus' of a task "
          + "group); use spread or process")
    }
    let running = oslets.filter { $0.service == nil }.flatMap { Array($0.cpus) }
    var split: [String: Int] = [:]
    for (index, process) in load.processes.enumerated() {
      var homes: Set<Int32> = []
      for (group, number) in zip(process.groups, process.numbers) {
        let recorded = workload.tasks[Int(group)].cpus?[Int(number)] ?? 0
        let cpu = running[(process.copy * workload.recordedCPUs + recorded) % running.count]
        homes.insert(osletOfCPU[cpu])
        tasks.append(
          Scenario.PlacedTask(
            group: group, process: Int32(index), cpu: Int32(cpu), oslet: osletOfCPU[cpu]))
        copyOfTask.append(Int32(process.copy))
      }
      if homes.count > 1 { split[process.name ?? "", default: 0] += 1 }
    }
    for name in split.keys.sorted() {
      notes.append(
        "process '\(name)' ran on CPUs of several OSlets: \(split[name] ?? 0) split, its own locks "
          + "owned by the OSlet of its first task")
    }
  }
}
