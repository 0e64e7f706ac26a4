/// The kernel stacks of a trace, by number.
public struct StackTable: Hashable, Sendable {
  /// In the order they were recorded; of several with one number the last counts.
  public let records: [StackRecord]
  private let places: [UInt32: Int]

  /// A table of these stacks.
  public init(_ records: [StackRecord]) {
    self.records = records
    var places: [UInt32: Int] = [:]
    for (index, record) in records.enumerated() { places[record.id.rawValue] = index }
    self.places = places
  }

  /// The return addresses of a stack, innermost first; empty for `none` and for one that is missing.
  public func frames(_ id: StackID) -> [UInt64] {
    places[id.rawValue].map { records[$0].frames } ?? []
  }
}
