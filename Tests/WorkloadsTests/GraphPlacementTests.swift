import GraphPartition
import Measures
import Testing
import Workloads

@Suite("Placement by graph partition")
struct GraphPlacementTests {
  typealias Base = ScenarioTests

  /// Eight tasks: the even ones meet each other, the odd ones each other, and 0 meets 1 now and then.
  static func twoCliques() -> Workload {
    var edges: [TaskEdge] = []
    for a in 0..<8 {
      for b in a + 1..<8 where (b - a) % 2 == 0 {
        edges.append(
          TaskEdge(
            from: TaskEdge.End("t", task: a), to: TaskEdge.End("t", task: b), perSecond: 1000))
      }
    }
    edges.append(
      TaskEdge(from: TaskEdge.End("t", task: 0), to: TaskEdge.End("t", task: 1), perSecond: 10))
    var workload = Base.workload(
      [Base.lock("mm", .image)], tasks: [ScenarioPlacementTests.group("t", 8)], recordedCPUs: 8)
    workload.edges = edges
    return workload
  }

  @Test("two cliques tied by a thin edge end in two OSlets, in every copy", arguments: [8, 64])
  func cliques(cpus: Int) throws {
    let scenario = try Base.make(Self.twoCliques(), "4x+place=graph", cpus: cpus)
    try Base.sane(scenario)
    var homes: [[Int32: Set<Int32>]] = []
    for (process, task) in scenario.tasks.sorted(by: { $0.process < $1.process }).enumerated() {
      // Processes are numbered copy by copy, in the order of their tasks.
      if process % 8 == 0 { homes.append([:]) }
      homes[process / 8][Int32(process % 2), default: []].insert(task.oslet)
    }
    #expect(homes.count == cpus / 8)
    for copy in homes {
      #expect(copy[0]?.count == 1 && copy[1]?.count == 1)
      #expect(copy[0] != copy[1])
    }
    let load = Dictionary(grouping: scenario.tasks, by: \.oslet).mapValues(\.count)
    #expect(load.count == cpus / 4 && load.values.allSatisfy { $0 == 4 })
  }

  @Test("dealt in order, both cliques are torn")
  func spreadTears() throws {
    let scenario = try Base.make(Self.twoCliques(), "4x", cpus: 8)
    let even = Set(scenario.tasks.filter { $0.process % 2 == 0 }.map(\.oslet))
    #expect(even.count == 2)
  }

  @Test("the cut of random graphs is below that of random parts", arguments: 1...6)
  func belowRandom(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let parts = [2, 3, 8, 16, 32, 64][Int(seed) - 1]
    let count = parts * 4
    var edges: [WeightedGraph.Edge] = []
    for _ in 0..<count * 3 {
      edges.append(
        WeightedGraph.Edge(
          Int.random(in: 0..<count, using: &random), Int.random(in: 0..<count, using: &random),
          weight: Double.random(in: 1...100, using: &random)))
    }
    let graph = WeightedGraph(vertexWeights: Array(repeating: 1, count: count), edges: edges)
    let shares = Array(repeating: 1 / Double(parts), count: parts)
    let found = try graph.parts(shares: shares, seed: 1)
    #expect(try graph.parts(shares: shares, seed: 1) == found)
    var chance = Double.infinity
    for _ in 0..<20 {
      var shuffled = (0..<count).map { $0 % parts }
      shuffled.shuffle(using: &random)
      chance = min(chance, graph.cut(shuffled))
    }
    #expect(graph.cut(found) < chance)
  }

  @Test("a cut counts every edge between parts once, and edges of one pair add up")
  func cut() {
    let graph = WeightedGraph(
      vertexWeights: [1, 1, 1],
      edges: [
        WeightedGraph.Edge(0, 1, weight: 2), WeightedGraph.Edge(1, 0, weight: 3),
        WeightedGraph.Edge(1, 2, weight: 7), WeightedGraph.Edge(2, 2, weight: 100),
      ])
    #expect(graph.cut([0, 0, 0]) == 0)
    #expect(graph.cut([0, 1, 1]) == 5)
    #expect(graph.cut([0, 1, 2]) == 12)
    #expect(graph.ties(of: 1, [0, 1, 1]).map(\.part) == [0, 1])
    #expect(graph.ties(of: 1, [0, 1, 1]).map(\.weight) == [5, 7])
  }

  @Test("wake-ups in loops tie tasks: each pair of groups ends in one OSlet")
  func wakeUps() throws {
    let senders = (0..<4).map { pair in
      TaskGroup(
        name: "sender \(pair)", count: 1,
        loop: [.run(.constant(Nanoseconds(100))), .wake("receiver \(pair)")])
    }
    let receivers = (0..<4).map { pair in
      TaskGroup(
        name: "receiver \(pair)", count: 1,
        loop: [.run(.constant(Nanoseconds(50))), .sleep(.constant(Nanoseconds(50)))])
    }
    let scenario = try Base.make(
      Base.workload([], tasks: senders + receivers, recordedCPUs: 8), "2x+place=graph", cpus: 16)
    for oslet in Dictionary(grouping: scenario.tasks, by: \.oslet).values {
      #expect(oslet.count == 2)
      #expect(Set(oslet.map { $0.group % 4 }).count == 1)
    }
  }

  @Test("a process stays whole where it fits, and is split along its copy where it does not")
  func processes() throws {
    let workload = ScenarioPlacementTests.workload(
      [ScenarioPlacementTests.group("t", 8, process: "p")], recordedCPUs: 8)
    let split = try Base.make(workload, "4x+place=graph", cpus: 32)
    #expect(split.refusals.contains { $0.contains("'p'") && $0.contains("4 split") })
    for process in Dictionary(grouping: split.tasks, by: \.process).values {
      #expect(Set(process.map(\.oslet)).count == 2)
    }
    var met = workload
    met.edges = [TaskEdge(from: TaskEdge.End("t"), to: TaskEdge.End("t", task: 1), perSecond: 1)]
    met.tasks.append(ScenarioPlacementTests.group("u", 8, process: "q"))
    met.edges.append(
      TaskEdge(from: TaskEdge.End("t"), to: TaskEdge.End("u"), perSecond: 5))
    let whole = try Base.make(met, "16x+place=graph", cpus: 64)
    for oslet in Dictionary(grouping: whole.tasks, by: \.oslet).values {
      // Two copies an OSlet; process 2 c is the first of copy c, 2 c + 1 the second.
      #expect(Set(oslet.map(\.process)).count == 4)
      #expect(Set(oslet.map { $0.process / 2 }).count == 2)
    }
  }

  @Test("fewer tasks than CPUs go to no more OSlets than they need")
  func sparse() throws {
    let scenario = try Base.make(
      Self.twoCliques(), "4x+place=graph", cpus: 64, load: .fixed)
    #expect(Set(scenario.tasks.map(\.oslet)).count == 2)
  }

  @Test("alike on every run, with other threads dividing graphs meanwhile")
  func repeats() async throws {
    let first = try Base.make(Self.twoCliques(), "4x+place=graph", cpus: 256)
    try await withThrowingTaskGroup(of: [Scenario.PlacedTask].self) { group in
      for _ in 0..<4 {
        group.addTask {
          try Base.make(Self.twoCliques(), "4x+place=graph", cpus: 256).tasks
        }
      }
      for try await tasks in group { #expect(tasks == first.tasks) }
    }
  }

  @Test("edges are checked and survive the file")
  func file() throws {
    let workload = Self.twoCliques()
    #expect(try Workload(json: encodeDocument(workload)) == workload)
    for edge in [
      TaskEdge(from: TaskEdge.End("nobody"), to: TaskEdge.End("t"), perSecond: 1),
      TaskEdge(from: TaskEdge.End("t", task: 8), to: TaskEdge.End("t"), perSecond: 1),
      TaskEdge(from: TaskEdge.End("t"), to: TaskEdge.End("t"), perSecond: 0),
    ] {
      var wrong = workload
      wrong.edges = [edge]
      #expect(throws: WorkloadError.self) { try wrong.validated() }
    }
  }
}
