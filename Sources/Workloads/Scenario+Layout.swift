import Measures

extension Scenario {
  /// Puts `workload` on the first `cpus` CPUs of `machine` under `layout`.
  ///
  /// Fixes change the workload's classes; the load grows by `load`; OSlets are cut, tasks placed,
  /// and lock instances laid out by the policy of each class. What the layout cannot give is bent
  /// and said in `refusals`. The same input gives the same scenario. O(tasks x classes + instances).
  ///
  /// - Throws: `WorkloadError` when the machine has too few CPUs, the layout names a class that is
  ///   not there or cannot cover the CPUs, or the load grows beyond a million tasks.
  public init(
    workload: Workload, machine: Machine, layout: Layout, cpus count: Int, load: LoadRule
  ) throws(WorkloadError) {
    let cut = try OSletCut(layout, machine: machine, count: count)
    let (fixed, fixNotes) = try workload.applying(
      layout.fixes, tlbBroadcast: machine.tlbBroadcast)
    var osletOfCPU: [Int32] = []
    for (index, oslet) in cut.oslets.enumerated() {
      osletOfCPU += Array(repeating: Int32(index), count: oslet.cpus.count)
    }
    let placed = try TaskPlacement(
      GrownLoad(fixed, cpus: count, load: load), workload: fixed, placement: layout.placement,
      oslets: cut.oslets, osletOfCPU: osletOfCPU)
    let sharing = try SharingPlan(layout, workload: fixed, oslets: cut.oslets)
    let locks = try LockPlan(
      fixed, plan: sharing, placement: placed, oslets: cut.oslets, cpus: cut.cpus,
      osletOfCPU: osletOfCPU)
    self.init(
      workload: fixed, machine: machine, layout: layout, load: load, cpus: cut.cpus,
      oslets: cut.oslets, osletOfCPU: osletOfCPU, tasks: placed.tasks,
      instances: locks.instances, policies: sharing.policies, bindings: locks.bindings,
      homes: locks.homes, refusals: cut.notes + fixNotes + placed.notes + sharing.notes)
  }

  /// How a message to every OSlet travels: what the layout's hierarchy says, else flat.
  public var broadcast: Broadcast {
    if case .hierarchy(_, _, _, let broadcast) = layout.partition { broadcast } else { .flat }
  }

  /// Message rings that the layout needs, one per ordered pair that talks directly.
  ///
  /// N (N - 1) without a hierarchy; within each group, and among the forwarders of the groups, with
  /// one. Source: McKenney's minutes (LKML 2002-06-24, OFE468962D.E4F46C96-ON88256BE2.00755AF2).
  public var rings: Int {
    let groups = Dictionary(grouping: oslets, by: \.group).values.map(\.count)
    return groups.reduce(groups.count * (groups.count - 1)) { $0 + $1 * ($1 - 1) }
  }
}

extension Machine {
  /// The sender's own time for one TLB shootdown by hardware broadcast: `tlb_broadcast_ns` of the
  /// machine file, else two of the farthest line transfers.
  ///
  /// The default is an assumption, not a measurement: one message to every CPU and one wait for the
  /// slowest, as INVLPGB and TLBSYNC do (van Riel, "AMD broadcast TLB invalidation", linux-mm 2025).
  var tlbBroadcast: Distribution {
    let far = lineTransfer.cost(at: topology.sockets > 1 ? .cross : .socket, in: topology)
    return .constant(Nanoseconds(constants["tlb_broadcast_ns"] ?? 2 * far.value))
  }
}
