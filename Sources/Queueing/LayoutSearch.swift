import Measures
public import Workloads

/// What to try on one workload at one size: OSlets of every size, cuts along the topology, and the
/// conventional fixes for the classes that wait most, each solved by the closed-form engine.
///
/// A function of its inputs.
public struct LayoutSearch: Sendable {
  /// One layout and what the model says of it.
  public struct Candidate: Hashable, Sendable {
    /// The layout as solved, crossings included, under the name it has without them.
    public var layout: Layout
    /// How many images it makes.
    public var oslets: Int
    /// The prediction.
    public var point: PredictionPoint

    /// Whether `other` is at least as good in throughput, crossing share and number of images, and
    /// better in one.
    public func isDominated(by other: Candidate) -> Bool {
      let (mine, its) = (point.throughputPerSecond.value, other.point.throughputPerSecond.value)
      guard its >= mine, other.point.crossingShare <= point.crossingShare, other.oslets <= oslets
      else { return false }
      return its > mine || other.point.crossingShare < point.crossingShare || other.oslets < oslets
    }
  }

  /// One image as it is.
  public let control: Candidate
  /// All others, highest throughput first.
  public let candidates: [Candidate]

  /// Solves the candidates and `named`, with `share` of the acquisitions of every crossable class
  /// (`Scenario.crossableClasses`) crossing.
  ///
  /// Layouts that cut the machine as an earlier one does are left out. O(log cpus) solutions.
  ///
  /// - Throws: `WorkloadError` from the expansion of a layout.
  public init(
    _ workload: Workload, on machine: Machine, cpus: Int, load: LoadRule, crossing share: Double,
    named: [Layout] = []
  ) throws(WorkloadError) {
    func expand(_ layout: Layout) throws(WorkloadError) -> Scenario {
      try Scenario(workload: workload, machine: machine, layout: layout, cpus: cpus, load: load)
    }
    func solve(_ plain: Scenario) throws(WorkloadError) -> Candidate {
      let layout = plain.layout(crossing: share)
      let point = ClosedFormEngine().point(layout == plain.layout ? plain : try expand(layout))
      return Candidate(layout: layout, oslets: plain.oslets.count, point: point)
    }
    control = try solve(try expand(.one))
    var found: [Candidate] = []
    for layout in named where layout != .one { found.append(try solve(try expand(layout))) }
    for fix in Self.fixes(workload, control.point) {
      let layout = Layout(partition: .one, fixes: [fix])
      if !named.contains(layout) { found.append(try solve(try expand(layout))) }
    }
    var cuts: Set<[Scenario.OSlet]> = []
    for partition in Self.partitions(cpus: cpus) {
      let layout = Layout(partition: partition)
      let plain = try expand(layout)
      guard plain.oslets.count > 1, cuts.insert(plain.oslets).inserted, !named.contains(layout)
      else { continue }
      found.append(try solve(plain))
    }
    candidates = found.enumerated().sorted { a, b in
      let (x, y) = (
        a.element.point.throughputPerSecond.value, b.element.point.throughputPerSecond.value
      )
      return x == y ? a.offset < b.offset : x > y
    }.map(\.element)
  }

  /// What is compared: everything, or layouts of several images alone.
  ///
  /// A fix is taken at its best and crosses nothing, so among everything fixes beat layouts wherever
  /// they help at all; what partitioning itself has to trade shows among layouts.
  public enum Field: Hashable, Sendable { case everything, layouts }

  /// The candidates of `field`, and one image, that none of them is better than in throughput, crossing
  /// share and number of images; highest throughput first.
  public func front(of field: Field) -> [Candidate] {
    let all = among(field) + [control]
    return all.filter { one in !all.contains { one.isDominated(by: $0) } }
  }

  /// The candidate of `field` with the fewest images, and the highest throughput among those, that takes
  /// `share` of the field's best gain over one image; nil when none gains more than the solver's own
  /// tolerance.
  public func smallestChange(taking share: Double, of field: Field) -> Candidate? {
    let base = control.point.throughputPerSecond.value
    let candidates = among(field)
    guard let best = candidates.first?.point.throughputPerSecond.value, best > base * (1 + 1e-6)
    else { return nil }
    return candidates.filter { $0.point.throughputPerSecond.value - base >= share * (best - base) }
      .min {
        ($0.oslets, -$0.point.throughputPerSecond.value)
          < ($1.oslets, -$1.point.throughputPerSecond.value)
      }
  }

  private func among(_ field: Field) -> [Candidate] {
    field == .everything ? candidates : candidates.filter { $0.oslets > 1 }
  }

  /// OSlets of a power of two of CPUs up to half of the machine, and one a core, cache and socket.
  private static func partitions(cpus: Int) -> [Partition] {
    let sizes = sequence(first: 1) { $0 * 2 }.prefix { $0 * 2 <= cpus }
    return sizes.map { .uniform(count: nil, size: $0) } + TopologyCut.allCases.map { .topology($0) }
  }

  /// A NUMA-aware hand-over, and what is usually done to the three classes that wait most in all.
  private static func fixes(_ workload: Workload, _ control: PredictionPoint) -> [Fix] {
    func wait(_ index: Int) -> Double {
      control.classes[index].waitNsMean * control.classes[index].acquisitionsPerSecond
    }
    let worst = workload.classes.indices.filter { wait($0) > 0 }
      .sorted { (-wait($0), $0) < (-wait($1), $1) }.prefix(3)
    var fixes: [Fix] = [.numaHandover, .broadcastTLB]
    for lock in worst.map({ workload.classes[$0] }) {
      fixes += [
        .shard(lockClass: lock.name, ways: 16), .perCPU(lockClass: lock.name),
        .split(lockClass: lock.name, cut: .l3),
      ]
      if lock.kind.hasReaders { fixes.append(.lockless(lockClass: lock.name)) }
    }
    return fixes
  }
}
