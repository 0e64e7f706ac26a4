/// Why a workload, machine or layout from outside cannot be used: always the input's fault.
public enum WorkloadError: Error, Hashable, Sendable {
  /// The text is not the form it should be: `what` says which, `detail` where and why.
  case malformed(what: String, detail: String)
  /// The schema is one this version does not read.
  case schema(found: String, expected: String)
  /// A name that nothing defines: "step 3 of task worker acquires 'x', which is no class".
  case unknownName(String)
  /// A number out of its range.
  case range(String)
}

extension WorkloadError: CustomStringConvertible {
  /// One line for a person: what is wrong and where.
  public var description: String {
    switch self {
    case .malformed(let what, let detail): "\(what): \(detail)"
    case .schema(let found, let expected):
      "schema '\(found)' where '\(expected)' is read; convert the file or update oslet"
    case .unknownName(let detail): detail
    case .range(let detail): detail
    }
  }
}
