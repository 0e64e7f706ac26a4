/// Room for tasks in each OSlet, and which OSlet a process goes to.
struct OSletRooms {
  /// The OSlets that run tasks.
  let open: [Int]
  private let size: [Int]
  /// Tasks that each OSlet that runs tasks has room for.
  let capacity: [Int]
  private let shareEnd: [Double]
  private var load: [Int]
  private var dealt = 0
  private let total: Int
  /// CPUs of the largest OSlet that runs tasks.
  let largest: Int

  /// The OSlets that run tasks, with room for `tasks` in proportion to their CPUs.
  init(_ oslets: [Scenario.OSlet], tasks: Int) {
    open = oslets.indices.filter { oslets[$0].service == nil }
    let sizes = open.map { oslets[$0].cpus.count }
    let cpus = sizes.reduce(0, +)
    size = sizes
    capacity = sizes.map { max($0, (tasks * $0 + cpus - 1) / cpus) }
    var sum = 0
    shareEnd = sizes.map { size in
      sum += size
      return Double(sum) / Double(cpus)
    }
    load = Array(repeating: 0, count: open.count)
    total = max(tasks, 1)
    largest = sizes.max() ?? 0
  }

  /// The OSlet of the next process in order: where its middle falls when the tasks are laid along
  /// the CPUs, else the nearest with room; one OSlet per task where no OSlet can hold it whole.
  mutating func next(_ count: Int) -> [Int] {
    defer { dealt += count }
    if count > (capacity.max() ?? 0) {
      return (0..<count).map { take(aim(at: dealt + $0, count: 1), 1) }
    }
    let wanted = aim(at: dealt, count: count)
    return [take(nearest(wanted, for: count) ?? emptiest(for: count), count)]
  }

  /// The OSlet with the lowest load per CPU after it takes the process.
  mutating func leastLoaded(_ count: Int) -> [Int] {
    if count > (capacity.max() ?? 0) { return (0..<count).map { _ in take(emptiest(for: 1), 1) } }
    return [take(emptiest(for: count), count)]
  }

  private func aim(at position: Int, count: Int) -> Int {
    let middle = (Double(position) + Double(count) / 2) / Double(total)
    var low = 0
    var high = open.count - 1
    while low < high {
      let probe = (low + high) / 2
      if shareEnd[probe] > middle { high = probe } else { low = probe + 1 }
    }
    return low
  }

  private func nearest(_ wanted: Int, for count: Int) -> Int? {
    for step in 0..<open.count {
      for candidate in step == 0 ? [wanted] : [wanted + step, wanted - step]
      where open.indices.contains(candidate) && load[candidate] + count <= capacity[candidate] {
        return candidate
      }
    }
    return nil
  }

  private func emptiest(for count: Int) -> Int {
    func after(_ index: Int) -> (Double, Int) {
      (Double(load[index] + count) / Double(size[index]), index)
    }
    return open.indices.min { after($0) < after($1) } ?? 0
  }

  private mutating func take(_ index: Int, _ count: Int) -> Int {
    load[index] += count
    return open[index]
  }
}
