import Measures

/// What moving one modified line between any two CPUs of a scenario costs, in nanoseconds, made for
/// the inner loop of an engine: no allocation, no lookup by value.
///
/// A machine with a cost per level keeps three numbers per CPU, so that 4,096 CPUs take 48 KiB and
/// not a matrix of 128 MiB; a measured matrix is kept for the CPUs in use.
public struct HopCosts: Sendable {
  @usableFromInline let count: Int
  @usableFromInline let socket: [Int32]
  @usableFromInline let island: [Int32]
  @usableFromInline let core: [Int32]
  @usableFromInline let levels: [Double]
  @usableFromInline let matrix: [Double]

  /// The costs between `cpus` on `machine`; indices below are those of `cpus`.
  ///
  /// O(CPUs) for levels, O(CPUs^2) for a matrix.
  public init(_ machine: Machine, cpus: [CPUPlace]) {
    count = cpus.count
    socket = cpus.map { Int32($0.socket) }
    island = cpus.map { Int32($0.island) }
    core = cpus.map { Int32($0.core) }
    levels = Distance.allCases.map {
      machine.lineTransfer.cost(at: $0, in: machine.topology).value
    }
    if case .matrix(let rows) = machine.lineTransfer {
      let numbers = cpus.map { machine.topology.number(of: $0) }
      matrix = numbers.flatMap { from in numbers.map { rows[from][$0] } }
    } else {
      matrix = []
    }
  }

  /// Nanoseconds to move a line from one CPU to another; zero for the same CPU.
  ///
  /// O(1).
  @inlinable
  public func cost(from: Int, to: Int) -> Double {
    if from == to { return 0 }
    if !matrix.isEmpty { return matrix[from * count + to] }
    return levels[distance(from: from, to: to).rawValue]
  }

  /// How far apart two CPUs are.
  ///
  /// O(1).
  @inlinable
  public func distance(from: Int, to: Int) -> Distance {
    if from == to { return .same }
    if core[from] == core[to] { return .smt }
    if island[from] == island[to] { return .island }
    return socket[from] == socket[to] ? .socket : .cross
  }
}

extension Scenario {
  /// The line-transfer costs between its CPUs.
  public var hopCosts: HopCosts { HopCosts(machine, cpus: cpus) }
}

extension Topology {
  /// The number of the CPU at a place: the inverse of `place(ofCPU:)`.
  public func number(of place: CPUPlace) -> Int { place.thread * coreCount + place.core }
}
