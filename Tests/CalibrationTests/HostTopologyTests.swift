import FoundationEssentials
import Testing
import Workloads

@testable import Calibration

@Suite("Topology from sysfs")
struct HostTopologyTests {
  /// Writes the files of `cpus` (socket, first CPU of the L3, siblings) under a folder of its own,
  /// and removes them after `body`.
  private func withFiles(
    online: String, _ cpus: [(socket: Int, island: String, siblings: String)],
    _ body: (String) throws -> Void
  ) throws {
    let files = FileManager.default
    let root = files.temporaryDirectory.path + "/oslet-topology-\(UInt64.random(in: 0 ... .max))"
    defer { try? files.removeItem(atPath: root) }
    func write(_ path: String, _ text: String) throws {
      let full = "\(root)/\(path)"
      let folder = full.split(separator: "/").dropLast().joined(separator: "/")
      try files.createDirectory(atPath: "/" + folder, withIntermediateDirectories: true)
      #expect(files.createFile(atPath: full, contents: Data((text + "\n").utf8)))
    }
    try write("cpu/online", online)
    for (number, cpu) in cpus.enumerated() {
      try write("cpu/cpu\(number)/topology/physical_package_id", "\(cpu.socket)")
      try write("cpu/cpu\(number)/topology/thread_siblings_list", cpu.siblings)
      try write("cpu/cpu\(number)/cache/index0/level", "1")
      try write("cpu/cpu\(number)/cache/index0/shared_cpu_list", cpu.siblings)
      try write("cpu/cpu\(number)/cache/index1/level", "3")
      try write("cpu/cpu\(number)/cache/index1/shared_cpu_list", cpu.island)
    }
    try body(root)
  }

  @Test("two sockets of two islands of one core of two threads, siblings numbered last")
  func regular() throws {
    let cpus = (0..<8).map { number in
      let core = number % 4
      return (socket: core / 2, island: "\(core),\(core + 4)", siblings: "\(core),\(core + 4)")
    }
    try withFiles(online: "0-7", cpus) { root in
      let host = try HostTopology(root: root) { _ in true }
      #expect(host.isRegular)
      #expect(
        host.topology == Topology(sockets: 2, islandsPerSocket: 2, coresPerIsland: 1, smt: 2))
      for cpu in host.cpus {
        // The same numbering as a machine file's.
        #expect(host.topology.number(of: cpu.place) == cpu.number)
      }
      let half = try HostTopology(root: root) { $0 < 3 }
      #expect(half.cpus.map(\.number) == [0, 1, 2])
      #expect(!half.isRegular)
    }
  }

  @Test("siblings numbered side by side keep their distances")
  func adjacentSiblings() throws {
    let cpus = (0..<8).map { number in
      (socket: 0, island: number < 4 ? "0-3" : "4-7", siblings: "\(number & ~1)-\(number | 1)")
    }
    try withFiles(online: "0-7", cpus) { root in
      let host = try HostTopology(root: root) { _ in true }
      #expect(host.topology == Topology(sockets: 1, islandsPerSocket: 2, coresPerIsland: 2, smt: 2))
      let places = host.cpus.map(\.place)
      #expect(places[0].distance(to: places[1]) == .smt)
      #expect(places[0].distance(to: places[2]) == .island)
      #expect(places[3].distance(to: places[4]) == .socket)
      #expect(Set(places).count == 8)
    }
  }

  @Test("a file that is missing or damaged is named")
  func damage() throws {
    let missing = #expect(throws: CalibrationError.self) {
      try HostTopology(root: "/nonexistent") { _ in true }
    }
    #expect(missing?.description.hasPrefix("/nonexistent/cpu/online:") == true)
    try withFiles(online: "0-x", []) { root in
      #expect(throws: CalibrationError.self) { try HostTopology(root: root) { _ in true } }
    }
    try withFiles(online: "0-1", [(socket: 0, island: "0", siblings: "0")]) { root in
      let error = #expect(throws: CalibrationError.self) {
        try HostTopology(root: root) { _ in true }
      }
      #expect(error?.description.contains("cpu1/topology/thread_siblings_list") == true)
    }
  }

  @Test(
    "lists of CPUs",
    arguments: [
      ("0", [0]), ("0-3", [0, 1, 2, 3]), ("0-1,8,10-11", [0, 1, 8, 10, 11]), ("", []),
      ("3-1", nil), ("a", nil), ("1-", nil), ("1-2-3", nil), ("0-99999999999", nil), ("-1", nil),
    ] as [(String, [Int]?)])
  func lists(text: String, numbers: [Int]?) {
    #expect(KernelFile.cpuList(text) == numbers)
  }

  @Test("stolen time is read from the first line of /proc/stat")
  func ticks() throws {
    let ticks = try #require(HostConditions.Ticks(stat: "cpu  10 1 20 60 4 0 1 4 9 9\ncpu0 1"))
    #expect(ticks.stolen == 4 && ticks.total == 100)
    #expect(HostConditions.Ticks(stat: "intr 5") == nil)
    #expect(HostConditions.Ticks(stat: "cpu 1 2 3") == nil)
  }

  @Test("pairs are all of them, or some of every level, the same for a seed")
  func pairs() {
    let topology = Topology(sockets: 2, islandsPerSocket: 4, coresPerIsland: 8, smt: 2)
    let places = topology.placesInOrder()
    let all = PairChoice(places, most: 10_000, seed: 1)
    #expect(all.isComplete && all.pairs.count == 128 * 127 / 2)
    let some = PairChoice(places, most: 100, seed: 1)
    #expect(!some.isComplete && some.pairs.count == 100)
    #expect(Set(some.pairs.map(\.distance)) == [.smt, .island, .socket, .cross])
    #expect(some == PairChoice(places, most: 100, seed: 1))
    #expect(some != PairChoice(places, most: 100, seed: 2))
    for pair in some.pairs {
      #expect(places[pair.a].distance(to: places[pair.b]) == pair.distance)
    }
  }
}
