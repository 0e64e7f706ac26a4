public import Workloads

/// This machine's constants, as measured.
public struct MeasuredMachine: Hashable, Sendable {
  /// The machine, with every constant, its spread and where it comes from.
  public var machine: Machine
  /// What blurs the numbers, one line each; empty on a quiet machine of its own.
  public var warnings: [String]
  /// CPUs that were used, by Linux number.
  public var cpus: [Int]
  /// Pairs of CPUs of which the line transfer was measured.
  public var pairs: Int
}

extension MeasuredMachine: Encodable {
  private enum Key: String, CodingKey { case warnings, cpus, pairs }

  /// Writes a machine file, with the warnings beside what `Machine` reads.
  public func encode(to encoder: any Encoder) throws {
    try machine.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(warnings, forKey: .warnings)
    try container.encode(cpus, forKey: .cpus)
    try container.encode(pairs, forKey: .pairs)
  }
}
