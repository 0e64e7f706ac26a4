/// Vertices that weigh something and edges that cost something when their ends are kept apart.
public struct WeightedGraph: Sendable {
  /// The weight of each vertex, zero or more.
  public let vertexWeights: [Int]
  /// Where each vertex's neighbours begin; one more at the end.
  let offsets: [Int32]
  /// The neighbours of all vertices, those of one side by side, ascending.
  let neighbours: [Int32]
  /// The weight of the edge to each neighbour.
  let edgeWeights: [Double]

  /// An edge between two vertices.
  public struct Edge: Hashable, Sendable {
    /// One end.
    public var a: Int
    /// The other.
    public var b: Int
    /// What it costs to keep them apart.
    public var weight: Double

    /// An edge; see the properties.
    public init(_ a: Int, _ b: Int, weight: Double) {
      self.a = a
      self.b = b
      self.weight = weight
    }
  }

  /// A graph of `edges`; those between the same ends add up, those to itself or of no weight are
  /// left out.
  ///
  /// O(edges log edges).
  ///
  /// - Precondition: ends are indices into `vertexWeights`; weights are finite.
  public init(vertexWeights: [Int], edges: [Edge]) {
    self.vertexWeights = vertexWeights
    let both = edges.filter { $0.a != $0.b && $0.weight > 0 }
      .flatMap { [$0, Edge($0.b, $0.a, weight: $0.weight)] }
      .sorted { ($0.a, $0.b) < ($1.a, $1.b) }
    var offsets: [Int32] = [0]
    var neighbours: [Int32] = []
    var weights: [Double] = []
    for edge in both {
      while offsets.count <= edge.a { offsets.append(Int32(neighbours.count)) }
      if Int32(neighbours.count) > offsets[edge.a], neighbours.last == Int32(edge.b) {
        weights[weights.count - 1] += edge.weight
      } else {
        neighbours.append(Int32(edge.b))
        weights.append(edge.weight)
      }
    }
    while offsets.count <= vertexWeights.count { offsets.append(Int32(neighbours.count)) }
    (self.offsets, self.neighbours, self.edgeWeights) = (offsets, neighbours, weights)
  }

  /// Whether no two vertices have an edge.
  public var isWithoutEdges: Bool { neighbours.isEmpty }

  /// The weight of the edges between parts.
  public func cut(_ partOfVertex: [Int]) -> Double {
    var sum = 0.0
    for vertex in vertexWeights.indices {
      for place in row(of: vertex)
      where partOfVertex[Int(neighbours[place])] != partOfVertex[vertex] {
        sum += edgeWeights[place]
      }
    }
    return sum / 2
  }

  /// What ties `vertex` to each part it has a neighbour in, parts ascending.
  public func ties(of vertex: Int, _ partOfVertex: [Int]) -> [(part: Int, weight: Double)] {
    var sums: [Int: Double] = [:]
    for place in row(of: vertex) {
      sums[partOfVertex[Int(neighbours[place])], default: 0] += edgeWeights[place]
    }
    return sums.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func row(of vertex: Int) -> Range<Int> {
    Int(offsets[vertex])..<Int(offsets[vertex + 1])
  }
}
