import CMETIS
import Synchronization

/// Why a graph was not divided.
public enum PartitionError: Error, Hashable, Sendable {
  /// The machine lacks the library.
  case missingLibrary
  /// It has one with indices of another width.
  case otherIndexWidth
  /// The library refused the graph or had no memory.
  case failed
}

extension PartitionError: CustomStringConvertible {
  /// One line for a person: what to do.
  public var description: String {
    switch self {
    case .missingLibrary:
      "METIS 5 (libmetis.so.5) is not installed; on Debian: apt install libmetis5"
    case .otherIndexWidth:
      "the METIS installed has 64-bit indices; install one with 32-bit indices, as Debian's libmetis5"
    case .failed: "METIS could not divide the graph; use another placement"
    }
  }
}

extension WeightedGraph {
  /// METIS draws from the C library's one generator.
  private static let oneAtATime = Mutex(())

  /// The part of each vertex: part p gets about `shares[p]` of the vertex weight, and the edges cut
  /// weigh little.
  ///
  /// Multilevel k-way partitioning, G. Karypis and V. Kumar, "Multilevel k-way Partitioning Scheme
  /// for Irregular Graphs", J. Parallel Distrib. Comput. 48, 1998. Shares are met to about 3 % and
  /// whole vertices, not exactly. The same graph, shares and seed give the same parts.
  ///
  /// - Precondition: shares are positive and sum to 1; there are more vertices than parts.
  /// - Throws: `PartitionError`.
  public func parts(shares: [Double], seed: Int32) throws(PartitionError) -> [Int] {
    if shares.count == 1 { return Array(repeating: 0, count: vertexWeights.count) }
    // The library adds all weights up in 32 bits.
    let total = edgeWeights.reduce(0, +)
    let weights = edgeWeights.map { Int32(max(1, ($0 / total * 1e9).rounded())) }
    let vertices = vertexWeights.map { Int32($0) }
    let floats = shares.map { Float($0) }
    var parts = [Int32](repeating: 0, count: vertices.count)
    let state = Self.oneAtATime.withLock { _ in
      // SAFETY: every array lives through the call and has the length that the graph's invariants
      // give it: one more offset than vertices, a weight a neighbour, a share a part.
      unsafe oslet_metis_partition(
        Int32(vertices.count), offsets, neighbours, vertices, weights, Int32(floats.count), floats,
        seed, &parts)
    }
    switch Int(state) {
    case Int(OSLET_METIS_OK): return parts.map { Int($0) }
    case Int(OSLET_METIS_MISSING): throw .missingLibrary
    case Int(OSLET_METIS_WIDE): throw .otherIndexWidth
    default: throw .failed
    }
  }
}
