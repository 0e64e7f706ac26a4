import FoundationEssentials
public import Workloads

/// The CPUs of this machine that may be used, at their places.
public struct HostTopology: Hashable, Sendable {
  /// One CPU.
  public struct CPU: Hashable, Sendable {
    /// Its Linux number.
    public var number: Int
    /// Its place.
    public var place: CPUPlace
  }

  /// The CPUs, by number.
  public var cpus: [CPU]
  /// The smallest regular topology that has room for all of them.
  public var topology: Topology
  /// Whether the CPUs fill that topology; false for hybrid cores, or sockets used in part.
  public var isRegular: Bool

  /// Reads the CPUs among `usable` from `root`, usually `/sys/devices/system`.
  ///
  /// A socket is a physical package, an island the CPUs behind one last-level cache, a core its
  /// hardware threads. Source: Linux Documentation/admin-guide/cputopology.rst and
  /// Documentation/ABI/testing/sysfs-devices-system-cpu.
  ///
  /// - Throws: `CalibrationError.topology` naming the file.
  public init(root: String, usable: (Int) -> Bool) throws(CalibrationError) {
    let path = "\(root)/cpu/online"
    guard let text = KernelFile.text(path), let online = KernelFile.cpuList(text) else {
      throw .topology(path: path, detail: "a list of CPUs such as 0-3 was expected")
    }
    var raw: [(number: Int, socket: Int, island: Int, core: Int)] = []
    for number in online where usable(number) {
      let folder = "\(root)/cpu/cpu\(number)"
      func first(_ name: String) throws(CalibrationError) -> Int {
        let path = "\(folder)/\(name)"
        guard let text = KernelFile.text(path), let list = KernelFile.cpuList(text),
          let first = list.first
        else { throw .topology(path: path, detail: "a list of CPUs was expected") }
        return first
      }
      let socket = KernelFile.text("\(folder)/topology/physical_package_id").flatMap { Int($0) }
      raw.append(
        (
          number, socket ?? 0, Self.island(of: folder) ?? -1 - (socket ?? 0),
          try first("topology/thread_siblings_list")
        ))
    }
    func ranks(_ keys: [Int]) -> [Int: Int] {
      Dictionary(
        uniqueKeysWithValues: Set(keys).sorted().enumerated().map { ($0.element, $0.offset) })
    }
    // Places within their parent: the rank of each island in its socket, and so on.
    var islandsOf: [Int: [Int]] = [:]
    var coresOf: [Int: [Int]] = [:]
    var threadsOf: [Int: [Int]] = [:]
    for cpu in raw {
      islandsOf[cpu.socket, default: []].append(cpu.island)
      coresOf[cpu.island, default: []].append(cpu.core)
      threadsOf[cpu.core, default: []].append(cpu.number)
    }
    let sockets = ranks(raw.map(\.socket))
    let islandRank = islandsOf.mapValues(ranks)
    let coreRank = coresOf.mapValues(ranks)
    let threadRank = threadsOf.mapValues(ranks)
    let topology = Topology(
      sockets: max(1, sockets.count),
      islandsPerSocket: islandRank.values.map(\.count).max() ?? 1,
      coresPerIsland: coreRank.values.map(\.count).max() ?? 1,
      smt: threadRank.values.map(\.count).max() ?? 1)
    cpus = raw.map { cpu in
      let socket = sockets[cpu.socket] ?? 0
      let island =
        socket * topology.islandsPerSocket + (islandRank[cpu.socket]?[cpu.island] ?? 0)
      return CPU(
        number: cpu.number,
        place: CPUPlace(
          socket: socket, island: island,
          core: island * topology.coresPerIsland + (coreRank[cpu.island]?[cpu.core] ?? 0),
          thread: threadRank[cpu.core]?[cpu.number] ?? 0))
    }
    self.topology = topology
    isRegular = topology.cpuCount == cpus.count
  }

  /// The first CPU behind the same last-level cache; nil where the kernel names no cache.
  private static func island(of folder: String) -> Int? {
    var best: (level: Int, first: Int)?
    for index in 0..<10 {
      let cache = "\(folder)/cache/index\(index)"
      guard let level = KernelFile.text("\(cache)/level").flatMap({ Int($0) }) else { break }
      guard let list = KernelFile.text("\(cache)/shared_cpu_list"),
        let first = KernelFile.cpuList(list)?.first
      else { continue }
      if level > best?.level ?? 0 { best = (level, first) }
    }
    // A cache of the core alone (no L3 shown) says nothing of islands.
    return best.flatMap { $0.level >= 3 ? $0.first : nil }
  }
}
