import GraphPartition

/// Who meets whom in a grown load, as a graph to be divided over the OSlets.
///
/// A vertex is a process that an OSlet can hold whole, or else a task of one. An edge is how often its
/// ends meet a second: what the workload's `edges` say, wake-ups in its loops, and locks and shootdowns
/// of one address space, one cgroup or one file system, for tasks in different vertices. What many
/// share is a vertex of no weight that all of them have an edge to (the star expansion of a
/// hypergraph): it is cut once for every task kept from the others. What all tasks share ties none.
struct MeetingGraph {
  private let load: GrownLoad
  private let rooms: OSletRooms
  /// The vertex of each task of each process.
  private let vertices: [[Int]]
  private let graph: WeightedGraph

  /// The graph of `load`.
  ///
  /// O(tasks x steps + edges x copies).
  ///
  /// - Throws: `WorkloadError.range` when nothing in the workload ties two of its tasks.
  init(
    _ load: GrownLoad, _ workload: Workload, _ oslets: [Scenario.OSlet]
  ) throws(WorkloadError) {
    self.load = load
    rooms = OSletRooms(oslets, tasks: load.taskCount)
    let room = rooms.capacity.max() ?? 0
    var weights: [Int] = []
    vertices = load.processes.map { process in
      let whole = process.groups.count <= room
      let first = weights.count
      weights += whole ? [process.groups.count] : Array(repeating: 1, count: process.groups.count)
      return process.groups.indices.map { whole ? first : first + $0 }
    }
    var edges = MeetingEdges(load, vertices: vertices, weights: weights)
    edges.addStated(workload)
    edges.addWakeUps(workload)
    edges.addSharing(workload)
    graph = WeightedGraph(vertexWeights: edges.weights, edges: edges.edges)
    guard !graph.isWithoutEdges else {
      throw .range(
        "placement graph: the workload does not say which tasks meet (no 'edges', no wake-ups, no "
          + "lock of a process, cgroup or file system that tasks of two processes share); use spread, "
          + "process or cpu")
    }
  }

  /// The OSlet of each process, or of each of its tasks where it is not kept whole.
  ///
  /// OSlets are filled as far as they have CPUs: with fewer tasks than CPUs, only as many OSlets as the
  /// tasks need get any.
  ///
  /// - Throws: `WorkloadError.range` when METIS is missing or fails.
  func homes() throws(WorkloadError) -> [[Int]] {
    var needed = 0
    var room = 0
    while needed < rooms.open.count, room < load.taskCount {
      room += rooms.capacity[needed]
      needed += 1
    }
    let capacity = Array(rooms.capacity.prefix(needed))
    var part: [Int]
    if graph.vertexWeights.count > needed {
      do throws(PartitionError) {
        part = try graph.parts(shares: capacity.map { Double($0) / Double(room) }, seed: 1)
      } catch {
        throw .range("placement graph: \(error.description)")
      }
    } else {
      part = Array(graph.vertexWeights.indices)
    }
    makeFit(&part, capacity)
    return vertices.map { members in
      let homes = members.map { rooms.open[part[$0]] }
      return Set(homes).count == 1 ? [homes[0]] : homes
    }
  }

  /// Moves vertices out of parts that hold more than they have room for, each time the one that is
  /// tied least to where it is, to where it is tied most among those with room.
  private func makeFit(_ part: inout [Int], _ capacity: [Int]) {
    var held = [Int](repeating: 0, count: capacity.count)
    var members: [[Int]] = Array(repeating: [], count: capacity.count)
    for (vertex, weight) in graph.vertexWeights.enumerated() where weight > 0 {
      held[part[vertex]] += weight
      members[part[vertex]].append(vertex)
    }
    for full in capacity.indices {
      while held[full] > capacity[full] {
        var best: (loss: Double, vertex: Int, to: Int)?
        for vertex in members[full] {
          let weight = graph.vertexWeights[vertex]
          let ties = Dictionary(uniqueKeysWithValues: graph.ties(of: vertex, part).map { ($0, $1) })
          for to in capacity.indices where to != full && held[to] + weight <= capacity[to] {
            let loss = ties[full, default: 0] - ties[to, default: 0]
            if loss < best?.loss ?? .infinity { best = (loss, vertex, to) }
          }
        }
        guard let best else { break }
        part[best.vertex] = best.to
        members[full].removeAll { $0 == best.vertex }
        members[best.to].append(best.vertex)
        held[full] -= graph.vertexWeights[best.vertex]
        held[best.to] += graph.vertexWeights[best.vertex]
      }
    }
  }
}
